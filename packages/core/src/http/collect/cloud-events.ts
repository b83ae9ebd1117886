// CloudEvents 1.0 by HTTP, in all three forms (structured, batched, binary) → records of the `events` stream. Pure.
import type { CollectedRecord } from '../../daemon/daemon.js'
import { findInstant, instantFromMs } from '../../kernel/clock.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject, toText } from '../../kernel/json.js'
import { collectedStreams } from '../../plugins/builtin/events/index.js'

export interface CloudEventsRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Json
  readonly receivedMs: number
}

export type CloudEventOutcome = { readonly ok: true; readonly record: CollectedRecord } | { readonly ok: false; readonly reason: string }

/** An outcome per event, in their order. */
export function toOutcomes({ headers, body, receivedMs }: CloudEventsRequest): readonly CloudEventOutcome[] {
  if (typeof headers['ce-id'] === 'string') return [toOutcome({ ...attributesOf(headers), data: body }, receivedMs)]
  return isJsonArray(body) ? body.map((each) => toOutcome(each, receivedMs)) : [toOutcome(body, receivedMs)]
}

function toOutcome(event: Json, receivedMs: number): CloudEventOutcome {
  if (!isJsonObject(event)) return { ok: false, reason: 'it is no object' }
  const missing = ['id', 'source', 'type', 'specversion'].filter((each) => typeof event[each] !== 'string' || event[each] === '')
  if (missing.length > 0) return { ok: false, reason: `it has no ${missing.join(', ')}` }
  const data = isJsonObject(event['data'] ?? null) ? (event['data'] as JsonObject) : {}
  const time = event['time']
  const timestamp = time === undefined ? instantFromMs(receivedMs) : typeof time === 'string' ? findInstant(time) : undefined
  if (timestamp === undefined) return { ok: false, reason: 'its time is no RFC 3339 time' }
  // Ids are unique within their source only.
  const record: JsonObject = { messageId: `${toText(event['source'])} ${toText(event['id'])}`, eventType: event['type'] ?? null, timestamp, properties: data, ...pick(data, ['userId', 'anonymousId', 'email', 'url', 'path', 'referrer', 'groupId']) }
  const subject = event['subject']
  const known = record['userId'] === undefined && typeof subject === 'string' && subject !== '' ? { ...record, userId: subject } : record
  return { ok: true, record: { stream: collectedStreams.events, change: { op: 'upsert', record: known } } }
}

function pick(data: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (data[key] === undefined || data[key] === null ? [] : [[key, data[key]] as const])))
}

function attributesOf(headers: CloudEventsRequest['headers']): JsonObject {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (name.startsWith('ce-') && typeof value === 'string' ? [[name.slice(3), decode(value)] as const] : [])))
}

/** Header values are percent-encoded where they are not plain. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
