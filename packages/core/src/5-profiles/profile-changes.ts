// Who changed, as rows of the log that segment evaluation reads: everybody whose own row changed or who did something, and
// everybody who sees a row that changed (an account's people, an opportunity's account and roles, a campaign's members).
import type { EntityName } from '../entities/entity-schema.js'
import type { Instant } from '../kernel/clock.js'
import { type SqlText, joined, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { ActivePerson } from './known-events.js'
import { profileChangeTable } from '../stores/tables.js'

/** Who sees a changed row of an entity. */
const seenBy: Readonly<Record<EntityName, readonly SqlText[]>> = {
  account: [
    sqlText`select 'person' as entity, person_id as id from person_account where account_id in (select id from touched where entity = 'account')`,
    sqlText`select 'account' as entity, "parentKey_id" as id from account where _id in (select id from touched where entity = 'account')`,
    sqlText`select 'account' as entity, _id as id from account where "parentKey_id" in (select id from touched where entity = 'account')`,
  ],
  opportunity: [
    sqlText`select 'person' as entity, "personKey_id" as id from opportunity_person where "opportunityKey_id" in (select id from touched where entity = 'opportunity')`,
    sqlText`select 'person' as entity, l.person_id as id from opportunity o join person_account l on l.account_id = o."accountKey_id" where o._id in (select id from touched where entity = 'opportunity')`,
    sqlText`select 'account' as entity, "accountKey_id" as id from opportunity where _id in (select id from touched where entity = 'opportunity')`,
  ],
  campaign: [sqlText`select 'person' as entity, "personKey_id" as id from campaign_member where "campaignKey_id" in (select id from touched where entity = 'campaign')`],
  'marketing-list': [sqlText`select 'person' as entity, "personKey_id" as id from list_member where "listKey_id" in (select id from touched where entity = 'marketing-list')`],
}

export async function logProfileChanges(tx: Connection, touched: ReadonlySet<EntityName>, at: Instant): Promise<void> {
  const own = [
    sqlText`select entity, id from touched where entity in ('person', 'account')`,
    sqlText`select entity, id from related where entity in ('person', 'account')`,
    sqlText`select 'person' as entity, id from affected_person`,
    sqlText`select 'person' as entity, id from active`,
  ]
  const others = Object.entries(seenBy).flatMap(([entity, ways]) => (touched.has(entity) ? ways : []))
  const { affected } = await tx.row<{ affected: number }>(sqlText`select count(*) as affected from affected_person`)
  const accounts = affected === 0 ? [] : [sqlText`select 'account' as entity, account_id as id from person_account where person_id in (select id from affected_person)`]
  await tx.temporaryFrom('changed_profile', sqlText`select distinct entity, id from (${joined([...own, ...others, ...accounts], ' union all ')}) where id is not null`)
  const found = await tx.rows<{ entity: 'person' | 'account' }>(sqlText`select distinct entity from changed_profile order by entity desc`)
  for (const { entity } of found) await appendLog(tx, entity, at)
}

/** Nobody changed but for what they did. `after` is the last number of the log. Gives how many. */
export async function logActive(tx: Connection, active: readonly ActivePerson[], { after, at }: { readonly after: number; readonly at: Instant }): Promise<number> {
  const people = [...new Set(active.map((each) => each.id))].sort((a, b) => a - b)
  await tx.append(profileChangeTable, people.map((id, index) => [after + index + 1, 'person', id, 'changed', null, at]))
  return people.length
}

const tables = { person: sqlText`person`, account: sqlText`account` } as const

// A profile that is gone was merged when its smallest node belongs to another now, else it was removed; one that never was is no news.
async function appendLog(tx: Connection, entity: 'person' | 'account', at: Instant): Promise<void> {
  const changed = sqlText`select id from changed_profile where entity = ${param(entity)}`
  await tx.temporaryFrom('present', sqlText`select _id as id from ${tables[entity]} where _id in (${changed})`)
  const absent = await tx.temporaryFrom('absent', sqlText`select id from profile_before where entity = ${param(entity)} and id in (${changed}) and id not in (select id from present)`)
  const gone = sqlText`select a.id, case when n.id <> a.id then 'merged' else 'removed' end as change, case when n.id <> a.id then n.id end as into_id
    from absent a left join node n on n.graph = ${param(entity)} and n.nid = a.id`
  const there = sqlText`select id, 'changed' as change, null::integer as into_id from present`
  await tx.insert(
    'profile_change',
    sqlText`select (select coalesce(max(seq), 0) from profile_change) + row_number() over (order by id) as seq, ${param(entity)} as entity, id, change, into_id, ${param(at)}::timestamp as "at"
      from (${absent === 0 ? there : joined([there, gone], ' union all ')}) order by id`,
  )
}

/** Remembers which of the touched profiles are there, before they are made again. */
export async function rememberBefore(tx: Connection, touched: ReadonlySet<EntityName>): Promise<void> {
  const before = (['person', 'account'] as const).filter((each) => touched.has(each)).map((entity) => sqlText`select ${param(entity)} as entity, _id as id from ${tables[entity]} where _id in (select id from touched where entity = ${param(entity)})`)
  await tx.temporaryFrom('profile_before', before.length === 0 ? sqlText`select 'person' as entity, 0 as id where false` : joined(before, ' union all '))
}
