// What an HTTP answer says, read once at the door: JSON, or the error that it is none.
import { type HttpResponse, type Json, type JsonObject, connectorError } from '@cdpkit/core/sdk'

/** What passes by itself: an edge node that starts (406, 420), too many calls, a server that is down or restarts. */
export const transient = [406, 408, 420, 429, 500, 502, 503, 504, 'no-answer'] as const

const shownText = 200

/** @throws connector/unavailable for HTML, half an answer, or nothing. */
export function readJson({ status, text }: Pick<HttpResponse, 'status' | 'text'>): Json {
  const value = findJson(text)
  if (value === undefined) throw notJson(status, `: ${text.slice(0, shownText)}`)
  return value
}

/** The same for the answer of a login, of which nothing is quoted: half of it may hold a token, which nobody hides yet. */
export function readLogin({ status, text }: Pick<HttpResponse, 'status' | 'text'>): JsonObject {
  const value = findJson(text)
  if (value === undefined) throw notJson(status, '')
  return asObject(value)
}

export function findJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

// What the parser says is left out: it quotes the text, too.
function notJson(status: number, quote: string): Error {
  return connectorError('unavailable', { reason: `it answered ${String(status)} with something that is not JSON${quote}`, hint: 'The next run tries again; what was read is kept.' })
}

export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

export function asList(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).map(asObject) : []
}

export function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** The server's clock, by the `Date` header: time-stamps of its rows are its own. */
export function serverMs({ headers }: Pick<HttpResponse, 'headers'>, otherwise: number): number {
  const at = Date.parse(headers['date'] ?? '')
  return Number.isNaN(at) ? otherwise : at
}

/** A record without what is not there. */
export function present(record: JsonObject, isLeftOut: (name: string) => boolean = () => false): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name, value]) => value !== null && value !== '' && !isLeftOut(name)))
}
