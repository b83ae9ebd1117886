// Who is kept out of an audience because they do not consent, and since when. What is asked of a person is the destination's; the
// answer is looked at in every pass, for those whose profile changed, and for everybody when the question did.
import { conditionsOf } from '../entities/consent.js'
import { digest } from '../kernel/json.js'
import type { Instant } from '../kernel/clock.js'
import { type SqlText, empty, numbers, param, sqlText } from '../kernel/sql-text.js'
import { isWithheld } from '../matching/consent.js'
import type { Applied } from '../2-plan/applied.js'
import type { Connection } from '../stores/store.js'
import { type ActiveActivation, ownRows } from './activations.js'

export interface ConsentQuestion {
  /** Of the conditions: with others everybody is asked anew. */
  readonly digest: string
  /** Over the table of people under the alias `p`. */
  readonly isWithheld: SqlText
}

/** What the destination of an activation asks; nothing where no people are sent one by one. */
export function consentOf({ entities }: Applied, { destination, segment }: ActiveActivation): ConsentQuestion | undefined {
  const person = entities['person']
  if (segment.spec.entity !== 'person' || !person) return undefined
  const { consent } = destination.spec
  return { digest: digest(conditionsOf(consent, person).map((each) => ({ ...each }))), isWithheld: isWithheld(consent, person, 'p') }
}

/** Of a row of the outbox: it takes out somebody who does not consent. That is neither held back nor given up. */
export const isWithdrawal = sqlText`(wanted = 'out' and exists (select 1 from withheld w where w.destination = outbox.destination and w.segment = outbox.segment and w.id = outbox.id))`

export interface Honouring {
  readonly question: ConsentQuestion
  /** Ids of the people whose answer may be another; everybody's when absent. */
  readonly changed?: SqlText
  readonly at: Instant
}

/**
 * Amends the table `wanted` and the list of the withheld: who is to come in and does not consent goes out instead, who is there and
 * consents no longer goes out, who consents again comes in. Who is on the way out anyway is left alone.
 */
export async function honourConsent(tx: Connection, active: ActiveActivation, { question, changed, at }: Honouring): Promise<void> {
  const own = ownRows(active)
  const held = sqlText`(select id from withheld where ${own})`
  const leaving = sqlText`(select id from outbox where ${own} and wanted = 'out' and state <> 'skipped')`
  const there = sqlText`(select id from remote_member where ${own} union select id from outbox where ${own} and wanted = 'in')`
  const recent = changed === undefined ? empty : sqlText`where id in (${changed})`
  const asked = await tx.temporaryFrom('asked', sqlText`select id from (${held} union ${there}) ${recent} union select id from wanted where wanted = 'in'`)
  // Rows of people are wide: they are read once, and only of those who are asked.
  const answers = asked === 0 ? nobodyAnswers : sqlText`select p._id as id, ${question.isWithheld} as refuses from person p where p._id in (select id from asked)`
  await tx.temporaryFrom('answered', answers)
  const entering = (people: SqlText, condition: SqlText): SqlText => sqlText`select r.id, 'in' as wanted, (select coalesce(max(seq), 0) from membership_log) as seq from ${people} r join answered a on a.id = r.id
    where ${condition} and r.id not in (select id from wanted)`
  if (asked > 0) {
    await tx.insert('wanted', entering(held, sqlText`not a.refuses`))
    await tx.insert('wanted', entering(there, sqlText`a.refuses and r.id not in ${held} and r.id not in ${leaving}`))
  }
  await tx.run(sqlText`delete from withheld where ${own} and id in (select id from wanted)`)
  await tx.insert('withheld', sqlText`select ${param(active.destination.uid)} as destination, ${param(active.segment.uid)} as segment, w.id, ${param(at)}::timestamp as "at"
    from wanted w join answered a on a.id = w.id where w.wanted = 'in' and a.refuses`)
  await tx.run(sqlText`update wanted set wanted = 'out' where wanted = 'in' and id in ${held}`)
}

const nobodyAnswers = sqlText`select 0 as id, false as refuses where false`

/** People who turned out not to consent when they were to be sent: they are taken out where they may be, and kept out. */
export async function withhold(tx: Connection, active: ActiveActivation, ids: readonly number[], at: Instant): Promise<void> {
  if (ids.length === 0) return
  const own = ownRows(active)
  const these = numbers(ids)
  await tx.insert('withheld', sqlText`select destination, segment, id, ${param(at)}::timestamp as "at" from outbox where ${own} and wanted = 'in' and id in ${these} and id not in (select id from withheld where ${own})`)
  await tx.run(sqlText`update outbox set wanted = 'out', state = 'waiting', attempt = 0, due_at = ${param(at)}::timestamp where ${own} and wanted = 'in' and id in ${these}`)
  await tx.run(sqlText`delete from outbox where ${own} and wanted = 'out' and id in ${these} and id not in (select id from remote_member where ${own})`)
}

/** Of people, those who do not consent now. */
export async function findWithheld(store: Connection, question: ConsentQuestion, ids: readonly number[]): Promise<readonly number[]> {
  const rows = await store.rows<{ id: number }>(sqlText`select p._id as id from person p where p._id in ${numbers(ids)} and ${question.isWithheld}`)
  return rows.map((each) => each.id)
}
