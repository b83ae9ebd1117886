// Calls between two processes over a port that keeps their order: answers, streams that are pulled piece by piece, and errors that
// keep their codes. Both sides are made of the same thing.
import { errorCodes } from '../../kernel/codes/index.js'
import { CdpError, isCdpError } from '../../kernel/error.js'

export interface Port {
  send(message: unknown): void
  onMessage(take: (message: unknown) => void): void
}

/** What the other side may call. What gives pieces one by one is pulled by the other side; nothing runs ahead of it. */
export type Handlers = Readonly<Record<string, (...args: never[]) => unknown>>

type Message =
  | { readonly is: 'call'; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly is: 'next' | 'return'; readonly id: number; readonly pieces: number }
  | { readonly is: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly is: 'failure'; readonly id: number; readonly error: Failure }

interface Failure {
  readonly code?: string
  readonly params?: CdpError['params']
  readonly message: string
  readonly cause?: string
}

/** Stands for pieces that are at the other side. */
interface Pieces {
  readonly pieces: number
}

interface Waiting {
  readonly done: (value: unknown) => void
  readonly failed: (error: unknown) => void
}

export class Channel {
  readonly #waiting = new Map<number, Waiting>()
  readonly #pieces = new Map<number, AsyncIterator<unknown>>()
  #last = 0
  /** Calls of the other side that are not answered yet. */
  #answering = 0
  #ended: Error | undefined

  constructor(private readonly port: Port, private readonly handlers: Handlers) {
    port.onMessage((message) => { this.take(message as Message) })
  }

  /** Whether it is the other side's turn: this one waits for an answer, and the other one for none. */
  get waits(): boolean {
    return this.#waiting.size > 0 && this.#answering === 0
  }

  call<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    return this.ask<T>((id) => ({ is: 'call', id, name, args }))
  }

  async *pull<T>(name: string, ...args: readonly unknown[]): AsyncIterable<T> {
    yield* this.piecesOf<T>(await this.call<Pieces>(name, ...args))
  }

  /** The pieces of something that the other side has told of. */
  async *piecesOf<T>({ pieces }: Pieces): AsyncIterable<T> {
    let isOver = false
    try {
      for (;;) {
        const next = await this.ask<IteratorResult<T>>((id) => ({ is: 'next', id, pieces }))
        isOver = next.done === true
        if (next.done === true) return
        yield next.value
      }
    } catch (error) {
      isOver = true
      throw error
    } finally {
      if (!isOver) await this.ask((id) => ({ is: 'return', id, pieces })).catch(() => undefined)
    }
  }

  /** Keeps something here that the other side pulls; give it what this gives. */
  keep(iterable: AsyncIterable<unknown>): Pieces {
    const pieces = ++this.#last
    this.#pieces.set(pieces, iterable[Symbol.asyncIterator]())
    return { pieces }
  }

  /** The other side is gone: whatever waits ends with this error, and so does every later call. */
  end(error: Error): void {
    this.#ended = error
    for (const { failed } of this.#waiting.values()) failed(error)
    this.#waiting.clear()
    for (const each of this.#pieces.values()) void each.return?.()
    this.#pieces.clear()
  }

  private ask<T>(toMessage: (id: number) => Message): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended)
    const id = ++this.#last
    return new Promise<T>((done, failed) => {
      this.#waiting.set(id, { done: done as (value: unknown) => void, failed })
      this.port.send(toMessage(id))
    })
  }

  private take(message: Message): void {
    switch (message.is) {
      case 'answer':
        this.settle(message.id)?.done(message.value)
        return
      case 'failure':
        this.settle(message.id)?.failed(toError(message.error))
        return
      case 'call':
        void this.answer(message.id, () => this.handle(message.name, message.args))
        return
      case 'next':
      case 'return':
        void this.answer(message.id, () => this.step(message))
    }
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  private handle(name: string, args: readonly unknown[]): unknown {
    const handler = this.handlers[name] as ((...args: readonly unknown[]) => unknown) | undefined
    if (!handler) throw new Error(`nothing here is called ${name}`)
    const value = handler(...args)
    return isIterable(value) ? this.keep(value) : value
  }

  private async step({ is, pieces }: { readonly is: 'next' | 'return'; readonly pieces: number }): Promise<unknown> {
    const iterator = this.#pieces.get(pieces)
    if (is === 'return') {
      this.#pieces.delete(pieces)
      await iterator?.return?.()
      return undefined
    }
    const next = (await iterator?.next()) ?? { done: true, value: undefined }
    if (next.done === true) this.#pieces.delete(pieces)
    return next
  }

  private async answer(id: number, work: () => unknown): Promise<void> {
    try {
      const value = await this.counted(work)
      this.port.send({ is: 'answer', id, value } satisfies Message)
    } catch (error) {
      this.port.send({ is: 'failure', id, error: toFailure(error) } satisfies Message)
    }
  }

  private async counted(work: () => unknown): Promise<unknown> {
    this.#answering++
    try {
      return await work()
    } finally {
      this.#answering--
    }
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function toFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  const cause = error instanceof Error && error.cause instanceof Error ? { cause: error.cause.message } : {}
  return isCdpError(error) ? { code: error.code, params: error.params, message, ...cause } : { message, ...cause }
}

function toError({ code, params = {}, message, cause }: Failure): Error {
  const because = cause === undefined ? undefined : new Error(cause)
  const known = (Object.keys(errorCodes) as (keyof typeof errorCodes)[]).find((each) => each === code)
  return known === undefined ? new Error(message, because && { cause: because }) : new CdpError(known, params, because)
}
