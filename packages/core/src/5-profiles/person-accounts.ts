// Which accounts belong to a person, by three ways: named on a record of the person (direct), tied by an account-person row
// (relation), or through a role on one of the account's opportunities (opportunity). Adobe's account audiences use the same three.
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import { type SqlText, joined, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { keyTable, lookUpKeys, lookUpOwnKeys } from './keys.js'

export interface PersonAccountRequest {
  readonly person: EntitySchema
  readonly account: EntitySchema
  /** Entities of which profiles were made again. */
  readonly touched: ReadonlySet<EntityName>
  /** Entities of which keys lead elsewhere now. */
  readonly changed: ReadonlySet<EntityName>
}

const affected = sqlText`select id from affected_person`

/** Remakes the rows of the people whose way to an account may have changed, and leaves them in `affected_person(id)`. */
export async function updatePersonAccounts(tx: Connection, request: PersonAccountRequest): Promise<void> {
  if ((await collectAffected(tx, request)) === 0) return
  const { person, account } = request
  await lookUpOwnKeys(tx, person, affected)
  const named = await tx.temporaryFrom('named_account', sqlText`select p.id as person_id, r."accountKey" from part_person r join ${keyTable('person')} p on p.key = r._source_key where not r._deleted and r."accountKey" is not null`)
  if (named > 0) await lookUpKeys(tx, account, sqlText`select "accountKey" from named_account`)
  const direct = sqlText`select n.person_id, a.id as account_id, true as direct, false as relation, false as opportunity from named_account n join ${keyTable('account')} a on a.key = n."accountKey"`
  const relation = sqlText`select "personKey_id" as person_id, "accountKey_id" as account_id, false as direct, true as relation, false as opportunity from account_person
    where "personKey_id" in (${affected}) and "accountKey_id" is not null and "isActive" is distinct from false`
  const opportunity = sqlText`select r."personKey_id" as person_id, o."accountKey_id" as account_id, false as direct, false as relation, true as opportunity from opportunity_person r join opportunity o on o._id = r."opportunityKey_id"
    where r."personKey_id" in (${affected}) and o."accountKey_id" is not null`
  await tx.temporaryFrom(
    'found_account',
    sqlText`select person_id, account_id, bool_or(direct) as direct, bool_or(relation) as relation, bool_or(opportunity) as opportunity
      from (${joined([...(named > 0 ? [direct] : []), relation, opportunity], ' union all ')}) group by person_id, account_id`,
  )
  await tx.temporaryFrom('former_account', sqlText`select person_id, account_id, direct, relation, opportunity from person_account where person_id in (${affected})`)
  // Accounts that a person gained or lost see other people now.
  const differing = await tx.temporaryFrom('differing_account', sqlText`(select * from former_account except select * from found_account) union all (select * from found_account except select * from former_account)`)
  if (differing === 0) return
  await tx.insert('related', sqlText`select distinct 'account' as entity, account_id as id from differing_account`)
  await tx.run(sqlText`delete from person_account where person_id in (${affected})`)
  await tx.insert('person_account', sqlText`select * from found_account order by person_id, account_id`)
}

/** Themselves changed, a relation row did, or an opportunity's account, or who an account key means. */
async function collectAffected(tx: Connection, { person, touched, changed }: PersonAccountRequest): Promise<number> {
  const ways: SqlText[] = [sqlText`select id from touched where entity = 'person'`, sqlText`select id from related where entity = 'person'`]
  if (touched.has('opportunity')) ways.push(sqlText`select "personKey_id" from opportunity_person where "opportunityKey_id" in (select id from touched where entity = 'opportunity')`)
  if (changed.has('account')) {
    const keys = sqlText`select _source_key from part_person where "accountKey" in (select key from changed_key where entity = 'account')`
    await lookUpKeys(tx, person, keys)
    ways.push(sqlText`select id from ${keyTable('person')}`, sqlText`select person_id from person_account where account_id in (select m.old_id from moved_node m where m.graph = 'account')`)
  }
  return tx.temporaryFrom('affected_person', sqlText`select distinct id from (${joined(ways, ' union all ')}) t(id) where id is not null`)
}
