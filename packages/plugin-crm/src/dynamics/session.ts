// Calls of one Dataverse environment: the token and its renewal, and errors in their own words.
import { type ConnectorContext, type HttpResponse, type Json, assertNotLimited, connectorError, toRetryAfterMs } from '@cdpkit/core/sdk'
import { asObject, asText, findJson, readJson, readLogin, serverMs, transient } from '../answer.js'
import { Kept } from '../kept.js'
import type { Options } from './options.js'

export type Answer = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string; readonly retryAfterMs?: number }
export type Refused = Extract<Answer, { readonly ok: false }>

const timeoutMs = 120_000

export class Session {
  readonly #token: Kept<string>
  #serverMs: number

  constructor(private readonly context: ConnectorContext, readonly options: Options) {
    this.#token = new Kept(() => fetchToken(context, options))
    this.#serverMs = context.clock.nowMs()
  }

  /** What time the server had when it last answered. */
  get serverMs(): number {
    return this.#serverMs
  }

  /** `path` is below the Web API, or a whole link that an answer gave: links are used as they are. */
  async ask(path: string, prefer: readonly string[] = []): Promise<Answer> {
    const token = await this.#token.get()
    let response = await this.send(path, prefer, token)
    if (response.status === 401) {
      await this.#token.drop(token)
      response = await this.send(path, prefer, await this.#token.get())
    }
    this.#serverMs = serverMs(response, this.context.clock.nowMs())
    if (response.status < 300) return { ok: true, value: readJson(response) }
    const retryAfterMs = toRetryAfterMs(response.headers['retry-after'], this.context.clock.nowMs())
    return { ok: false, status: response.status, ...readError(response), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  }

  /** @throws what the refusal means. */
  async get(path: string, prefer: readonly string[] = []): Promise<Json> {
    const answer = await this.ask(path, prefer)
    if (!answer.ok) throw toError(answer)
    return answer.value
  }

  private send(path: string, prefer: readonly string[], token: string): Promise<HttpResponse> {
    return this.context.http.request({
      method: 'GET', url: path.startsWith('http') ? path : `${this.options.url}/api/data/v9.2/${path}`, timeoutMs, retryOn: transient,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'odata-maxversion': '4.0', 'odata-version': '4.0', ...(prefer.length === 0 ? {} : { prefer: prefer.join(',') }) },
    })
  }
}

async function fetchToken(context: ConnectorContext, { tokenUrl, clientId, clientSecret, url }: Options): Promise<string> {
  const response = await context.http.request({
    method: 'POST', url: tokenUrl, retryOn: transient, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: `${url}/.default` }).toString(),
  })
  assertNotLimited(response, context.clock.nowMs())
  const answer = readLogin(response)
  const token = asText(answer['access_token'])
  const error = asText(answer['error'])
  // The environment is what access is asked for, so a wrong address is found here.
  const pointer = error === 'invalid_scope' || error === 'invalid_resource' ? '/url' : '/clientSecret'
  if (response.status !== 200 || token === '') throw connectorError('access', { pointer, reason: `the login is refused (${error}: ${asText(answer['error_description']).split('\n', 1)[0] ?? ''})`, hint: 'Check tenantId, clientId, clientSecret and url; secrets of app registrations expire.' })
  context.hide(token)
  return token
}

function readError({ text }: HttpResponse): { readonly code: string; readonly message: string } {
  const body = findJson(text)
  if (body === undefined) return { code: '', message: text.slice(0, 200) }
  const error = asObject(asObject(body)['error'])
  return { code: asText(error['code']), message: asText(error['message']) }
}

export function toError({ status, code, message, retryAfterMs }: Refused): Error {
  const reason = `Dynamics answers ${String(status)}${code === '' ? '' : ` ${code}`}: ${message === '' ? 'nothing more' : message}`
  if (status === 429) return connectorError('limited', { reason, hint: 'The limits of five minutes are reached. The next run goes on from where this one was.', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
  if (status >= 500) return connectorError('unavailable', { reason, hint: 'The next run goes on from where this one was.', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
  if (status === 401 || status === 403) return connectorError('access', { reason, hint: 'Make the app registration an application user of the environment, with a security role that may read the table in the whole organization.' })
  if (status === 400 || status === 404) return connectorError('config', { reason, hint: 'Check the table and its columns, as the environment names them.' })
  return connectorError('refused', { reason, hint: 'The next run tries again.' })
}
