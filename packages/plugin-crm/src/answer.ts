// What an HTTP answer says, read once at the door: JSON, or the error that it is none.
import { type HttpResponse, type Json, type JsonObject, connectorError } from '@cdpkit/core/sdk'

/** What passes by itself: an edge node that starts (406, 420), too many calls, a server that is down or restarts. */
export const transient = [406, 408, 420, 429, 500, 502, 503, 504, 'no-answer'] as const

const shownText = 200

/** @throws connector/unavailable for HTML, half an answer, or nothing. */
export function readJson({ status, text }: Pick<HttpResponse, 'status' | 'text'>): Json {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw connectorError('unavailable', { reason: `it answered ${String(status)} with something that is not JSON: ${text.slice(0, shownText)}`, hint: 'The next run tries again; what was read is kept.', cause })
  }
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
