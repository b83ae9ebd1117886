// Where the rows of each relation come from: tables, the columns behind the fields that expressions see, and whose rows they are.
// The views of single profiles (profile-view.ts) read the same tables in the same way; a test compares the two.
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import { tableOf } from '../entities/entity-schema.js'
import type { Paths, ProfileEntity } from '../entities/profile-entity.js'
import { memberFieldName, ownKeys } from '../expressions/root-shape.js'
import { type SqlText, joined, name, sqlText } from '../kernel/sql-text.js'

export type Entities = Readonly<Record<EntityName, EntitySchema>>

/** The columns behind fields, as an expression over the alias of the table that has them. */
export type Columns = Readonly<Record<string, SqlText>>

export type RowSource =
  /** Rows of a table (or of two joined) that name their owner. */
  | { readonly kind: 'direct'; readonly from: SqlText; readonly owner: SqlText; readonly columns: Columns; readonly order: readonly SqlText[] }
  /** Things of their own that a link table gives to owners. */
  | LinkedSource

export interface LinkedSource {
  readonly kind: 'linked'
  /** The thing's table under the alias `b`. */
  readonly base: SqlText
  readonly columns: Columns
  /** Pairs `owner, item`, each once. */
  readonly pairs: SqlText
  /** The same, some pairs more than once: enough where repetition does not count. */
  readonly links: SqlText
  /** Fields of the pair itself, under the alias `x`: `extras` gives the pairs with them. */
  readonly extraColumns: Columns
  readonly extras?: (fields: readonly string[]) => SqlText
  readonly order: readonly SqlText[]
  /** Where pairs come through a middle thing: the base's column that names it, and the pairs of owner and middle. */
  readonly through?: { readonly column: SqlText; readonly pairs: SqlText }
}

export interface SourceRequest {
  readonly entities: Entities
  readonly entity: ProfileEntity
  readonly paths: Paths
  /** No two rows tie the same person and account, and all of them are active. */
  readonly relationsAreUnique?: boolean
  /** Fields without a value below zero: `opportunities.amount`. */
  readonly nonNegative?: ReadonlySet<string>
  /** Fields whose sums are the same in any order. */
  readonly exactSums?: ReadonlySet<string>
  /** All values of fields that have few: `events.eventType`. */
  readonly domains?: ReadonlyMap<string, readonly string[]>
}

/** The columns of the root object itself, under the alias `p`. */
export function rootColumns(entities: Entities, entity: ProfileEntity): Columns {
  return entityColumns(entities, entity, 'p')
}

export function parentColumns(entities: Entities): Columns {
  return entityColumns(entities, 'account', 'parent')
}

export function rowSource(relation: string, request: SourceRequest): RowSource {
  const { entities, entity, paths } = request
  if (entity === 'account') return accountSource(relation, entities, paths)
  switch (relation) {
    case 'accounts':
      return accounts(entities, paths, request.relationsAreUnique === true)
    case 'opportunities':
      return opportunities(entities, paths)
    case 'opportunityRoles':
      return direct(entities, 'opportunity-person', 'personKey_id')
    case 'campaignMemberships':
      return memberships(entities, { relation: 'campaign-member', group: 'campaign', reference: 'campaignKey_id', prefix: 'campaign' })
    case 'listMemberships':
      return memberships(entities, { relation: 'list-member', group: 'marketing-list', reference: 'listKey_id', prefix: 'list' })
    case 'events':
      return { ...direct(entities, 'event', '_id'), order: [sqlText`b."timestamp"`, sqlText`b._source_key`] }
    default:
      throw new RangeError(`no rows for ${relation}`)
  }
}

function accountSource(relation: string, entities: Entities, paths: Paths): RowSource {
  switch (relation) {
    case 'people': {
      const pairs = sqlText`select l.account_id as owner, l.person_id as item from person_account l where ${accountPath(paths)}`
      return { kind: 'linked', base: sqlText`person b`, columns: entityColumns(entities, 'person', 'b'), pairs, links: pairs, extraColumns: {}, order: [sqlText`b._id`] }
    }
    case 'opportunities':
      return direct(entities, 'opportunity', 'accountKey_id')
    case 'children':
      return direct(entities, 'account', 'parentKey_id')
    default:
      throw new RangeError(`no rows for ${relation}`)
  }
}

function accounts(entities: Entities, paths: Paths, relationsAreUnique: boolean): LinkedSource {
  const pairs = sqlText`select l.person_id as owner, l.account_id as item from person_account l where ${accountPath(paths)}`
  const relation = entities['account-person']
  const own = Object.keys(relation?.fields ?? {}).filter((each) => each !== 'personKey' && each !== 'accountKey')
  const extraColumns = Object.fromEntries([
    ...own.map((each) => [`relation.${each}`, sqlText`x.${name(each)}`] as const),
    ['relation.direct', sqlText`x._direct`],
    ['relation.throughOpportunity', sqlText`x._opportunity`],
  ])
  const extras = (fields: readonly string[]): SqlText => relationRows(paths, fields.filter((each) => own.includes(each.slice('relation.'.length))).map((each) => each.slice('relation.'.length)), relationsAreUnique && !fields.some((each) => each === 'relation.direct' || each === 'relation.throughOpportunity'))
  return { kind: 'linked', base: sqlText`account b`, columns: entityColumns(entities, 'account', 'b'), pairs, links: pairs, extraColumns, extras, order: [sqlText`b._id`] }
}

/** Pairs with the fields of the row that ties the two, which are missing where none does. */
function relationRows(paths: Paths, fields: readonly string[], areUnique: boolean): SqlText {
  const flags = sqlText`coalesce(l.direct, false) as _direct, coalesce(l.opportunity, false) as _opportunity`
  const columns = joined(fields.map((each) => sqlText`, r.${name(each)}`), ' ')
  const tied = sqlText`"personKey_id" is not null and "accountKey_id" is not null`
  if (areUnique && (paths.accounts === 'any' || paths.accounts === 'relation')) {
    const none = joined(fields.map((each) => sqlText`, null as ${name(each)}`), ' ')
    const withRow = sqlText`select r."personKey_id" as owner, r."accountKey_id" as item${columns} from account_person r where ${tied}`
    const withoutRow = sqlText`select l.person_id as owner, l.account_id as item${none} from person_account l where not l.relation`
    return paths.accounts === 'relation' ? withRow : joined([withRow, withoutRow], ' union all ')
  }
  // Of several rows between the same two the first by source key counts.
  const firstRows = sqlText`select * from account_person where ${tied} qualify row_number() over (partition by "personKey_id", "accountKey_id" order by _source_key) = 1`
  return sqlText`select l.person_id as owner, l.account_id as item, ${flags}${columns} from person_account l left join (${firstRows}) r on r."personKey_id" = l.person_id and r."accountKey_id" = l.account_id where ${accountPath(paths)}`
}

function opportunities(entities: Entities, paths: Paths): LinkedSource {
  const byRole = sqlText`select "personKey_id" as owner, "opportunityKey_id" as item from opportunity_person where "personKey_id" is not null and "opportunityKey_id" is not null`
  const ownerOfAccount = sqlText`select l.person_id as owner, l.account_id as item from person_account l where ${accountPath(paths)}`
  const byAccount = sqlText`select l.person_id as owner, o._id as item from person_account l join opportunity o on o."accountKey_id" = l.account_id where ${accountPath(paths)}`
  const shared = { kind: 'linked', base: sqlText`opportunity b`, columns: entityColumns(entities, 'opportunity', 'b'), extraColumns: {}, order: [sqlText`b._id`] } as const
  switch (paths.opportunities) {
    case 'role':
      return { ...shared, links: byRole, pairs: sqlText`select distinct owner, item from (${byRole})` }
    case 'account':
      return { ...shared, links: byAccount, pairs: byAccount, through: { column: sqlText`b."accountKey_id"`, pairs: ownerOfAccount } }
    case 'any':
      return { ...shared, links: joined([byRole, byAccount], ' union all '), pairs: sqlText`select distinct owner, item from (${joined([byRole, byAccount], ' union all ')})` }
  }
}

export function accountPath({ accounts: path }: Paths): SqlText {
  switch (path) {
    case 'direct': return sqlText`l.direct`
    case 'relation': return sqlText`l.relation`
    case 'opportunity': return sqlText`l.opportunity`
    case 'any': return sqlText`true`
  }
}

function direct(entities: Entities, entity: EntityName, owner: string): Extract<RowSource, { kind: 'direct' }> {
  const isThing = ownKeys[entity] !== undefined
  return { kind: 'direct', from: sqlText`${name(tableOf(entity))} b`, owner: sqlText`b.${name(owner)}`, columns: entityColumns(entities, entity, 'b'), order: [isThing ? sqlText`b._id` : sqlText`b._source_key`] }
}

interface MembershipKind {
  readonly relation: EntityName
  readonly group: EntityName
  readonly reference: string
  readonly prefix: string
}

function memberships(entities: Entities, { relation, group, reference, prefix }: MembershipKind): RowSource {
  const whole = entityColumns(entities, group, 'g')
  const flat = Object.entries(whole).map(([field, column]) => [memberFieldName(prefix, field), column] as const)
  const nested = Object.entries(whole).map(([field, column]) => [`${prefix}.${field}`, column] as const)
  return {
    kind: 'direct',
    from: sqlText`${name(tableOf(relation))} b left join ${name(tableOf(group))} g on g._id = b.${name(reference)}`,
    owner: sqlText`b."personKey_id"`,
    columns: { ...Object.fromEntries(flat), ...Object.fromEntries(nested), ...entityColumns(entities, relation, 'b') },
    order: [sqlText`b._source_key`],
  }
}

function entityColumns(entities: Entities, entity: EntityName, alias: string): Columns {
  const own = ownKeys[entity]
  const fields = Object.keys(entities[entity]?.fields ?? {}).map((field) => [field, sqlText`${name(alias)}.${name(field)}`] as const)
  return { ...(own === undefined ? {} : { [own]: sqlText`${name(alias)}._source_keys[1]` }), ...Object.fromEntries(fields) }
}

/** All columns that rows of the source can have. */
export function columnsOf(source: RowSource): Columns {
  return source.kind === 'linked' ? { ...source.columns, ...source.extraColumns } : source.columns
}
