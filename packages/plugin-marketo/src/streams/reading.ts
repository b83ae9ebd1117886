// What the reading of every stream has at hand.
import type { ConnectorContext, Json, JsonObject, ReadPart, ReadRequest } from '@cdpkit/core/sdk'
import type { BulkExports } from '../client/bulk.js'
import type { MarketoClient } from '../client/client.js'
import type { LeadFields } from './lead-fields.js'
import type { PollQuestion, SharedPolls } from './shared-polls.js'

export interface Reading {
  readonly client: MarketoClient
  readonly bulk: BulkExports
  readonly context: ConnectorContext
  readonly request: ReadRequest
  readonly munchkinId: string
  /** What several streams poll, once for all of them. */
  readonly polls: SharedPolls
  /** What the instance says about people's fields; asked once. */
  leadFields(): Promise<LeadFields>
  /** The first time that anything can have happened. */
  oldest(): Promise<string>
}

export type ReadStream = (reading: Reading) => AsyncIterable<ReadPart>

/** Marketo's times have no milliseconds, and filters of bulk extracts refuse them. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

export function nowOf({ context }: Reading): string {
  return toTime(context.clock.nowMs())
}

export function questionOf({ request }: Reading, from: string): PollQuestion {
  return { stream: request.stream, streams: request.streams ?? [request.stream], from }
}

export function earlier(time: string, ms: number): string {
  return toTime(Date.parse(time) - ms)
}

export function upserts(records: readonly JsonObject[]): ReadPart {
  return { records: records.map((record) => ({ op: 'upsert', record })) }
}

/** What the last read left. Undefined at first, and where it is of something else: then everything is read again. */
export function stateOf<State>({ request: { checkpoint, stream }, context }: Reading, mark: keyof State & string): State | undefined {
  if (checkpoint === undefined) return undefined
  if (typeof checkpoint === 'object' && checkpoint !== null && mark in checkpoint) return checkpoint as unknown as State
  context.log.write('warn', `The checkpoint of ${stream} is of another version: everything is read again.`)
  return undefined
}

export function checkpointOf(state: object): ReadPart {
  return { checkpoint: state as Json }
}

const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

// Activities are stored later than they happen: Marketo waits for mail servers, and campaigns are queued. Each poll looks back a
// little, one in an hour far, and once a day a bulk extract looks back two days. What was seen before changes nothing.
export const usualOverlapMs = 10 * minuteMs
export const sweepOverlapMs = 6 * hourMs
export const repairOverlapMs = 2 * dayMs

export interface PollState {
  /** Up to when it was polled. */
  readonly polledTo: string
  readonly sweptAt: string
}

/** From when the next poll reads, and the state after it. */
export function nextPoll({ polledTo, sweptAt }: PollState, now: string): { readonly from: string; readonly after: PollState } {
  const sweeps = Date.parse(now) - Date.parse(sweptAt) >= hourMs
  // From a whole minute, so that streams that are polled one after the other ask for the same.
  return { from: `${earlier(polledTo, sweeps ? sweepOverlapMs : usualOverlapMs).slice(0, 16)}:00Z`, after: { polledTo: now, sweptAt: sweeps ? now : sweptAt } }
}
