// Records that come by themselves (the `events` source): no checkpoint, no reading to an end; whoever sent them waits until they
// are stored. The caller's transaction holds all streams of a batch.
import type { RunTimeLimits, Source, Stream } from '../1-project/project.js'
import type { AppliedResource } from '../2-plan/applied.js'
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import type { Clock, Instant } from '../kernel/clock.js'
import { type JsonObject, isJsonObject } from '../kernel/json.js'
import { name, param, sqlText } from '../kernel/sql-text.js'
import type { Change } from '../plugins/sdk.js'
import { rawTable } from '../stores/entity-tables.js'
import type { Connection, Store } from '../stores/store.js'
import type { RecordBatch } from './batch.js'
import { toMapping } from './map-fields.js'
import { type StreamContext, storeChanges } from './store-changes.js'
import { lastSequence } from './record-sequence.js'
import { type MappedEvent, type TakenKeys, forgetTakenEvents, storeEvents } from './store-events.js'

/** A stream that takes records at any time: its mapping compiled, its tables there. */
export interface CollectingStream extends StreamContext {
  readonly source: string
  readonly stream: string
}

export interface CollectingRequest {
  readonly source: AppliedResource<Source>
  readonly sources: readonly AppliedResource<Source>[]
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  readonly vars: JsonObject
  readonly limits: RunTimeLimits
  readonly store: Store
  readonly clock: Clock
}

/** Once per applied state. Streams of entities that are not there any more are left out. */
export async function openCollecting(request: CollectingRequest): Promise<readonly CollectingStream[]> {
  const { source, sources, entities, vars, limits, store, clock } = request
  const open = source.spec.streams.flatMap((stream: Stream) => {
    const schema = entities[stream.entity]
    if (!schema) return []
    const mapping = toMapping({ source: source.spec, stream, schema, sources: sources.map((each) => each.spec), vars, limits, nowMs: clock.nowMs() })
    return [{ source: source.spec.name, stream: stream.name, address: { source: source.uid, stream: stream.name }, schema, mapping }]
  })
  await store.transaction(async (tx) => {
    for (const { address } of open) await tx.ensureTable(rawTable(address.source, address.stream))
  })
  return open
}

export interface CollectedRecords {
  readonly stream: CollectingStream
  readonly changes: readonly Change[]
}

export interface IngestedRecords {
  readonly batches: readonly RecordBatch[]
  /** In the order in which they were numbered; not where the profiles find them yet (`stageEvents`). */
  readonly events: readonly MappedEvent[]
}

/** Stores what was collected; within one transaction of the caller, who sees to the events. */
export async function ingestCollected(tx: Connection, collected: readonly CollectedRecords[], { at, taken }: { readonly at: Instant; readonly taken: TakenKeys }): Promise<IngestedRecords> {
  const batches: RecordBatch[] = []
  const events: MappedEvent[] = []
  await forgetTakenEvents(tx)
  let fromSeq = await lastSequence(tx)
  for (const { stream, changes } of collected) {
    const stored = stream.schema.grain === 'event' ? await storeEvents(tx, stream, changes, { at, taken }) : { counts: await storeChanges(tx, stream, await addUp(tx, stream, changes), { at }), events: [] }
    events.push(...stored.events)
    const toSeq = await lastSequence(tx)
    batches.push({ source: stream.source, stream: stream.stream, entity: stream.schema.name, fromSeq, toSeq, ...stored.counts })
    fromSeq = toSeq
  }
  return { batches, events }
}

/** What a call says of somebody is added to what earlier calls said: records of such streams are only parts of a whole. */
async function addUp(tx: Connection, { address, mapping }: StreamContext, changes: readonly Change[]): Promise<readonly Change[]> {
  const known = new Map<string, JsonObject>()
  const keyed: { readonly key: string | undefined; readonly change: Change }[] = []
  for (const change of changes) keyed.push({ change, key: change.op === 'upsert' ? await mapping.keyOf(change.record) : undefined })
  const keys = [...new Set(keyed.flatMap((each) => each.key ?? []))]
  const rows = await tx.rows<{ key: string; record: string }>(
    sqlText`select key, arg_max(record, seq) as record from ${name(rawTable(address.source, address.stream).name)} where op = 'upsert' and key in (select unnest(${param(keys)})) group by key`,
  )
  for (const { key, record } of rows) known.set(key, JSON.parse(record) as JsonObject)
  return keyed.map(({ key, change }) => {
    if (key === undefined || change.op !== 'upsert') return change
    const record = addTraits(known.get(key) ?? {}, change.record)
    known.set(key, record)
    return { op: 'upsert', record }
  })
}

function addTraits(before: JsonObject, now: JsonObject): JsonObject {
  const of = (record: JsonObject): JsonObject => (isJsonObject(record['traits'] ?? null) ? (record['traits'] as JsonObject) : {})
  return { ...before, ...now, traits: { ...of(before), ...of(now) } }
}
