// Calls of Marketo's REST API. What waiting, a new token or a shorter address mends is mended here; every other failure goes back
// to the caller with its code, who may split, skip or stop.
import { type ConnectorContext, type HttpRequest, type HttpResponse, type Json, type JsonObject, assertNotLimited, connectorError, isConnectorError, nextDay } from '@cdpkit/core/sdk'
import { timeZone } from '../limits.js'
import type { ConnectionOptions } from '../options.js'
import { actionOf, describeCode, hintOf } from './codes.js'
import { TokenKeeper } from './token.js'
import { asList, asObject, asText, readJson } from './wire.js'

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** `/rest/v1/leads.json` */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly json?: Json
  readonly form?: Readonly<Record<string, string>>
  /** A little more than Marketo itself gives the call. */
  readonly timeoutMs?: number
}

export type Answer = Success | Refusal

export interface Success {
  readonly ok: true
  readonly result: readonly Json[]
  readonly nextPageToken?: string
  readonly moreResult: boolean
}

export interface Refusal {
  readonly ok: false
  readonly code: string
  readonly message: string
  readonly requestId: string
}

/** Addresses beyond 8 KB are refused; what is longer than this goes into the body. */
const longestUrl = 6000
const tries = 6
const windowMs = 20_000
const longestBackoffMs = 60_000
const gatewayTroubles = [429, 500, 502, 503, 504, 'no-answer'] as const

/** Adobe speaks of CST and of Central time: an hour makes both true in summer. */
const slackMs = 3_600_000

export class MarketoClient {
  readonly #tokens: TokenKeeper

  constructor(readonly context: ConnectorContext, readonly options: ConnectionOptions) {
    this.#tokens = new TokenKeeper(context, options)
  }

  /** The answer, or the refusal that no waiting mends. */
  async ask(call: Call): Promise<Answer> {
    let renewals = 0
    for (let attempt = 1; ; attempt++) {
      const token = await this.#tokens.get()
      const answer = toAnswer(await this.send(call, token))
      if (answer.ok) return answer
      const action = actionOf(answer.code)
      if (action === 'day') throw this.untilTomorrow(describeCode(answer.code, answer.message), answer.code)
      if (action === 'auth' && renewals < 2) {
        renewals++
        await this.#tokens.renew(token)
      } else {
        const waitMs = this.waitMs(action, attempt)
        if (waitMs === undefined || attempt >= tries) return answer
        this.context.log.write('debug', describeCode(answer.code, answer.message), { requestId: answer.requestId, waitMs })
        await this.context.pause(waitMs)
      }
    }
  }

  /** The answer. @throws what `toError` makes of a refusal. */
  async get(call: Call): Promise<Success> {
    const answer = await this.ask(call)
    if (!answer.ok) throw toError(answer)
    return answer
  }

  /** A large answer, piece by piece; not JSON. */
  async stream(path: string, headers: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: AsyncIterable<Uint8Array> }> {
    const token = await this.#tokens.get()
    return this.context.http.stream({ method: 'GET', url: `${this.options.restUrl}${path}`, headers: { authorization: `Bearer ${token}`, ...headers }, retryOn: gatewayTroubles, timeoutMs: 120_000 })
  }

  /** Ends a read until the next day of Marketo begins. */
  untilTomorrow(reason: string, code: string): Error {
    const nowMs = this.context.clock.nowMs()
    const retryAfterMs = Date.parse(nextDay(timeZone, nowMs)) + slackMs - nowMs
    return connectorError('limited', { reason, hint: hintOf(code), retryAfterMs })
  }

  private waitMs(action: ReturnType<typeof actionOf>, attempt: number): number | undefined {
    const jitter = 0.75 + this.context.random() / 2
    if (action === 'rate') return windowMs * jitter
    if (action === 'crowd') return 1000 * attempt * jitter
    return action === 'wait' ? Math.min(longestBackoffMs, 1000 * 2 ** attempt) * jitter : undefined
  }

  private async send(call: Call, token: string): Promise<HttpResponse> {
    const first = await this.context.http.request(this.toRequest(call, token, false))
    const response = first.status === 414 && call.query ? await this.context.http.request(this.toRequest(call, token, true)) : first
    assertNotLimited(response, this.context.clock.nowMs())
    return response
  }

  private toRequest({ method = 'GET', path, query, json, form, timeoutMs = 70_000 }: Call, token: string, isLong: boolean): HttpRequest {
    const text = query === undefined ? '' : new URLSearchParams(query).toString()
    const url = `${this.options.restUrl}${path}`
    const common = { timeoutMs, retryOn: gatewayTroubles }
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
    if (method === 'GET' && (isLong || url.length + text.length > longestUrl)) return { ...common, method: 'POST', url: `${url}?_method=GET`, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body: text }
    const whole = { ...common, method, url: text === '' ? url : `${url}?${text}` }
    if (json !== undefined) return { ...whole, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(json) }
    if (form !== undefined) return { ...whole, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(form).toString() }
    return { ...whole, headers }
  }
}

function toAnswer({ status, text }: HttpResponse): Answer {
  const body = readJson(text)
  if (body === undefined || status >= 400) return { ok: false, code: status === 413 ? '413' : status === 401 ? '600' : status >= 400 && status < 500 ? '610' : '502', message: `HTTP ${String(status)}: ${text.slice(0, 200)}`, requestId: '' }
  const envelope = asObject(body)
  const [error] = asList(envelope['errors']).map(asObject)
  const requestId = asText(envelope['requestId'])
  if (envelope['success'] !== true) return { ok: false, code: asText(error?.['code']) || '502', message: asText(error?.['message']) || 'the answer says neither success nor why not', requestId }
  const token = envelope['nextPageToken']
  return { ok: true, result: asList(envelope['result']), moreResult: envelope['moreResult'] === true, ...(typeof token === 'string' && token !== '' ? { nextPageToken: token } : {}) }
}

/** A refusal as the error that ends a read or a check. */
export function toError({ code, message, requestId }: Refusal): Error {
  const reason = `${describeCode(code, message)}${requestId === '' ? '' : ` (request ${requestId})`}`
  const action = actionOf(code)
  const problem = action === 'auth' || code === '603' ? 'access' : action === 'fix' || action === 'native' ? 'config' : action === 'bug' || action === 'skip' ? 'refused' : 'unavailable'
  return connectorError(problem, { reason, hint: hintOf(code) })
}

/** Objects that the synced CRM owns: the stream has nothing, which is no failure. */
export function isOwnedByCrm(answer: Answer): boolean {
  return !answer.ok && actionOf(answer.code) === 'native'
}

export function isLater(error: unknown): boolean {
  return isConnectorError(error, 'connector/limited') || isConnectorError(error, 'connector/unavailable') || isConnectorError(error, 'http/quota-spent') || isConnectorError(error, 'http/no-answer') || isConnectorError(error, 'http/timeout')
}

/** Records of a JSON result. */
export function objectsOf(result: readonly Json[]): readonly JsonObject[] {
  return result.map(asObject)
}
