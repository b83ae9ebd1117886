// A person who is deleted leaves every segment at once, whatever its schedule; later, what tells of it is forgotten as well.
import type { Applied } from '../2-plan/applied.js'
import { type SqlText, joined, numbers, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { type WriteContext, writeDepartures } from './write-memberships.js'

/** Gives how many segments were left. `ids`: what the person is, and was before merges. */
export async function leaveSegments(tx: Connection, applied: Applied, ids: readonly number[], context: WriteContext): Promise<number> {
  return writeDepartures(tx, ownRows(applied, ids), context)
}

export async function forgetMember(tx: Connection, applied: Applied, ids: readonly number[]): Promise<void> {
  await tx.run(sqlText`delete from membership where ${ownRows(applied, ids)}`)
  // The newest entry stays: numbers that cursors have passed must not be given again.
  await tx.run(sqlText`delete from membership_log where ${ownRows(applied, ids)} and seq < (select max(seq) from membership_log)`)
}

// Numbers of people and of accounts are the same numbers: only segments of people are meant.
function ownRows({ segments, retired }: Applied, ids: readonly number[]): SqlText {
  const people = [...Object.values(segments), ...retired.map((each) => each.segment)].filter(({ spec }) => spec.entity === 'person').map((each) => param(each.uid))
  if (people.length === 0) return sqlText`false`
  return sqlText`id in ${numbers(ids)} and segment in (${joined(people, ', ')})`
}
