// What goes over the wire in a check: every request with its time, and troubles in place of answers. It lies below the limits
// and the patience of the host, where the network would be.
import { fail } from '../../kernel/error.js'
import type { Http, HttpRequest, HttpResponse, HttpStream } from '../../plugins/sdk.js'
import type { MovingClock } from './setup.js'

/** In place of the system's. */
export interface TestAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly text: string
}

/** `no-answer`: the connection breaks. `silence`: nothing comes until the work is aborted. */
export type Trouble = TestAnswer | 'no-answer' | 'silence'

export interface SentRequest {
  readonly atMs: number
  readonly request: HttpRequest
}

export class Wire {
  readonly sent: SentRequest[] = []
  /** The most that were on their way at once. */
  atOnce = 0
  #onTheirWay = 0
  readonly #silent: (() => void)[] = []
  #trouble: { readonly what: Trouble; readonly from: number; left: number } | undefined

  constructor(private readonly clock: MovingClock, private readonly signal: AbortSignal) {}

  /** From the request with that number on (0 is the next one), so many times. */
  spoil(what: Trouble, { from = 0, times = Number.POSITIVE_INFINITY } = {}): void {
    this.#trouble = { what, from: this.sent.length + from, left: times }
  }

  mend(): void {
    this.#trouble = undefined
  }

  /** When the next request is met with silence. */
  whenSilent(): Promise<'silent'> {
    return new Promise((resolve) => this.#silent.push(() => { resolve('silent') }))
  }

  over(network: Http): Http {
    return {
      request: (request) => this.#send(request, () => network.request(request), toResponse),
      stream: (request) => this.#send(request, () => network.stream(request), toStream),
    }
  }

  async #send<T>(request: HttpRequest, send: () => Promise<T>, toAnswer: (answer: TestAnswer) => T): Promise<T> {
    const number = this.sent.length
    this.sent.push({ atMs: this.clock.ticksMs(), request })
    this.atOnce = Math.max(this.atOnce, ++this.#onTheirWay)
    try {
      const trouble = this.#trouble
      if (!trouble || number < trouble.from || trouble.left <= 0) return await send()
      trouble.left--
      if (trouble.what === 'no-answer') throw fail('http/no-answer', { url: new URL(request.url).origin, reason: 'the connection was closed before the answer was complete' })
      if (trouble.what === 'silence') {
        for (const tell of this.#silent.splice(0)) tell()
        return await untilAborted(this.signal)
      }
      return toAnswer(trouble.what)
    } finally {
      this.#onTheirWay--
    }
  }
}

function toResponse({ status, headers = {}, text }: TestAnswer): HttpResponse {
  return { status, headers, text }
}

function toStream({ status, headers = {}, text }: TestAnswer): HttpStream {
  return { status, headers, body: piecesOf(text) }
}

// eslint-disable-next-line @typescript-eslint/require-await -- a body is an asynchronous iterable, of whatever
async function* piecesOf(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => { reject(fail('http/no-answer', { url: 'the address', reason: 'the request was aborted' })) }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
