// Calls of one HubSpot account: paths of the version that is configured, patience with its limits, errors in their own words.
import { type ConnectorContext, type HttpRequest, type HttpResponse, type Json, connectorError, toRetryAfterMs } from '@cdpkit/core/sdk'
import { asObject, asText, findJson, readJson, serverMs, transient } from '../answer.js'
import type { Options } from './options.js'

export type Area = 'objects' | 'associations' | 'lists' | 'properties'

export interface Call {
  readonly method?: HttpRequest['method']
  readonly area: Area
  /** Below the area: `contacts/search`. */
  readonly path: string
  readonly body?: Json
}

export type Answer = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly status: number; readonly category: string; readonly message: string }
export type Refused = Extract<Answer, { readonly ok: false }>

/** Locked while an import or a migration goes on (423, 477), and the errors of its edge. */
const passing = [...transient.filter((each) => each !== 429), 423, 477, 520, 521, 522, 524] as const
const tries = 6
const firstWaitMs = 1000
const longestWaitMs = 10_000
/** Who is asked for more comes back with the next run. */
const longestAskedMs = 60_000
/** Searches have a limit of their own, four a second for the account, and no header tells of it. */
const searchPauseMs = 250

export class Session {
  #serverMs: number

  constructor(private readonly context: ConnectorContext, readonly options: Options) {
    this.#serverMs = context.clock.nowMs()
  }

  /** What time the server had when it last answered. */
  get serverMs(): number {
    return this.#serverMs
  }

  async ask(call: Call): Promise<Answer> {
    if (call.path.endsWith('/search')) await this.context.pause(searchPauseMs)
    const response = await this.patiently(call)
    this.#serverMs = serverMs(response, this.context.clock.nowMs())
    // 207: some of a batch were found, the others were not.
    if (response.status < 300) return { ok: true, value: response.text === '' ? null : readJson(response) }
    const body = asObject(findJson(response.text))
    return { ok: false, status: response.status, category: asText(body['category']) || asText(body['errorType']), message: asText(body['message']) || response.text.slice(0, 200) }
  }

  /** @throws what the refusal means. */
  async get(call: Call): Promise<Json> {
    const answer = await this.ask(call)
    if (!answer.ok) throw toError(answer)
    return answer.value
  }

  /** Waits when there are too many calls, and does not when those of the day are used up: each refused call counts as well. */
  private async patiently(call: Call): Promise<HttpResponse> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.context.http.request(this.toRequest(call))
      if (response.status !== 429) return response
      if (asText(asObject(findJson(response.text))['policyName']) === 'DAILY') throw connectorError('limited', { reason: "the account's calls of the day are used up", hint: 'They come back at midnight of the account; the next run goes on from here.', retryAfterMs: 3_600_000 })
      const asked = toRetryAfterMs(response.headers['retry-after'], this.context.clock.nowMs())
      if (attempt >= tries || (asked ?? 0) > longestAskedMs) throw connectorError('limited', { reason: 'the account has too many calls at once', hint: 'The next run goes on from where this one was.', ...(asked === undefined ? {} : { retryAfterMs: asked }) })
      await this.context.pause(asked ?? Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs))
    }
  }

  private toRequest({ method = 'GET', area, path, body }: Call): HttpRequest {
    const { url, apiVersion, accessToken } = this.options
    // The old versions and the dated ones differ in the order of the path, and associations were v4 when all else was v3.
    const prefix = apiVersion === 'v3' ? `${area === 'associations' ? 'v4' : 'v3'}/${area}` : `${area}/${apiVersion}`
    return {
      method, url: `${url}/crm/${prefix}${path === '' ? '' : `/${path}`}`, retryOn: passing, timeoutMs: 60_000,
      headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
  }
}

export function toError({ status, category, message }: Refused): Error {
  const reason = `HubSpot answers ${String(status)}${category === '' ? '' : ` ${category}`}: ${message === '' ? 'nothing more' : message}`
  if (status === 401) return connectorError('access', { reason, pointer: '/accessToken', hint: 'Check accessToken: the service key, or the token of the app, of this account.' })
  if (status === 403) return connectorError('access', { reason, hint: 'Give the key or the app the scopes of these objects, lists included for a destination.' })
  if (status === 400 || status === 404 || status === 414) return connectorError('config', { reason, hint: 'Check the stream, its properties, and apiVersion.' })
  return status >= 500 || status === 423 || status === 477 ? connectorError('unavailable', { reason, hint: 'The next run goes on from where this one was.' }) : connectorError('refused', { reason, hint: 'The next run tries again.' })
}
