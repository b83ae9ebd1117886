// Who changed, as rows of the log that segment evaluation reads: everybody whose own row changed, and everybody who sees a
// row that changed (an account's people, an opportunity's account and roles, a campaign's members).
import type { Instant } from '../kernel/clock.js'
import { type SqlText, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'

export async function logProfileChanges(tx: Connection, at: Instant): Promise<void> {
  const seenBy = sqlText`
    select 'person' as entity, person_id as id from person_account where account_id in (select id from touched where entity = 'account')
    union all select 'person', "personKey_id" from opportunity_person where "opportunityKey_id" in (select id from touched where entity = 'opportunity')
    union all select 'person', l.person_id from opportunity o join person_account l on l.account_id = o."accountKey_id" where o._id in (select id from touched where entity = 'opportunity')
    union all select 'person', "personKey_id" from campaign_member where "campaignKey_id" in (select id from touched where entity = 'campaign')
    union all select 'person', "personKey_id" from list_member where "listKey_id" in (select id from touched where entity = 'marketing-list')
    union all select 'account', account_id from person_account where person_id in (select id from affected_person)
    union all select 'account', "accountKey_id" from opportunity where _id in (select id from touched where entity = 'opportunity')
    union all select 'account', "parentKey_id" from account where _id in (select id from touched where entity = 'account')
    union all select 'account', _id from account where "parentKey_id" in (select id from touched where entity = 'account')`
  const own = sqlText`select entity, id from touched where entity in ('person', 'account') union all select entity, id from related where entity in ('person', 'account') union all select 'person', id from affected_person`
  await tx.run(sqlText`create or replace temporary table changed_profile as select distinct entity, id from (${own} union all ${seenBy}) where id is not null`)
  await appendLog(tx, 'person', sqlText`person`, at)
  await appendLog(tx, 'account', sqlText`account`, at)
}

// A profile that is gone was merged when its smallest node belongs to another now, else it was removed; one that never was is no news.
async function appendLog(tx: Connection, entity: string, table: SqlText, at: Instant): Promise<void> {
  await tx.insert(
    'profile_change',
    sqlText`select (select coalesce(max(seq), 0) from profile_change) + row_number() over (order by c.id) as seq, ${param(entity)} as entity, c.id,
        case when u._id is not null then 'changed' when n.id <> c.id then 'merged' else 'removed' end as change,
        case when u._id is null and n.id <> c.id then n.id end as into_id, ${param(at)}::timestamp as "at"
      from (select distinct id from changed_profile where entity = ${param(entity)}) c
      left join ${table} u on u._id = c.id left join node n on n.graph = ${param(entity)} and n.nid = c.id
      where u._id is not null or c.id in (select id from profile_before where entity = ${param(entity)}) order by c.id`,
  )
}

/** Remembers which of the touched profiles are there, before they are made again. */
export async function rememberBefore(tx: Connection): Promise<void> {
  await tx.run(
    sqlText`create or replace temporary table profile_before as
      select 'person' as entity, _id as id from person where _id in (select id from touched where entity = 'person')
      union all select 'account', _id from account where _id in (select id from touched where entity = 'account')`,
  )
}
