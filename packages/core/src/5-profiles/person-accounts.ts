// Which accounts belong to a person, by three ways: named on a record of the person (direct), tied by an account-person row
// (relation), or through a role on one of the account's opportunities (opportunity). Adobe's account audiences use the same three.
import { sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { keyTable } from './keys.js'

/** Remakes the rows of the people in `affected_person(id)`. */
export async function updatePersonAccounts(tx: Connection): Promise<void> {
  const direct = sqlText`select p.id as person_id, a.id as account_id, true as direct, false as relation, false as opportunity
    from part_person r join ${keyTable('person')} p on p.key = r._source_key join ${keyTable('account')} a on a.key = r."accountKey"
    where not r._deleted and p.id in (select id from affected_person)`
  const relation = sqlText`select "personKey_id", "accountKey_id", false, true, false from account_person
    where "personKey_id" in (select id from affected_person) and "accountKey_id" is not null and "isActive" is distinct from false`
  const opportunity = sqlText`select r."personKey_id", o."accountKey_id", false, false, true from opportunity_person r join opportunity o on o._id = r."opportunityKey_id"
    where r."personKey_id" in (select id from affected_person) and o."accountKey_id" is not null`
  await tx.run(
    sqlText`create or replace temporary table found_account as select person_id, account_id, bool_or(direct) as direct, bool_or(relation) as relation, bool_or(opportunity) as opportunity
      from (${direct} union all ${relation} union all ${opportunity}) group by person_id, account_id`,
  )
  // Accounts that a person gained or lost see other people now.
  await tx.insert(
    'related',
    sqlText`select distinct 'account' as entity, account_id as id from (
      (select person_id, account_id, direct, relation, opportunity from person_account where person_id in (select id from affected_person) except select * from found_account)
      union all (select * from found_account except select person_id, account_id, direct, relation, opportunity from person_account where person_id in (select id from affected_person)))`,
  )
  await tx.run(sqlText`delete from person_account where person_id in (select id from affected_person)`)
  await tx.insert('person_account', sqlText`select * from found_account order by person_id, account_id`)
}

/** People whose way to an account may have changed: themselves changed, a relation row did, or an opportunity's account. */
export async function collectAffected(tx: Connection): Promise<void> {
  await tx.run(
    sqlText`create or replace temporary table affected_person as select distinct id from (
      select id from touched where entity = 'person'
      union all select id from related where entity = 'person'
      union all select "personKey_id" from opportunity_person where "opportunityKey_id" in (select id from touched where entity = 'opportunity')
      union all select person_id from person_account where account_id in (select m.old_id from moved_node m where m.graph = 'account')
      union all select p.id from part_person r join ${keyTable('person')} p on p.key = r._source_key join ${keyTable('account')} a on a.key = r."accountKey" where a.id in (select id from touched where entity = 'account')
      ) t where id is not null`,
  )
}
