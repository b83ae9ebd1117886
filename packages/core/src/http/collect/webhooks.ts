// Webhooks: whether a message is from who it says, and the event that it becomes. Nothing of a message is read before its signature is
// found good. A message that comes again, whoever repeats it, has the same id and counts once. Pure.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { CollectedRecord } from '../../daemon/daemon.js'
import { findInstant, instantFromMs } from '../../kernel/clock.js'
import { type Json, type JsonObject, isJsonObject } from '../../kernel/json.js'
import { collectedStreams } from '../../plugins/builtin/events/index.js'
import type { HmacWebhook, StandardWebhook, Webhook } from '../../plugins/builtin/events/webhook.js'

export interface WebhookMessage {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** As it was sent. */
  readonly body: Buffer
  readonly receivedMs: number
}

export interface SignedMessage {
  readonly id: string
  readonly sentMs: number
}

/** Undefined when the signature is not that of the message, or the message is too old or too new. */
export function findSigned(webhook: Webhook, message: WebhookMessage): SignedMessage | undefined {
  return webhook.scheme === 'standardwebhooks' ? findStandard(webhook, message) : findHmac(webhook, message)
}

function findStandard({ secrets, toleranceMs }: StandardWebhook, { headers, body, receivedMs }: WebhookMessage): SignedMessage | undefined {
  const [id, time, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((each) => textOf(headers[each]))
  const sentMs = toMs(time)
  if (id === undefined || time === undefined || sentMs === undefined || signatures === undefined || isFar(sentMs, receivedMs, toleranceMs)) return undefined
  const content = Buffer.concat([Buffer.from(`${id}.${time}.`), body])
  const written = signatures.split(' ').flatMap((each) => (each.startsWith('v1,') ? [each.slice('v1,'.length)] : []))
  const isGood = secrets.some((secret) => written.some((each) => isSame(each, createHmac('sha256', keyOf(secret)).update(content).digest('base64'))))
  return isGood ? { id, sentMs } : undefined
}

function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret, 'utf8')
}

function findHmac({ secrets, toleranceMs, header, prefix, encoding, signed, timestampHeader, idHeader }: HmacWebhook, { headers, body, receivedMs }: WebhookMessage): SignedMessage | undefined {
  const written = textOf(headers[header])
  const time = timestampHeader === undefined ? undefined : textOf(headers[timestampHeader])
  const sentMs = timestampHeader === undefined ? receivedMs : toMs(time)
  if (written === undefined || !written.startsWith(prefix) || sentMs === undefined || isFar(sentMs, receivedMs, toleranceMs)) return undefined
  const [before = '', ...after] = signed.replaceAll('{timestamp}', time ?? '').split('{body}')
  const content = Buffer.concat([Buffer.from(before), ...after.flatMap((each) => [body, Buffer.from(each)])])
  if (!secrets.some((secret) => isSame(written.slice(prefix.length), createHmac('sha256', secret).update(content).digest(encoding)))) return undefined
  return { id: (idHeader === undefined ? undefined : textOf(headers[idHeader])) ?? createHash('sha256').update(body).digest('hex'), sentMs }
}

/** `type` or `event` says what happened; who it is about is taken from the top or from `data`. The whole body is under `properties`. */
export function toWebhookRecord({ id, sentMs }: SignedMessage, body: Json): CollectedRecord {
  if (!isJsonObject(body)) return { stream: collectedStreams.events, change: { op: 'unreadable', where: 'webhook', reason: 'the body is no object', text: JSON.stringify(body).slice(0, 2000) } }
  const data = isJsonObject(body['data'] ?? null) ? (body['data'] as JsonObject) : {}
  const type = [body['type'], body['event']].find((each) => typeof each === 'string' && each !== '')
  const time = body['timestamp']
  const known = Object.fromEntries(['userId', 'anonymousId', 'email', 'groupId'].flatMap((key) => [body[key], data[key]].filter((each) => typeof each === 'string').slice(0, 1).map((each) => [key, each] as const)))
  const timestamp = (typeof time === 'string' ? findInstant(time) : undefined) ?? instantFromMs(sentMs)
  return { stream: collectedStreams.events, change: { op: 'upsert', record: { messageId: id, eventType: type ?? 'webhook', timestamp, properties: body, ...known } } }
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && header !== '' ? header : undefined
}

/** Seconds, as the protocols have it. */
function toMs(seconds: string | undefined): number | undefined {
  return seconds !== undefined && /^\d{1,12}$/.test(seconds) ? Number(seconds) * 1000 : undefined
}

function isFar(sentMs: number, receivedMs: number, toleranceMs: number): boolean {
  return Math.abs(receivedMs - sentMs) > toleranceMs
}

/** Takes as long whether it is nearly right or not at all. */
function isSame(written: string, right: string): boolean {
  const [a, b] = [Buffer.from(written), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
