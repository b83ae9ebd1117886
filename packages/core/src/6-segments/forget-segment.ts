// A segment forgotten with its members, as if it had never been evaluated: nobody leaves it, so nothing is delivered.
import type { Segment } from '../1-project/project.js'
import type { AppliedResource } from '../2-plan/applied.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { freeBits } from './segment-bits.js'
import { clearBit, forgetSegmentStates } from './write-memberships.js'

export async function forgetSegment(tx: Connection, { uid, spec }: AppliedResource<Segment>): Promise<void> {
  const [place] = await tx.rows<{ bit: number }>(sqlText`select bit from segment_bit where segment = ${param(uid)}`)
  if (place) await clearBit(tx, spec.entity, place.bit)
  await tx.run(sqlText`delete from membership where segment = ${param(uid)}`)
  // The newest entry stays: numbers that cursors have passed must not be given again.
  await tx.run(sqlText`delete from membership_log where segment = ${param(uid)} and seq < (select max(seq) from membership_log)`)
  await forgetSegmentStates(tx, [uid])
  await freeBits(tx, [uid])
}
