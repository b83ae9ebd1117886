// What matching gives: for each segment, which profiles match. The plan's preview and the evaluation both call this,
// so that what was promised is what happens. It reads profiles and writes nothing.
import type { Paths, ProfileEntity } from '../entities/profile-entity.js'
import type { JsonObject } from '../kernel/json.js'

/** The part of a segment that decides who is in it. */
export interface SegmentRule {
  readonly uid: number
  readonly name: string
  readonly entity: ProfileEntity
  readonly expression: string
  readonly paths: Paths
  readonly vars: JsonObject
  readonly readsSegments: readonly string[]
  /** Only these profiles, ascending; everybody when absent. */
  readonly scope?: readonly number[]
}

/** `sql`: wholly in the store. `guarded`: in the store but for the profiles that it could not decide. `closure`: every profile was decided by the closure. */
export interface HowMatched {
  readonly ran: 'sql' | 'guarded' | 'closure'
  /** Profiles that the closure decided. */
  readonly undecided: number
}

export interface SegmentMatches {
  readonly uid: number
  /** Ids of the matching profiles, ascending. */
  readonly ids: Int32Array
  readonly evaluated: number
  readonly errors: Readonly<Record<string, number>>
  /** By error code, the id of one profile that has it. */
  readonly examples: Readonly<Record<string, number>>
  readonly how: HowMatched
  /** The expression ran away on several profiles, so that the others were not looked at. */
  readonly isStopped: boolean
}

/** A profile as an expression sees it: the root object of segments.md. */
export interface ProfileView {
  readonly id: number
  readonly sourceKeys: readonly string[]
  readonly root: JsonObject
}
