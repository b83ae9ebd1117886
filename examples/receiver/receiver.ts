// A small real HTTP receiver for the examples and the tests: checks signatures, takes each delivery once, keeps the audiences,
// and can be told to have a bad day. Run it by itself: npx tsx examples/receiver/receiver.ts 8080
import { createHmac, timingSafeEqual } from 'node:crypto'
import { writeFileSync, readFileSync, existsSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedRecord {
  readonly key: string
  readonly record: Readonly<Record<string, unknown>>
}

export interface ReceivedDelivery {
  readonly id: string
  readonly list: string
  readonly operation: 'upsert' | 'remove'
  readonly records: readonly ReceivedRecord[]
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** What to do with the next request; `take` when nothing is queued. */
export type Behaviour =
  | { readonly do: 'take' }
  | { readonly do: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string; readonly takeFirst?: boolean }
  | { readonly do: 'hang'; readonly tell?: () => void }
  | { readonly do: 'close'; readonly takeFirst?: boolean }

export interface ReceiverOptions {
  readonly port?: number
  /** Refuses requests that are not signed with it. */
  readonly signingSecret?: string
  readonly bearer?: string
  /** Keeps the state over restarts. */
  readonly stateFile?: string
}

export interface Receiver {
  readonly url: string
  /** list → identity (e-mail or account name) → record */
  readonly audiences: ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, unknown>>>>
  readonly deliveries: readonly ReceivedDelivery[]
  /** Deliveries that came more than once. */
  readonly repeats: number
  queue(...behaviours: readonly Behaviour[]): void
  close(): Promise<void>
}

export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const audiences = new Map<string, Map<string, Readonly<Record<string, unknown>>>>()
  const deliveries: ReceivedDelivery[] = []
  const seen = new Set<string>()
  const behaviours: Behaviour[] = []
  let repeats = 0
  load()

  const server = createServer((request, response) => {
    void readBody(request).then((body) => { serve(request, response, body) }).catch(() => { response.destroy() })
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  function serve(request: IncomingMessage, response: ServerResponse, body: string): void {
    if (request.method === 'GET') { answer(response, 200, { audiences: Object.fromEntries([...audiences].map(([list, members]) => [list, members.size])) }); return; }
    const refusal = findRefusal(request, body, options)
    if (refusal !== undefined) { answer(response, 401, { error: refusal }); return; }
    const behaviour = behaviours.shift() ?? { do: 'take' }
    switch (behaviour.do) {
      case 'take':
        take(request, body)
        { answer(response, 200, { ok: true }); return; }
      case 'answer':
        if (behaviour.takeFirst === true) take(request, body)
        response.writeHead(behaviour.status, behaviour.headers)
        response.end(behaviour.body ?? '')
        return
      case 'hang':
        behaviour.tell?.()
        return
      case 'close':
        if (behaviour.takeFirst === true) take(request, body)
        request.socket.destroy()
    }
  }

  function take(request: IncomingMessage, body: string): void {
    const sent = JSON.parse(body) as { readonly delivery: string; readonly list: string; readonly operation: 'upsert' | 'remove'; readonly items: readonly ReceivedRecord[] }
    if (seen.has(sent.delivery)) {
      repeats++
      return
    }
    seen.add(sent.delivery)
    deliveries.push({ id: sent.delivery, list: sent.list, operation: sent.operation, records: sent.items, headers: request.headers })
    const members = audiences.get(sent.list) ?? new Map<string, Readonly<Record<string, unknown>>>()
    for (const { record, key } of sent.items) {
      const who = (record['email'] ?? record['account'] ?? record['key'] ?? key) as string
      if (sent.operation === 'upsert') members.set(who, record)
      else members.delete(who)
    }
    audiences.set(sent.list, members)
    save()
  }

  function save(): void {
    if (options.stateFile === undefined) return
    writeFileSync(options.stateFile, JSON.stringify({ seen: [...seen], audiences: [...audiences].map(([list, members]) => [list, [...members]]) }))
  }

  function load(): void {
    if (options.stateFile === undefined || !existsSync(options.stateFile)) return
    const state = JSON.parse(readFileSync(options.stateFile, 'utf8')) as { seen: string[]; audiences: [string, [string, Record<string, unknown>][]][] }
    for (const id of state.seen) seen.add(id)
    for (const [list, members] of state.audiences) audiences.set(list, new Map(members))
  }

  return {
    url: `http://127.0.0.1:${String(port)}/audiences`,
    audiences,
    deliveries,
    get repeats() { return repeats },
    queue: (...more) => { behaviours.push(...more) },
    close: () => new Promise((resolve) => { server.close(() => { resolve() }); server.closeAllConnections() }),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function findRefusal(request: IncomingMessage, body: string, { bearer, signingSecret }: ReceiverOptions): string | undefined {
  if (bearer !== undefined && request.headers.authorization !== `Bearer ${bearer}`) return 'wrong token'
  if (signingSecret === undefined) return undefined
  const id = String(request.headers['webhook-id'])
  const timestamp = String(request.headers['webhook-timestamp'])
  const expected = createHmac('sha256', Buffer.from(signingSecret.replace(/^whsec_/, ''), 'base64')).update(`${id}.${timestamp}.${body}`).digest()
  const given = Buffer.from(String(request.headers['webhook-signature']).replace(/^v1,/, ''), 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : 'wrong signature'
}

if (process.argv[1] !== undefined && import.meta.url.endsWith(process.argv[1].split('/').slice(-1)[0] ?? '-') && process.argv[2] !== undefined) {
  const receiver = await startReceiver({ port: Number(process.argv[2]) })
  process.stdout.write(`Receiving at ${receiver.url}\n`)
}
