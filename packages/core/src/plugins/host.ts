// What a connector is handed to talk to the world: the only importer of undici. Limits that the connector declared are
// enforced here, time-outs always hold, redirects are not followed, secrets never reach a message.
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { setTimeout as sleep } from 'node:timers/promises'
import type * as Undici from 'undici'
import type { Agent, buildConnector } from 'undici'
import type { Clock } from '../kernel/clock.js'
import { fail, isCdpError } from '../kernel/error.js'
import type { Log } from '../kernel/log.js'
import { type QuotaLedger, memoryLedger } from './quota-ledger.js'
import { Counters, RateGate, type Sleep } from './rate-gate.js'
import { type Reach, findForbidden } from './reach.js'
import { toRetryAfterMs } from './retry-after.js'
import type { Http, HttpRequest, HttpResponse, HttpStream, Limit } from './sdk.js'

export interface HostOptions {
  readonly clock: Clock
  readonly log: Log
  /** Between 0 and 1, for jitter. */
  readonly random: () => number
  readonly signal: AbortSignal
  readonly version: string
  readonly sleep?: Sleep
  /** Where days' quotas are counted; in memory unless told. */
  readonly ledger?: QuotaLedger
  /** Addresses of this machine that may be talked to; none unless told. */
  readonly allow?: readonly Reach[]
  /** Stands between the limits and the network: for tests that see, or spoil, what is sent. */
  readonly wire?: (network: Http) => Http
}

export interface Host {
  /** An HTTP client under the limits of one connector. Those who name the same account share its counters. */
  http(limits: readonly Limit[], account?: string): Http
  pause(ms: number): Promise<void>
  close(): Promise<void>
}

const defaultTimeoutMs = 30_000
const maxAnswerBytes = 50_000_000
const maxTries = 4
const firstBackoffMs = 500
const maxRetryAfterMs = 60_000

export function openHost(options: HostOptions): Host {
  let opened: Promise<Client> | undefined
  const client = (): Promise<Client> => (opened ??= openClient(options.allow ?? []))
  const pause: Sleep = options.sleep ?? (async (ms) => { await sleep(ms, undefined, { signal: options.signal }) })
  const ledger = options.ledger ?? memoryLedger()
  const accounts = new Map<string, Counters>()
  const network: Http = { request: (request) => once(request, client, options), stream: (request) => open(request, client, options) }
  const wire = options.wire?.(network) ?? network
  return {
    http: (limits, account) => {
      const connection = new Counters(account ?? 'this connection')
      const shared = account === undefined ? connection : (accounts.get(account) ?? new Counters(account))
      if (account !== undefined) accounts.set(account, shared)
      const gate = new RateGate(limits, { clock: options.clock, sleep: pause, account: shared, connection, ledger })
      const tools = { pause, random: options.random, clock: options.clock }
      const through = <T extends Answer>(request: HttpRequest, attempt: () => Promise<T>): Promise<T> => withRetries(request, () => gate.through(attempt, { uncounted: request.uncounted === true }), tools)
      return { request: (request) => through(request, () => wire.request(request)), stream: (request) => through(request, () => wire.stream(request)) }
    },
    pause,
    close: async () => {
      await ledger.close()
      await (await opened)?.agent.close()
    },
  }
}

interface Client {
  readonly undici: typeof Undici
  readonly agent: Agent
}

/** Loaded with the first request: commands that send none need not wait for its code. */
async function openClient(allow: readonly Reach[]): Promise<Client> {
  const undici = await import('undici')
  return { undici, agent: new undici.Agent({ keepAliveTimeout: 5000, connect: guardedConnector(allow, undici) }) }
}

type Connector = ReturnType<typeof buildConnector>
type Looked = (error: Error | null, address: string | readonly LookupAddress[], family?: number) => void

/** Looks at the address of every connection as it is made, so that no name can be pointed elsewhere between a check and its use. */
function guardedConnector(allow: readonly Reach[], undici: typeof Undici): Connector {
  const lookUp = (name: string, options: LookupOptions, done: Looked): void => {
    lookup(name, { ...options, all: true }, (error, found: readonly LookupAddress[] | undefined) => {
      const addresses = error ? [] : (found ?? [])
      const refused = error ?? addresses.map((each) => refusalOf(name, each.address, allow)).find((each) => each !== undefined)
      const [first] = addresses
      if (refused || !first) done(refused ?? new Error('no address'), '')
      else if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
  // undici hands it on to net.connect, which its types do not tell.
  const connect = undici.buildConnector({ timeout: 10_000, lookup: lookUp } as buildConnector.BuildOptions)
  return (target, done) => {
    // An address that is written as one is not looked up.
    const refused = refusalOf(target.hostname, target.hostname, allow)
    if (refused) done(refused, null)
    else connect(target, done)
  }
}

function refusalOf(host: string, address: string, allow: readonly Reach[]): Error | undefined {
  const reach = findForbidden(address, allow)
  return reach && fail('http/address-not-allowed', { host, reach })
}

interface RetryTools {
  readonly pause: Sleep
  readonly random: () => number
  readonly clock: Clock
}

type Answer = HttpResponse | HttpStream

async function withRetries<T extends Answer>(request: HttpRequest, attempt: () => Promise<T>, { pause, random, clock }: RetryTools): Promise<T> {
  for (let tries = 1; ; tries++) {
    const answer = await answerOf(attempt)
    const wanted = request.retryOn?.includes('failure' in answer ? 'no-answer' : answer.response.status) === true
    const asked = 'failure' in answer ? undefined : toRetryAfterMs(answer.response.headers['retry-after'], clock.nowMs())
    // Whoever asks for more patience than a request has must be asked later.
    if (tries >= maxTries || !wanted || (asked ?? 0) > maxRetryAfterMs) {
      if ('failure' in answer) throw answer.failure
      return answer.response
    }
    if ('response' in answer) await discard(answer.response)
    // Half fixed, half by chance, so that many clients do not come back together.
    await pause(asked ?? firstBackoffMs * 2 ** (tries - 1) * (0.5 + random() / 2))
  }
}

async function answerOf<T extends Answer>(attempt: () => Promise<T>): Promise<{ readonly response: T } | { readonly failure: unknown }> {
  try {
    return { response: await attempt() }
  } catch (failure) {
    if (isCdpError(failure, 'http/no-answer') || isCdpError(failure, 'http/timeout')) return { failure }
    throw failure
  }
}

// An answer that nobody reads holds its connection.
async function discard(answer: Answer): Promise<void> {
  if ('body' in answer) await answer.body[Symbol.asyncIterator]().return?.()
}

async function once(request: HttpRequest, client: () => Promise<Client>, options: HostOptions): Promise<HttpResponse> {
  const timeout = AbortSignal.timeout(timeoutOf(request))
  return told(request, timeout, async () => {
    const { undici, agent } = await client()
    const { statusCode, headers, body } = await undici.request(request.url, { ...toSend(request, agent, options), signal: AbortSignal.any([options.signal, timeout]) })
    return { status: statusCode, headers: toHeaders(headers), text: await readText(body, request.url) }
  })
}

/** A large answer may take long, but neither its head nor any piece of it longer than the time-out. */
async function open(request: HttpRequest, client: () => Promise<Client>, options: HostOptions): Promise<HttpStream> {
  const timeoutMs = timeoutOf(request)
  const { undici, agent } = await client()
  const { statusCode, headers, body } = await told(request, undefined, () => undici.request(request.url, { ...toSend(request, agent, options), signal: options.signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }))
  return { status: statusCode, headers: toHeaders(headers), body: piecesOf(request, body) }
}

async function* piecesOf(request: HttpRequest, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]()
  try {
    for (let piece = await told(request, undefined, () => pieces.next()); piece.done !== true; piece = await told(request, undefined, () => pieces.next())) yield piece.value
  } finally {
    await pieces.return?.()
  }
}

function timeoutOf({ timeoutMs }: HttpRequest): number {
  return timeoutMs ?? defaultTimeoutMs
}

function toSend({ method, headers, body }: HttpRequest, dispatcher: Agent, { version }: HostOptions): { readonly method: HttpRequest['method']; readonly headers: Record<string, string>; readonly body: string | null; readonly dispatcher: Agent } {
  return { method, headers: { 'user-agent': `cdpkit/${version}`, ...headers }, body: body ?? null, dispatcher }
}

const timeouts: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/** What goes wrong on the way, in our words. */
async function told<T>(request: HttpRequest, timeout: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (isCdpError(cause)) throw cause
    const url = withoutSecrets(request.url)
    const tooLate = timeout?.aborted === true || timeouts.has((cause as { readonly code?: string }).code ?? '')
    throw tooLate ? fail('http/timeout', { url, timeoutMs: timeoutOf(request) }, { cause }) : fail('http/no-answer', { url, reason: reasonOf(cause) }, { cause })
  }
}

async function readText(body: AsyncIterable<Buffer>, url: string): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of body) {
    bytes += part.length
    if (bytes > maxAnswerBytes) throw fail('http/too-large', { url: withoutSecrets(url), limit: maxAnswerBytes })
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function toHeaders(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : (value ?? []).join(', ')]))
}

/** Queries and user parts of addresses often hold tokens; neither belongs in a message. */
function withoutSecrets(url: string): string {
  try {
    const { origin, pathname } = new URL(url)
    return `${origin}${pathname}`
  } catch {
    return 'the address'
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there (connection refused)',
  ENOTFOUND: 'the host name is unknown',
  ECONNRESET: 'the connection was closed before the answer was complete',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message?: string }
  return reasons[code ?? ''] ?? code ?? message?.split('\n', 1)[0] ?? 'unknown reason'
}
