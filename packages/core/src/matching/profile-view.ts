// Profiles as an expression sees them (docs/guide/segments.md, "what an expression sees"): a page of ids in, root objects out.
// A few set-based questions per page, none per profile; relations that nobody reads are not asked for.
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import { tableOf } from '../entities/entity-schema.js'
import type { Paths, ProfileEntity } from '../entities/profile-entity.js'
import { memberFieldName, ownKeys } from '../expressions/root-shape.js'
import type { Json, JsonObject } from '../kernel/json.js'
import { type SqlText, joined, name, numbers, param, sqlText } from '../kernel/sql-text.js'
import type { Connection, StoreRow } from '../stores/store.js'
import type { ProfileView } from './match.js'
import { accountPath } from './row-sources.js'
import { toObject as toFields } from './to-object.js'

export interface ViewRequest {
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  readonly entity: ProfileEntity
  readonly paths: Paths
  /** Ascending; all profiles of the entity when absent. Ids that no longer exist are passed over. */
  readonly ids?: readonly number[]
  /** Root names that are read; everything when absent or when it has `*`. */
  readonly roots?: ReadonlySet<string>
}

const pageSize = 2000

export async function* readProfileViews(store: Connection, request: ViewRequest): AsyncIterable<readonly ProfileView[]> {
  for await (const page of readPages(store, request)) {
    const views = request.entity === 'person' ? await personViews(store, request, page) : await accountViews(store, request, page)
    if (views.length > 0) yield views
  }
}

/** A condition that holds for the rows of one page, for whatever column has the profile's id. */
type Page = (column: SqlText) => SqlText

async function* readPages(store: Connection, { entity, ids }: ViewRequest): AsyncIterable<Page> {
  if (ids) {
    for (let from = 0; from < ids.length; from += pageSize) yield listPage(ids.slice(from, from + pageSize))
    return
  }
  let last = -1
  for (;;) {
    const page = sqlText`select _id from ${name(tableOf(entity))} where _id > ${param(last)} order by _id limit ${param(pageSize)}`
    const { first, end } = await store.row<{ first: number | null; end: number | null }>(sqlText`select min(_id) as first, max(_id) as end from (${page})`)
    if (first === null || end === null) return
    last = end
    yield (column) => sqlText`${column} between ${param(first)} and ${param(end)}`
  }
}

function listPage(ids: readonly number[]): Page {
  const [first = 0] = ids
  if (ids.length === 1) return (column) => sqlText`${column} = ${param(first)}`
  const list = numbers(ids)
  return (column) => sqlText`${column} in ${list}`
}

async function personViews(store: Connection, request: ViewRequest, page: Page): Promise<readonly ProfileView[]> {
  const { entities } = request
  const reads = (root: string): boolean => !request.roots || request.roots.has(root) || request.roots.has('*')
  const persons = await store.rows(sqlText`select * from person where ${page(sqlText`_id`)} order by _id`)
  const lists: Readonly<Record<string, Grouped>> = {
    accounts: reads('accounts') ? await readAccounts(store, request, page) : none,
    opportunities: reads('opportunities') ? await readOpportunities(store, request, page) : none,
    opportunityRoles: reads('opportunityRoles') ? await readRelation(store, page, schemaOf(entities, 'opportunity-person')) : none,
    campaignMemberships: reads('campaignMemberships') ? await readMemberships(store, request, page, campaigns) : none,
    listMemberships: reads('listMemberships') ? await readMemberships(store, request, page, marketingLists) : none,
    events: reads('events') ? await readEvents(store, request, page) : none,
  }
  const person = schemaOf(entities, 'person')
  return persons.map((row) => {
    const id = Number(row['_id'])
    const related = Object.entries(lists).map(([key, grouped]) => [key, grouped.get(id) ?? []] as const)
    return { id, sourceKeys: keysOf(row), root: { id: String(id), person: toObject(row, person), ...Object.fromEntries(related) } }
  })
}

async function accountViews(store: Connection, request: ViewRequest, page: Page): Promise<readonly ProfileView[]> {
  const { entities } = request
  const reads = (root: string): boolean => !request.roots || request.roots.has(root) || request.roots.has('*')
  const account = schemaOf(entities, 'account')
  const rows = await store.rows(sqlText`select * from account where ${page(sqlText`_id`)} order by _id`)
  const people = reads('people') ? await readPeople(store, request, page) : none
  const opportunities = reads('opportunities') ? await readAccountOpportunities(store, request, page) : none
  const children = reads('children') ? group(await store.rows(sqlText`select * from account where ${page(sqlText`"parentKey_id"`)} order by _id`), 'parentKey_id', account) : none
  const parents = reads('parent') ? await readParents(store, page, account) : none
  return rows.map((row) => {
    const id = Number(row['_id'])
    const [parent] = parents.get(id) ?? []
    return {
      id,
      sourceKeys: keysOf(row),
      root: { id: String(id), account: toObject(row, account), people: people.get(id) ?? [], opportunities: opportunities.get(id) ?? [], children: children.get(id) ?? [], ...(parent === undefined ? {} : { parent }) },
    }
  })
}

function keysOf(row: StoreRow): readonly string[] {
  const keys = row['_source_keys']
  return Array.isArray(keys) ? (keys as readonly string[]) : []
}

function toObject(row: StoreRow, schema: EntitySchema): JsonObject {
  const own = ownKeys[schema.name]
  const [key] = keysOf(row)
  return own === undefined || key === undefined ? toFields(row, schema) : { [own]: key, ...toFields(row, schema) }
}

type Grouped = ReadonlyMap<number, readonly Json[]>
const none: Grouped = new Map()

function group(rows: readonly StoreRow[], owner: string, schema: EntitySchema): Grouped {
  return groupBy(rows, owner, (row) => toObject(row, schema))
}

function groupBy(rows: readonly StoreRow[], owner: string, toItem: (row: StoreRow) => JsonObject): Grouped {
  const groups = new Map<number, Json[]>()
  for (const row of rows) {
    const key = Number(row[owner])
    const list = groups.get(key)
    if (list) list.push(toItem(row))
    else groups.set(key, [toItem(row)])
  }
  return groups
}

async function readAccounts(store: Connection, request: ViewRequest, page: Page): Promise<Grouped> {
  const relation = schemaOf(request.entities, 'account-person')
  const relations = await store.rows(sqlText`select * from account_person where ${page(sqlText`"personKey_id"`)} order by _source_key`)
  const byPair = new Map([...relations].reverse().map((row) => [`${String(row['personKey_id'])} ${String(row['accountKey_id'])}`, row]))
  const rows = await store.rows(
    sqlText`select l.person_id as _owner, l.direct as _direct, l.opportunity as _opportunity, a.* from person_account l join account a on a._id = l.account_id
      where ${page(sqlText`l.person_id`)} and ${accountPath(request.paths)} order by l.person_id, a._id`,
  )
  const account = schemaOf(request.entities, 'account')
  return groupBy(rows, '_owner', (row) => {
    const own = byPair.get(`${String(row['_owner'])} ${String(row['_id'])}`)
    return { ...toObject(row, account), relation: { ...(own ? withoutEnds(toObject(own, relation)) : {}), direct: row['_direct'] === true, throughOpportunity: row['_opportunity'] === true } }
  })
}

/** The keys of a relation's two ends say nothing where the account stands inside its person. */
function withoutEnds(relation: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(relation).filter(([key]) => key !== 'personKey' && key !== 'accountKey'))
}

async function readOpportunities(store: Connection, request: ViewRequest, page: Page): Promise<Grouped> {
  const byRole = sqlText`select "personKey_id" as _owner, "opportunityKey_id" as _opportunity from opportunity_person where ${page(sqlText`"personKey_id"`)}`
  const byAccount = sqlText`select l.person_id as _owner, o._id as _opportunity from person_account l join opportunity o on o."accountKey_id" = l.account_id where ${page(sqlText`l.person_id`)} and ${accountPath(request.paths)}`
  const pairs = { role: [byRole], account: [byAccount], any: [byRole, byAccount] }[request.paths.opportunities]
  const rows = await store.rows(
    sqlText`select distinct p._owner, o.* from (${joined(pairs, ' union all ')}) p join opportunity o on o._id = p._opportunity order by p._owner, o._id`,
  )
  return group(rows, '_owner', schemaOf(request.entities, 'opportunity'))
}

async function readRelation(store: Connection, page: Page, schema: EntitySchema): Promise<Grouped> {
  return group(await store.rows(sqlText`select * from ${name(tableOf(schema.name))} where ${page(sqlText`"personKey_id"`)} order by _source_key`), 'personKey_id', schema)
}

interface MembershipKind {
  readonly relation: EntityName
  readonly group: EntityName
  readonly reference: string
  /** Under this name the whole campaign or list stands in the membership; its plain fields also with it as prefix (`campaignName`). */
  readonly prefix: string
}
const campaigns: MembershipKind = { relation: 'campaign-member', group: 'campaign', reference: 'campaignKey_id', prefix: 'campaign' }
const marketingLists: MembershipKind = { relation: 'list-member', group: 'marketing-list', reference: 'listKey_id', prefix: 'list' }

async function readMemberships(store: Connection, request: ViewRequest, page: Page, kind: MembershipKind): Promise<Grouped> {
  const relation = schemaOf(request.entities, kind.relation)
  const groupSchema = schemaOf(request.entities, kind.group)
  const members = await store.rows(sqlText`select * from ${name(tableOf(kind.relation))} where ${page(sqlText`"personKey_id"`)} order by _source_key`)
  const groups = await store.rows(
    sqlText`select * from ${name(tableOf(kind.group))} where _id in (select ${name(kind.reference)} from ${name(tableOf(kind.relation))} where ${page(sqlText`"personKey_id"`)})`,
  )
  const byId = new Map(groups.map((row) => [row['_id'], toObject(row, groupSchema)]))
  return groupBy(members, 'personKey_id', (row) => {
    const whole = byId.get(row[kind.reference] ?? null) ?? {}
    const flat = Object.entries(whole).filter(([key, value]) => typeof value !== 'object' && key !== ownKeys[kind.group]).map(([key, value]) => [memberFieldName(kind.prefix, key), value] as const)
    return { ...Object.fromEntries(flat), ...toObject(row, relation), [kind.prefix]: whole }
  })
}

async function readEvents(store: Connection, request: ViewRequest, page: Page): Promise<Grouped> {
  return group(await store.rows(sqlText`select * from event where ${page(sqlText`_id`)} order by _id, "timestamp", _source_key`), '_id', schemaOf(request.entities, 'event'))
}

async function readPeople(store: Connection, request: ViewRequest, page: Page): Promise<Grouped> {
  const rows = await store.rows(
    sqlText`select l.account_id as _owner, p.* from person_account l join person p on p._id = l.person_id where ${page(sqlText`l.account_id`)} and ${accountPath(request.paths)} order by l.account_id, p._id`,
  )
  return group(rows, '_owner', schemaOf(request.entities, 'person'))
}

async function readAccountOpportunities(store: Connection, request: ViewRequest, page: Page): Promise<Grouped> {
  const rows = await store.rows(sqlText`select * from opportunity where ${page(sqlText`"accountKey_id"`)} order by "accountKey_id", _id`)
  return group(rows, 'accountKey_id', schemaOf(request.entities, 'opportunity'))
}

async function readParents(store: Connection, page: Page, account: EntitySchema): Promise<Grouped> {
  const rows = await store.rows(sqlText`select c._id as _owner, p.* from account c join account p on p._id = c."parentKey_id" where ${page(sqlText`c._id`)}`)
  return group(rows, '_owner', account)
}

function schemaOf(entities: ViewRequest['entities'], entity: EntityName): EntitySchema {
  const schema = entities[entity]
  if (!schema) throw new RangeError(`no schema for ${entity}`)
  return schema
}
