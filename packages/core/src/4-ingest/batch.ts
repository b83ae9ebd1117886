// ★ What one ingestion of one stream brought. The records themselves are in the store (part_<entity>), in the
// sequence numbers after `fromSeq` up to `toSeq`; a batch of a million people is still this small.
import type { RunTimeGuardrail } from '../1-project/project.js'
import type { EntityName } from '../entities/entity-schema.js'

export interface RecordBatch {
  readonly source: string
  readonly stream: string
  readonly entity: EntityName
  /** Exclusive. */
  readonly fromSeq: number
  /** Inclusive; equal to `fromSeq` when nothing changed. */
  readonly toSeq: number
  readonly read: number
  readonly changed: number
  readonly unchanged: number
  readonly deleted: number
  readonly quarantined: number
  /** Soft guardrails of records that were breached; the records were taken. */
  readonly exceeded: readonly Exceeded[]
  /** It stopped at a checkpoint so that others get their turn: how far it is. The next read goes on from there. */
  readonly unfinished?: ReadProgress
}

/** Of a stream, earlier reads included where the connector counts them; how fast this one was. */
export interface ReadProgress {
  readonly done: number
  readonly total?: number
  readonly perSecond: number
  readonly leftMs?: number
}

export interface Exceeded {
  readonly guardrail: RunTimeGuardrail
  readonly count: number
  readonly worst: number
  /** Source key of the worst record. */
  readonly sample: string
}
