// Calls of one organization: the token and its renewal, the reserve of the daily calls, errors in their own words.
import { type ConnectorContext, type HttpRequest, type HttpResponse, type HttpStream, type Json, assertNotLimited, connectorError } from '@cdpkit/core/sdk'
import { asList, asText, findJson, readJson, serverMs, transient } from '../answer.js'
import { Kept } from '../kept.js'
import { type Token, fetchToken } from './token.js'
import type { Options } from './options.js'

export interface Call {
  readonly method?: HttpRequest['method']
  /** Below the instance: `/query?q=…` is completed with the version; a whole path (`/services/…`) is taken as it is. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json
}

export type Answer =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string }

export type Refused = Extract<Answer, { readonly ok: false }>

// SOQL statements run up to two minutes.
const timeoutMs = 150_000

export class Session {
  readonly #token: Kept<Token>
  #used: { readonly calls: number; readonly of: number } | undefined
  #ownCalls = 0
  #serverMs: number

  constructor(private readonly context: ConnectorContext, readonly options: Options) {
    this.#token = new Kept(() => fetchToken(context, options))
    this.#serverMs = context.clock.nowMs()
  }

  /** What time the server had when it last answered. */
  get serverMs(): number {
    return this.#serverMs
  }

  async organizationId(): Promise<string> {
    return (await this.#token.get()).organizationId
  }

  /** What it answers, or the error that it names; whoever asks decides. */
  async ask(call: Call): Promise<Answer> {
    const response = await this.send(call)
    assertNotLimited(response, this.context.clock.nowMs())
    if (response.status >= 300 && response.status !== 304) return toRefused(response)
    return { ok: true, value: response.status === 204 || response.text === '' ? null : readJson(response) }
  }

  /** @throws what the refusal means. */
  async get(call: Call): Promise<Extract<Answer, { readonly ok: true }>> {
    const answer = await this.ask(call)
    if (!answer.ok) throw toError(answer)
    return answer
  }

  /** An answer too large for the memory. */
  async stream(call: Call): Promise<HttpStream | Refused> {
    const answer = await this.authorized((token) => this.context.http.stream(this.toRequest(call, token)))
    if (answer.status < 300) return answer
    const text = await readAll(answer)
    assertNotLimited(answer, this.context.clock.nowMs())
    return toRefused({ ...answer, text })
  }

  private async send(call: Call): Promise<HttpResponse> {
    return this.authorized((token) => this.context.http.request(this.toRequest(call, token)))
  }

  /** One renewal when the session has ended; a second refusal is not about the session. */
  private async authorized<T extends HttpResponse | HttpStream>(send: (token: Token) => Promise<T>): Promise<T> {
    this.keepReserve()
    const token = await this.#token.get()
    const response = await this.counted(send, token)
    if (response.status !== 401) return response
    const text = 'text' in response ? response.text : await readAll(response)
    const { code, message } = toRefused({ status: 401, text })
    if (code !== 'INVALID_SESSION_ID' || !/expired or invalid/i.test(message)) throw connectorError('access', { reason: `it refuses the session (${code}: ${message})`, hint: 'Check the permissions of the integration user and of the app.' })
    await this.#token.drop(token)
    return this.counted(send, await this.#token.get())
  }

  private async counted<T extends HttpResponse | HttpStream>(send: (token: Token) => Promise<T>, token: Token): Promise<T> {
    this.#ownCalls++
    const response = await send(token)
    this.#serverMs = serverMs(response, this.context.clock.nowMs())
    const [, calls, of] = /api-usage=(\d+)\/(\d+)/.exec(response.headers['sforce-limit-info'] ?? '') ?? []
    if (calls !== undefined) this.#used = { calls: Number(calls), of: Number(of) }
    return response
  }

  // The limit is the organization's: other integrations live from it, too.
  private keepReserve(): void {
    if (!this.#used) return
    const { calls, of } = this.#used
    const { organizationPercent, runPercent } = this.options.reserve
    const hint = 'It goes on with a later run, from where it was. Raise apiUsage in the config if the organization can spare more.'
    if (calls >= (of * organizationPercent) / 100) throw connectorError('limited', { reason: `${String(calls)} of the organization's ${String(of)} API calls in 24 hours are used, and we stop at ${String(organizationPercent)} %`, hint, retryAfterMs: hourMs })
    if (this.#ownCalls >= (of * runPercent) / 100) throw connectorError('limited', { reason: `this run has made ${String(this.#ownCalls)} of the organization's ${String(of)} API calls, and it stops at ${String(runPercent)} %`, hint, retryAfterMs: hourMs })
  }

  private toRequest({ method = 'GET', path, headers, body }: Call, { accessToken, instanceUrl }: Token): HttpRequest {
    return {
      method, url: `${instanceUrl}${path.startsWith('/services/') ? path : `/services/data/${this.options.apiVersion}${path}`}`, timeoutMs, retryOn: transient,
      headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
  }
}

const hourMs = 3_600_000

// REST answers a list of errors, Bulk and OAuth an object; an edge node may answer nothing at all.
function toRefused({ status, text }: Pick<HttpResponse, 'status' | 'text'>): Refused {
  const body = findJson(text)
  const [first] = Array.isArray(body) ? asList(body) : asList([body ?? null])
  return { ok: false, status, code: asText(first?.['errorCode'] ?? first?.['error']), message: asText(first?.['message'] ?? first?.['error_description']) || text.slice(0, 200) }
}

async function readAll({ body }: HttpStream): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

const again = 'The next run goes on from where this one was.'

/** A refusal that nobody knows how to mend, as the error that ends the read. */
export function toError({ status, code, message }: Refused): Error {
  const reason = `Salesforce answers ${String(status)}${code === '' ? '' : ` ${code}`}: ${message === '' ? 'nothing more' : message}`
  switch (code) {
    case 'REQUEST_LIMIT_EXCEEDED':
      return connectorError('limited', { reason, hint: 'The calls of 24 hours are used up; they free themselves hour by hour. Later runs go on from here.', retryAfterMs: hourMs })
    case 'LIMIT_EXCEEDED':
    case 'EXCEEDED_ID_LIMIT':
      return connectorError('limited', { reason, hint: 'A limit of the Bulk API for 24 hours is reached. Later runs go on from here.', retryAfterMs: hourMs })
    case 'INVALID_FIELD':
    case 'INVALID_TYPE':
    case 'MALFORMED_QUERY':
      return connectorError('config', { reason, hint: 'Check the stream, its fields, and what the integration user may see (field-level security).' })
    case 'API_DISABLED_FOR_ORG':
    case 'API_CURRENTLY_DISABLED':
    case 'INSUFFICIENT_ACCESS':
    case 'INSUFFICIENT_ACCESS_OR_READONLY':
    case 'FUNCTIONALITY_NOT_ENABLED':
      return connectorError('access', { reason, hint: 'Give the integration user the API and the permission for this object.' })
    case 'TXN_SECURITY_METERING_ERROR':
      return connectorError('access', { reason, hint: 'A transaction security policy of the organization stops this user; ask its administrator.' })
    default:
      if (status === 404) return connectorError('config', { reason, hint: 'Check the name of the object, and apiVersion.' })
      if (status === 410) return connectorError('config', { reason, hint: 'This API version is retired: set a newer apiVersion.' })
      if (status === 401 || status === 403) return connectorError('access', { reason, hint: 'Check the permissions of the integration user.' })
      return status >= 500 || [406, 408, 420].includes(status) ? connectorError('unavailable', { reason, hint: again }) : connectorError('refused', { reason, hint: again })
  }
}
