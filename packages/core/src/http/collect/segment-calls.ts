// Calls of Segment's HTTP tracking protocol → records for the streams of an `events` source. Facts: segment.com/docs, HTTP API and
// Spec. Pure; what is wrong with a call goes to quarantine later, with the reason, as with any other record.
import type { CollectedRecord } from '../../daemon/daemon.js'
import { findInstant, instantFromMs } from '../../kernel/clock.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../../kernel/json.js'
import { collectedStreams } from '../../plugins/builtin/events/index.js'

export const callTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const
export type CallType = (typeof callTypes)[number]

export interface CallContext {
  readonly receivedMs: number
  /** Of a batch: when its sender sent it, by the sender's clock. */
  readonly sentAt?: Json | undefined
  /** Of a batch: what holds for each of its calls that does not say it. */
  readonly context?: Json | undefined
  readonly newId: () => string
}

/** A batch's calls, each with its type; undefined when it is no batch. */
export function findCalls(body: Json): readonly Json[] | undefined {
  const calls = isJsonObject(body) ? body['batch'] : undefined
  return calls !== undefined && isJsonArray(calls) ? calls : undefined
}

export function toRecords(call: Json, type: CallType | undefined, context: CallContext): readonly CollectedRecord[] {
  if (!isJsonObject(call)) return [unreadable(call, 'the call is no object')]
  const known = type ?? callTypes.find((each) => each === call['type'])
  if (!known) return [unreadable(call, `the type of the call is none of ${callTypes.join(', ')}`)]
  const facts = toFacts(call, context)
  switch (known) {
    case 'track':
      return [event(facts, call['event'] ?? null)]
    case 'page':
      return [event(facts, 'web.pageView')]
    case 'screen':
      return [event(facts, 'app.screenView')]
    case 'identify':
      return identify(facts)
    case 'group':
      return group(facts, call['groupId'] ?? null)
    case 'alias':
      return alias(facts, call['previousId'] ?? null)
  }
}

interface Facts {
  readonly call: JsonObject
  readonly messageId: string
  readonly userId: string | undefined
  readonly anonymousId: string | undefined
  readonly timestamp: string
  readonly traits: JsonObject
  readonly properties: JsonObject
  readonly page: JsonObject
}

function toFacts(call: JsonObject, { receivedMs, sentAt, context, newId }: CallContext): Facts {
  const own = objectOf(call['context'] ?? context)
  return {
    call,
    messageId: idOf(call['messageId']) ?? newId(),
    userId: idOf(call['userId']),
    anonymousId: idOf(call['anonymousId']),
    timestamp: toTimestamp(call, call['sentAt'] ?? sentAt, receivedMs),
    traits: { ...objectOf(own['traits']), ...objectOf(call['traits']) },
    properties: objectOf(call['properties']),
    page: objectOf(own['page']),
  }
}

/** What the sender's clock is wrong by is taken off: when it was received, less the time between happening and sending. */
function toTimestamp(call: JsonObject, sentAt: Json | undefined, receivedMs: number): string {
  const happened = msOf(call['originalTimestamp'] ?? call['timestamp'])
  const sent = msOf(sentAt)
  if (happened === undefined) return instantFromMs(receivedMs)
  return sent === undefined || sent < happened ? instantFromMs(happened) : instantFromMs(receivedMs - (sent - happened))
}

function event({ messageId, userId, anonymousId, timestamp, traits, properties, page }: Facts, eventType: Json): CollectedRecord {
  const record: JsonObject = {
    messageId, eventType, timestamp, ...ids({ userId, anonymousId }),
    ...some('email', traits['email'] ?? properties['email']), ...some('url', properties['url'] ?? page['url']), ...some('path', properties['path'] ?? page['path']),
    ...some('referrer', properties['referrer'] ?? page['referrer']), ...(Object.keys(properties).length === 0 ? {} : { properties }),
  }
  return upsert(collectedStreams.events, record)
}

/** A person's record under the user's id. A browser that nobody has logged in on has only what it did. */
function identify(facts: Facts): readonly CollectedRecord[] {
  const { userId, anonymousId, timestamp, traits } = facts
  if (userId === undefined) return [event(facts, 'identify')]
  const record = upsert(collectedStreams.people, { userId, timestamp, traits, ...ids({ userId, anonymousId }) })
  // The record knows one browser, the newest; the event ties each of them to the person for good.
  return anonymousId === undefined ? [record] : [record, event(facts, 'identify')]
}

function group({ call, userId, timestamp, traits }: Facts, written: Json): readonly CollectedRecord[] {
  const groupId = idOf(written)
  if (groupId === undefined) return [unreadable(call, 'the call names no groupId')]
  const account = upsert(collectedStreams.accounts, { groupId, timestamp, traits })
  return userId === undefined ? [account] : [account, upsert(collectedStreams.accountPeople, { id: `${groupId}/${userId}`, groupId, userId, timestamp })]
}

function alias({ call, userId, timestamp }: Facts, written: Json): readonly CollectedRecord[] {
  const previousId = idOf(written)
  if (previousId === undefined || userId === undefined) return [unreadable(call, 'the call does not name both previousId and userId')]
  return [upsert(collectedStreams.people, { userId: previousId, aliasOf: userId, timestamp, traits: {} })]
}

function upsert(stream: string, record: JsonObject): CollectedRecord {
  return { stream, change: { op: 'upsert', record } }
}

function unreadable(call: Json, reason: string): CollectedRecord {
  return { stream: collectedStreams.events, change: { op: 'unreadable', where: 'call', text: JSON.stringify(call).slice(0, 2000), reason } }
}

function ids({ userId, anonymousId }: Pick<Facts, 'userId' | 'anonymousId'>): JsonObject {
  return { ...some('userId', userId), ...some('anonymousId', anonymousId) }
}

function some(key: string, value: Json | undefined): JsonObject {
  return value === undefined || value === null || value === '' ? {} : { [key]: value }
}

function idOf(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function objectOf(value: Json | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {}
}

function msOf(value: Json | undefined): number | undefined {
  const instant = typeof value === 'string' ? findInstant(value) : typeof value === 'number' && Math.abs(value) < 8.64e15 ? instantFromMs(value) : undefined
  return instant === undefined ? undefined : Date.parse(instant)
}
