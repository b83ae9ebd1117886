// Everything that a connector says, before the host takes the secrets out of it: log lines, errors, answers to checks and deliveries.
import { isCdpError } from '../../kernel/error.js'
import { toText } from '../../kernel/json.js'
import type { Log } from '../../kernel/log.js'
import { credentialOf } from '../../plugins/redact.js'
import type { ConnectorContext, Http, HttpRequest } from '../../plugins/sdk.js'

export interface Overheard {
  /** Where it was said, and the text: `a log line`, `an error`, `an answer`. */
  readonly said: readonly (readonly [where: string, text: string])[]
  /** Secrets that it fetched: those that it hides, and what its requests authenticate with. */
  readonly fetched: ReadonlySet<string>
}

export class Ear implements Overheard {
  readonly said: (readonly [string, string])[] = []
  readonly fetched = new Set<string>()

  /** The context, listened to. */
  context(context: ConnectorContext): ConnectorContext {
    const log: Log = {
      write: (level, message, fields = {}) => {
        this.said.push(['a log line', `${message} ${JSON.stringify(fields)}`])
        context.log.write(level, message, fields)
      },
    }
    return { ...context, log, http: this.#http(context.http), hide: (secret) => { this.fetched.add(secret); context.hide(secret) } }
  }

  /** The opened connector, listened to. */
  opened<T extends object>(open: T): T {
    return new Proxy(open, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        return typeof member === 'function' ? (...parameters: readonly unknown[]) => this.#result(() => Reflect.apply(member, target, parameters)) : member
      },
    })
  }

  #http(http: Http): Http {
    const noted = (request: HttpRequest): HttpRequest => {
      const credential = credentialOf(request)
      if (credential !== undefined) this.fetched.add(credential)
      return request
    }
    return { request: (request) => http.request(noted(request)), stream: (request) => http.stream(noted(request)) }
  }

  #result(ask: () => unknown): unknown {
    try {
      const result = ask()
      if (result instanceof Promise) return result.then((value: unknown) => { this.said.push(['an answer', toText(value)]); return value }, (error: unknown) => { this.#error(error); throw error })
      return isParts(result) ? this.#parts(result) : result
    } catch (error) {
      this.#error(error)
      throw error
    }
  }

  async *#parts(parts: AsyncIterable<unknown>): AsyncIterable<unknown> {
    try {
      yield* parts
    } catch (error) {
      this.#error(error)
      throw error
    }
  }

  #error(error: unknown): void {
    this.said.push(['an error', textsOf(error).join(' ')])
  }
}

function textsOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)]
  return [error.message, ...(isCdpError(error) ? [JSON.stringify(error.params), error.help] : []), ...(error.cause === undefined ? [] : textsOf(error.cause))]
}

function isParts(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
