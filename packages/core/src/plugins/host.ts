// What a connector is handed to talk to the world: the only importer of undici. Limits that the connector declared are
// enforced here, time-outs always hold, redirects are not followed, secrets never reach a message.
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request as send } from 'undici'
import type { Clock } from '../kernel/clock.js'
import { fail, isCdpError } from '../kernel/error.js'
import type { Log } from '../kernel/log.js'
import { RateGate, type Sleep } from './rate-gate.js'
import { toRetryAfterMs } from './retry-after.js'
import type { Http, HttpRequest, HttpResponse, Limit } from './sdk.js'

export interface HostOptions {
  readonly clock: Clock
  readonly log: Log
  /** Between 0 and 1, for jitter. */
  readonly random: () => number
  readonly signal: AbortSignal
  readonly version: string
  readonly sleep?: Sleep
}

export interface Host {
  /** An HTTP client under the limits of one connector. */
  http(limits: readonly Limit[]): Http
  close(): Promise<void>
}

const defaultTimeoutMs = 30_000
const maxAnswerBytes = 50_000_000
const maxTries = 4
const firstBackoffMs = 500
const maxRetryAfterMs = 60_000

export function openHost(options: HostOptions): Host {
  const agent = new Agent({ keepAliveTimeout: 5000, connect: { timeout: 10_000 } })
  const pause: Sleep = options.sleep ?? (async (ms) => { await sleep(ms, undefined, { signal: options.signal }) })
  return {
    http: (limits) => {
      const gate = new RateGate(limits, options.clock, pause)
      return { request: (request) => withRetries(request, () => gate.through(() => once(request, agent, options)), { pause, random: options.random, clock: options.clock }) }
    },
    close: () => agent.close(),
  }
}

interface RetryTools {
  readonly pause: Sleep
  readonly random: () => number
  readonly clock: Clock
}

async function withRetries(request: HttpRequest, attempt: () => Promise<HttpResponse>, { pause, random, clock }: RetryTools): Promise<HttpResponse> {
  for (let tries = 1; ; tries++) {
    const response = await attempt()
    if (tries >= maxTries || request.retryOn?.includes(response.status) !== true) return response
    const asked = toRetryAfterMs(response.headers['retry-after'], clock.nowMs())
    // Half fixed, half by chance, so that many clients do not come back together.
    const backoffMs = firstBackoffMs * 2 ** (tries - 1) * (0.5 + random() / 2)
    await pause(Math.min(asked ?? backoffMs, maxRetryAfterMs))
  }
}

async function once(request: HttpRequest, agent: Agent, { signal, version }: HostOptions): Promise<HttpResponse> {
  const timeoutMs = request.timeoutMs ?? defaultTimeoutMs
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const { statusCode, headers, body } = await send(request.url, {
      method: request.method,
      headers: { 'user-agent': `cdpkit/${version}`, ...request.headers },
      body: request.body ?? null,
      signal: AbortSignal.any([signal, timeout]),
      dispatcher: agent,
    })
    return { status: statusCode, headers: toHeaders(headers), text: await readText(body, request.url) }
  } catch (cause) {
    if (isCdpError(cause)) throw cause
    if (timeout.aborted) throw fail('http/timeout', { url: withoutSecrets(request.url), timeoutMs }, { cause })
    throw fail('http/no-answer', { url: withoutSecrets(request.url), reason: reasonOf(cause) }, { cause })
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
