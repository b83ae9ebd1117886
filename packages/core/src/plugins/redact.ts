// Secrets never reach a log, an error, a receipt or a check's answer, whatever a connector or a server makes of them.
import { CdpError, isCdpError } from '../kernel/error.js'
import type { Log } from '../kernel/log.js'
import type { BatchResult, CheckResult, Http, HttpRequest, OpenDestination, OpenSource } from './sdk.js'

/** Shorter secrets would tear holes into every text. */
const shortest = 4
const shortestTail = 6
const stand = '[secret]'

/** Answers are cut somewhere before they are shown: the beginning of a secret at the end goes, too. */
function withoutTail(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= shortestTail; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + stand
  }
  return text
}

/** As which texts a secret may appear; none for one that is too short. */
export function formsOf(secret: string): readonly string[] {
  return secret.length < shortest ? [] : [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]
}

/** What the `authorization` of a request says after its scheme. */
export function credentialOf({ headers = {} }: HttpRequest): string | undefined {
  const authorization = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  return authorization?.slice(authorization.indexOf(' ') + 1)
}

export class Redactor {
  readonly #secrets = new Set<string>()

  constructor(secrets: readonly string[]) {
    for (const each of secrets) this.hide(each)
  }

  hide(secret: string): void {
    for (const form of formsOf(secret)) this.#secrets.add(form)
  }

  text(text: string): string {
    let clean = text
    for (const secret of this.#secrets) clean = withoutTail(clean.replaceAll(secret, stand), secret)
    return clean
  }

  /** What an `authorization` says is a secret, too: made of others (user and password), or given by the server (a token). */
  http(http: Http): Http {
    const noted = (request: HttpRequest): HttpRequest => {
      const credential = credentialOf(request)
      if (credential !== undefined) this.hide(credential)
      return request
    }
    return { request: (request) => http.request(noted(request)), stream: (request) => http.stream(noted(request)) }
  }

  log(log: Log): Log {
    return {
      write: (level, message, fields = {}) => {
        log.write(level, this.text(message), Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? this.text(value) : value])))
      },
    }
  }

  /** The same error without secrets; its cause is kept as text only, for causes hold requests. */
  error(error: unknown): unknown {
    const cause = error instanceof Error && error.cause instanceof Error ? new Error(this.text(error.cause.message)) : undefined
    if (isCdpError(error)) return new CdpError(error.code, Object.fromEntries(Object.entries(error.params).map(([key, value]) => [key, typeof value === 'string' ? this.text(value) : value])), cause)
    return error instanceof Error ? new Error(this.text(error.message), { cause }) : new Error(this.text(String(error)))
  }

  source(open: OpenSource): OpenSource {
    return {
      check: () => this.guard(async () => this.check(await open.check())),
      discover: () => this.guard(() => open.discover()),
      read: (request) => this.pages(() => open.read(request)),
      close: () => this.guard(async () => { await open.close?.() }),
    }
  }

  destination(open: OpenDestination): OpenDestination {
    const [ensureAudience, findAudience, poll, members, match, close] = [open.ensureAudience?.bind(open), open.findAudience?.bind(open), open.poll?.bind(open), open.members?.bind(open), open.match?.bind(open), open.close?.bind(open)]
    return {
      check: () => this.guard(async () => this.check(await open.check())),
      upsert: (delivery) => this.guard(async () => this.result(await open.upsert(delivery))),
      remove: (delivery) => this.guard(async () => this.result(await open.remove(delivery))),
      ...(ensureAudience ? { ensureAudience: (audience) => this.guard(() => ensureAudience(audience)) } : {}),
      ...(findAudience ? { findAudience: (idOrName) => this.guard(() => findAudience(idOrName)) } : {}),
      ...(poll ? { poll: (jobId) => this.guard(async () => this.result(await poll(jobId))) } : {}),
      ...(members ? { members: (audience) => this.pages(() => members(audience)) } : {}),
      ...(match ? { match: (items) => this.guard(() => match(items)) } : {}),
      ...(close ? { close: () => this.guard(() => close()) } : {}),
    }
  }

  private check(result: CheckResult): CheckResult {
    return result.ok ? result : { ...result, reason: this.text(result.reason), ...(result.hint === undefined ? {} : { hint: this.text(result.hint) }) }
  }

  private result(result: BatchResult): BatchResult {
    if ('job' in result) return result
    return { items: result.items.map((each) => (each.message === undefined ? each : { ...each, message: this.text(each.message) })) }
  }

  private async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw this.error(error)
    }
  }

  private async *pages<T>(open: () => AsyncIterable<T>): AsyncIterable<T> {
    try {
      yield* open()
    } catch (error) {
      throw this.error(error)
    }
  }
}
