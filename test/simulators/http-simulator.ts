// What the simulators of other systems share: a real HTTP server on loopback, a clock that only moves when told, a record of
// every request, and faults by rule. A simulator adds the system's state and its routes.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface SimulatedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface SimulatedAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | Iterable<string>
}

/** What happens to requests that fit, instead of the right answer (or, with `afterwards`, in place of an answer that was given effect). */
export interface Fault {
  /** `GET /query`: method and a part of the path. */
  readonly on: string
  readonly and?: (request: SimulatedRequest) => boolean
  /** Lets this many fitting requests through first. */
  readonly after?: number
  /** 1 unless told; `always` never ends. */
  readonly times?: number | 'always'
  /** `close`: the connection breaks. `half`: the right answer breaks off in its middle. A function gives an answer, or only does something. */
  readonly do: SimulatedAnswer | 'close' | 'half' | ((request: SimulatedRequest) => SimulatedAnswer | undefined) | { readonly change: (right: SimulatedAnswer) => SimulatedAnswer }
  /** The request takes effect all the same. */
  readonly afterwards?: boolean
}

export type Handler = (request: SimulatedRequest) => SimulatedAnswer | Promise<SimulatedAnswer>

interface PendingFault extends Fault {
  skip: number
  left: number
}

export class HttpSimulator {
  readonly requests: SimulatedRequest[] = []
  readonly #faults: PendingFault[] = []
  readonly #server: Server
  #url = ''
  #nowMs: number

  constructor(now: string, private readonly handle: Handler) {
    this.#nowMs = Date.parse(now)
    this.#server = createServer((request, response) => { void this.#serve(request, response) })
  }

  get url(): string {
    return this.#url
  }

  get nowMs(): number {
    return this.#nowMs
  }

  advance(ms: number): void {
    this.#nowMs += ms
  }

  fail(fault: Fault): void {
    this.#faults.push({ ...fault, skip: fault.after ?? 0, left: fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1) })
  }

  /** Requests that fit, as `GET /path?query`. */
  seen(on: string): readonly SimulatedRequest[] {
    return this.requests.filter((each) => fits(each, on))
  }

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve))
    this.#url = `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(incoming)
      this.requests.push(request)
      const fault = this.#findFault(request)
      const changes = typeof fault?.do === 'object' && 'change' in fault.do ? fault.do.change : undefined
      const right = fault === undefined || fault.afterwards === true || fault.do === 'half' || changes ? await this.handle(request) : undefined
      const told = typeof fault?.do === 'function' ? fault.do(request) : typeof fault?.do === 'object' && 'change' in fault.do ? undefined : fault?.do
      if (told === 'close') { incoming.socket.destroy(); return }
      const answer = (told === 'half' ? right : told) ?? right ?? (await this.handle(request))
      await send(response, changes ? changes(answer) : answer, { date: new Date(this.#nowMs).toUTCString(), half: told === 'half' })
    } catch (error) {
      response.writeHead(500).end(`the simulator failed: ${String(error)}`)
    }
  }

  #findFault(request: SimulatedRequest): PendingFault | undefined {
    const fault = this.#faults.find((each) => each.left > 0 && fits(request, each.on) && (each.and?.(request) ?? true) && (each.skip === 0 || each.skip-- === 0))
    if (fault) fault.left--
    return fault
  }
}

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): SimulatedAnswer {
  return { status, headers: { 'content-type': 'application/json;charset=UTF-8', ...headers }, body: JSON.stringify(body) }
}

function fits({ method, path }: SimulatedRequest, on: string): boolean {
  const [wanted = '', part = ''] = on.split(' ', 2)
  return (wanted === '*' || method === wanted) && path.includes(part)
}

async function readRequest(incoming: IncomingMessage): Promise<SimulatedRequest> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://simulator')
  return { method: incoming.method ?? 'GET', path: pathname, query: searchParams, headers: incoming.headers, body: Buffer.concat(parts).toString('utf8') }
}

async function send(response: ServerResponse, { status, headers, body = '' }: SimulatedAnswer, { date, half }: { readonly date: string; readonly half: boolean }): Promise<void> {
  response.writeHead(status, { date, ...headers })
  // A streamed answer breaks off after its first part.
  const parts: Iterable<string | Buffer> = typeof body === 'string' || Buffer.isBuffer(body) ? [half ? body.slice(0, Math.floor(body.length / 2)) : body] : half ? firstOf(body) : body
  await pipeline(Readable.from(parts), response, { end: !half }).catch(() => undefined)
  if (half) response.socket?.destroy()
}

function* firstOf<T>(parts: Iterable<T>): Iterable<T> {
  for (const part of parts) {
    yield part
    return
  }
}
