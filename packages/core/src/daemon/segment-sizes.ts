// How large each segment was after each pass: a row only where it is another than before.
import type { Instant } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection, Store } from '../stores/store.js'

export interface SegmentSize {
  readonly at: Instant
  readonly run: string
  readonly members: number
}

export async function noteSegmentSizes(store: Store, run: string, at: Instant): Promise<void> {
  await store.transaction((tx) => tx.run(sqlText`insert into segment_size select s.segment, ${param(run)}, ${param(at)}::timestamp, s.members from segment_state s
    left join (select segment, arg_max(members, "at") as members from segment_size group by segment) l on l.segment = s.segment where s.members is distinct from l.members`))
}

/** The newest first. */
export function readSegmentSizes(store: Connection, segment: number, limit: number): Promise<readonly SegmentSize[]> {
  return store.rows<{ at: Instant; run: string; members: number }>(sqlText`select z."at", z.run, z.members from segment_size z where segment = ${param(segment)} order by z."at" desc limit ${param(limit)}`)
}
