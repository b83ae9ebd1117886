// Stage 4: sources → records. Asks a source for what is new, and stores it so that a kill at any moment loses nothing:
// checkpoint, raw records and parts come in one transaction, batch after batch.
import { isDeepStrictEqual } from 'node:util'
import type { RunTimeLimits, Source, Stream } from '../1-project/project.js'
import type { AppliedResource } from '../2-plan/applied.js'
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import type { Clock } from '../kernel/clock.js'
import type { Json, JsonObject } from '../kernel/json.js'
import type { Log } from '../kernel/log.js'
import type { Change, OpenSource } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'
import type { ReadProgress, RecordBatch } from './batch.js'
import { beginCompleteRead, findGone } from './complete-read.js'
import { findCheckpoint } from './cursor.js'
import { toMapping } from './map-fields.js'
import { lastSequence } from './record-sequence.js'
import { type BatchCounts, type StreamContext, addExceeded, noCounts, storeChanges } from './store-changes.js'
import { forgetTakenEvents } from './store-events.js'

export { type CollectedRecords, type CollectingRequest, type CollectingStream, ingestCollected, openCollecting } from './collect.js'
export { forgetOldRaw } from './forget-old.js'
export { type RecordsOfPerson, forgetRecords } from './forget-records.js'
export { forgetSource, rebuildParts } from './rebuild.js'
export { type TakenKeys, stageEvents } from './store-events.js'
export { addTombstones, digestIdentity } from './tombstones.js'

export interface IngestRequest {
  readonly source: AppliedResource<Source>
  readonly sources: readonly AppliedResource<Source>[]
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  readonly vars: JsonObject
  readonly limits: RunTimeLimits
  readonly connector: OpenSource
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Read from the beginning; what did not change still changes nothing. */
  readonly fullRefresh?: boolean
  /** Asked at each checkpoint: when not, the rest is left to the next read. */
  readonly mayGoOn?: () => boolean
  /** So many at most; few where others wait to write. */
  readonly recordsPerTransaction?: number
  readonly onProgress?: (progress: StreamProgress) => void
}

export interface StreamProgress {
  readonly text: string
  /** Of the stream, earlier runs included where the connector counts them. */
  readonly done: number
  readonly total?: number
  /** In this run, and how long that took. */
  readonly doneNow: number
  readonly elapsedMs: number
}

export interface StreamFailure {
  readonly stream: string
  readonly error: unknown
}

export interface Ingested {
  readonly batches: readonly RecordBatch[]
  /** Streams that could not be read to their end; what came before is stored. */
  readonly failures: readonly StreamFailure[]
}

/** Reads every stream of a source. A stream that fails does not stop the others. */
export async function ingestSource(request: IngestRequest): Promise<Ingested> {
  const batches: RecordBatch[] = []
  const failures: StreamFailure[] = []
  for (const stream of request.source.spec.streams) {
    const schema = request.entities[stream.entity]
    if (!schema) continue
    const reading = new StreamReading(request, stream, schema)
    try {
      await reading.readAll()
    } catch (error) {
      failures.push({ stream: stream.name, error })
    }
    batches.push(reading.toBatch())
  }
  return { batches, failures }
}

const usualRecordsPerTransaction = 50_000

class StreamReading {
  readonly #context: StreamContext
  #waiting: Change[] = []
  #counts: BatchCounts = noCounts
  #fromSeq: number | undefined
  #toSeq = 0
  #isComplete = false
  /** What the connector last told, and how many records had come by then. */
  #told: { readonly done: number; readonly total?: number; readonly at: number } = { done: 0, at: 0 }
  readonly #startedMs: number
  #isUnfinished = false

  constructor(private readonly request: IngestRequest, private readonly stream: Stream, schema: EntitySchema) {
    const { source, sources, vars, limits, clock } = request
    const mapping = toMapping({ source: source.spec, stream, schema, sources: sources.map((each) => each.spec), vars, limits, nowMs: clock.nowMs() })
    this.#startedMs = clock.ticksMs()
    this.#context = { address: { source: source.uid, stream: stream.name }, schema, mapping }
  }

  async readAll(): Promise<void> {
    const { connector, store, fullRefresh } = this.request
    const checkpoint = fullRefresh === true ? undefined : await findCheckpoint(store, this.#context.address)
    const { name, config, cursor } = this.stream
    const { since } = this.request.source.spec
    const { reads } = this.#context.mapping
    const parts = connector.read({
      stream: name, config, streams: this.request.source.spec.streams.map((each) => each.name),
      ...(cursor === undefined ? {} : { cursor }), ...(reads === undefined ? {} : { fields: reads }), ...(since === undefined ? {} : { since }), ...(checkpoint === undefined ? {} : { checkpoint }),
    })
    for await (const part of parts) {
      if ('records' in part) await this.take(part.records)
      else if ('checkpoint' in part) {
        await this.flush(part.checkpoint)
        // A read of everything, or from the beginning, is worth nothing in part; one that is where it was would never end.
        this.#isUnfinished = this.request.mayGoOn?.() === false && !this.#isComplete && fullRefresh !== true && !isDeepStrictEqual(part.checkpoint, checkpoint)
        if (this.#isUnfinished) return
      }
      else if ('everything' in part) await (part.everything === 'begins' ? this.begin() : this.end())
      else {
        this.#told = { ...part.progress, at: this.read }
        this.report()
      }
    }
    await this.flush()
  }

  toBatch(): RecordBatch {
    const { source, stream } = { source: this.request.source.spec.name, stream: this.stream.name }
    return { source, stream, entity: this.stream.entity, fromSeq: this.#fromSeq ?? this.#toSeq, toSeq: this.#toSeq, ...this.#counts, ...(this.#isUnfinished ? { unfinished: toReadProgress(this.progress) } : {}) }
  }

  private async take(records: readonly Change[]): Promise<void> {
    this.#waiting.push(...records)
    if (this.#waiting.length >= (this.request.recordsPerTransaction ?? usualRecordsPerTransaction)) await this.flush()
    this.report()
  }

  private async begin(): Promise<void> {
    await this.flush()
    await this.request.store.transaction((tx) => beginCompleteRead(tx))
    this.#isComplete = true
  }

  private async end(): Promise<void> {
    await this.flush()
    this.#isComplete = false
    const gone = await this.request.store.transaction((tx) => findGone(tx, this.#context.address, this.request.source.spec.name))
    await this.take(gone.map((key): Change => ({ op: 'delete', key })))
    await this.flush()
  }

  private async flush(checkpoint?: Json): Promise<void> {
    if (this.#waiting.length === 0 && checkpoint === undefined) return
    const changes = this.#waiting
    this.#waiting = []
    const at = this.request.clock.now()
    await this.request.store.transaction(async (tx) => {
      if (this.#context.schema.grain === 'event') await forgetTakenEvents(tx)
      const before = await lastSequence(tx)
      const counts = await storeChanges(tx, this.#context, changes, { at, isComplete: this.#isComplete, ...(checkpoint === undefined ? {} : { checkpoint }) })
      this.#counts = add(this.#counts, counts)
      this.#fromSeq ??= before
      this.#toSeq = await lastSequence(tx)
    })
  }

  private get read(): number {
    return this.#counts.read + this.#waiting.length
  }

  private get progress(): StreamProgress {
    const { source, clock } = this.request
    const { total, at } = this.#told
    const done = this.#told.done + this.read - at
    return { text: `${source.spec.name}/${this.stream.name}`, done, ...(total === undefined ? {} : { total: Math.max(total, done) }), doneNow: this.read, elapsedMs: clock.ticksMs() - this.#startedMs }
  }

  private report(): void {
    this.request.onProgress?.(this.progress)
  }
}

function toReadProgress({ done, total, doneNow, elapsedMs }: StreamProgress): ReadProgress {
  const perSecond = elapsedMs > 0 ? (doneNow / elapsedMs) * 1000 : 0
  return { done, ...(total === undefined ? {} : { total }), perSecond, ...(total !== undefined && perSecond > 0 ? { leftMs: Math.round(((total - done) / perSecond) * 1000) } : {}) }
}

function add(a: BatchCounts, b: BatchCounts): BatchCounts {
  return { read: a.read + b.read, changed: a.changed + b.changed, unchanged: a.unchanged + b.unchanged, deleted: a.deleted + b.deleted, quarantined: a.quarantined + b.quarantined, exceeded: addExceeded(a.exceeded, b.exceeded) }
}
