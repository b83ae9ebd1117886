// Profiles of the case files → rows of a store, so that readProfileViews gives each document back as the storage
// contract says. Every profile gets its own accounts, deals, campaigns and lists: then exactly its own come back, in order.
import type { EntitySchema } from '../../packages/core/src/entities/entity-schema.js'
import type { Paths } from '../../packages/core/src/entities/profile-entity.js'
import { fixedClock, instantFromMs } from '../../packages/core/src/kernel/clock.js'
import type { Json, JsonObject } from '../../packages/core/src/kernel/json.js'
import { readProfileViews } from '../../packages/core/src/matching/profile-view.js'
import { unifiedTable } from '../../packages/core/src/stores/entity-tables.js'
import type { Store, StoreValue, Table } from '../../packages/core/src/stores/store.js'
import { personAccountTable } from '../../packages/core/src/stores/tables.js'
import { aStore } from '../../packages/core/src/testing/a-store.js'
import { type Fields, type Model, type Places, type RelationName, leavesOf, perRelation, placesOf, relationNames, toEntities } from './model.js'
import type { StoredForm, StoredProfile, StoredRow } from './stored-form.js'

/** Deals come through the accounts: through roles, each role would need a deal, and each deal a role. */
export const casePaths: Paths = { accounts: 'any', opportunities: 'account' }

export interface LoadedStore {
  readonly store: Store
  readonly entities: Readonly<Record<string, EntitySchema>>
  /** As they come back, in the order of the profiles. The `_id` of a profile is its place, from 1. */
  readonly documents: readonly JsonObject[]
}

/** Close the store when done. Throws when a profile does not come back as it went in. */
export async function loadProfiles(form: StoredForm, nowMs: number): Promise<LoadedStore> {
  const entities = toEntities(form.model)
  const store = await aStore(entities, fixedClock(instantFromMs(nowMs)))
  const rows = new RowsOfTables(form.model)
  for (const [index, profile] of form.profiles.entries()) {
    rows.add(profile, index + 1)
    if (rows.count > rowsPerAppend) await rows.appendTo(store, entities)
  }
  await rows.appendTo(store, entities)
  const documents: JsonObject[] = []
  for await (const page of readProfileViews(store, { entities, entity: 'person', paths: casePaths })) documents.push(...page.map((each) => each.root))
  checkDocuments(form, documents)
  return { store, entities, documents }
}

const rowsPerAppend = 100_000

type Put = Readonly<Record<string, Json | undefined>>

class RowsOfTables {
  count = 0
  readonly #places: Readonly<Record<RelationName, Places>>
  readonly #rows = new Map<string, Put[]>()
  #links: StoreValue[][] = []
  #lastId = 0

  constructor(model: Model) {
    this.#places = perRelation((name) => placesOf(name, model.relations[name]))
  }

  add(profile: StoredProfile, id: number): void {
    this.put('person', { _id: id, _source_keys: keyList(profile.person['personKey']), ...profile.person })
    const accounts = this.addAccounts(profile, id)
    const opportunities = this.addOpportunities(profile, id, accounts)
    for (const [place, role] of profile.relations.opportunityRoles.entries()) {
      this.put('opportunity-person', { _source_key: ordered(id, place), ...role, personKey_id: id, opportunityKey_id: opportunities.get(role['opportunityKey']) })
    }
    this.addMemberships(profile, id, { relation: 'campaignMemberships', member: 'campaign-member', group: 'campaign', key: 'campaignKey' })
    this.addMemberships(profile, id, { relation: 'listMemberships', member: 'list-member', group: 'marketing-list', key: 'listKey' })
    for (const event of profile.relations.events) this.put('event', { _seq: this.nextId(), _source_key: event['eventId'] ?? '', _nid: id, _id: id, ...event })
  }

  async appendTo(store: Store, entities: Readonly<Record<string, EntitySchema>>): Promise<void> {
    for (const [entity, rows] of this.#rows) {
      const schema = entities[entity]
      if (!schema) throw new RangeError(`no schema for ${entity}`)
      const table = unifiedTable(schema)
      await store.append(table, rows.map((row) => toStoreRow(row, table)))
    }
    await store.append(personAccountTable, this.#links)
    this.#rows.clear()
    this.#links = []
    this.count = 0
  }

  private addAccounts(profile: StoredProfile, person: number): ReadonlyMap<Json | undefined, number> {
    const ids = new Map<Json | undefined, number>()
    for (const [place, row] of profile.relations.accounts.entries()) {
      const { own, other } = this.split('accounts', row)
      const id = this.nextId()
      ids.set(row['accountKey'], id)
      this.put('account', { _id: id, _source_keys: keyList(row['accountKey']), ...own })
      this.put('account-person', { _source_key: ordered(person, place), ...other, personKey_id: person, accountKey_id: id })
      this.#links.push([person, id, false, true, false])
    }
    return ids
  }

  // A deal of an account that the person has no relation to hangs on an id without an account: the link leads to the
  // deal, and no account comes back for it.
  private addOpportunities(profile: StoredProfile, person: number, accounts: ReadonlyMap<Json | undefined, number>): ReadonlyMap<Json | undefined, number> {
    const ids = new Map<Json | undefined, number>()
    const nobodys = profile.relations.opportunities.some((row) => !accounts.has(row['accountKey'])) ? this.nextId() : undefined
    if (nobodys !== undefined) this.#links.push([person, nobodys, false, false, true])
    for (const row of profile.relations.opportunities) {
      const id = this.nextId()
      ids.set(row['opportunityKey'], id)
      this.put('opportunity', { _id: id, _source_keys: keyList(row['opportunityKey']), ...row, accountKey_id: accounts.get(row['accountKey']) ?? nobodys })
    }
    return ids
  }

  private addMemberships(profile: StoredProfile, person: number, kind: { readonly relation: RelationName; readonly member: string; readonly group: string; readonly key: string }): void {
    for (const [place, row] of profile.relations[kind.relation].entries()) {
      const { own, other } = this.split(kind.relation, row)
      const id = this.nextId()
      this.put(kind.group, { _id: id, _source_keys: keyList(row[kind.key]), ...other })
      this.put(kind.member, { _source_key: ordered(person, place), ...own, personKey_id: person, [`${kind.key}_id`]: id })
    }
  }

  private split(relation: RelationName, row: StoredRow): { readonly own: Put; readonly other: Put } {
    const columns = (where: 'own' | 'other'): Put =>
      Object.fromEntries(Object.entries(row).flatMap(([field, value]) => { const place = this.#places[relation][field]; return place?.in === where ? [[place.column, value] as const] : [] }))
    return { own: columns('own'), other: columns('other') }
  }

  private put(entity: string, row: Put): void {
    const rows = this.#rows.get(entity)
    if (rows) rows.push(row)
    else this.#rows.set(entity, [row])
    this.count++
  }

  // One counter for all ids, so that no id of one entity happens to be one of another.
  private nextId(): number {
    this.#lastId++
    return this.#lastId
  }
}

/** Rows of relations come back in the order of their keys. */
function ordered(person: number, place: number): string {
  return `${String(person).padStart(8, '0')}-${String(place).padStart(6, '0')}`
}

function keyList(key: Json | undefined): readonly string[] {
  return typeof key === 'string' ? [key] : []
}

function toStoreRow(row: Put, table: Table): readonly StoreValue[] {
  return table.columns.map(({ name, type }) => {
    const value = row[name]
    if (value === undefined || value === null) return null
    return type === 'json' ? JSON.stringify(value) : (value as StoreValue)
  })
}

// Extra keys of the store (`relation.direct`, the whole `campaign`) and its own `id` are not compared.
function checkDocuments(form: StoredForm, documents: readonly JsonObject[]): void {
  for (const [index, profile] of form.profiles.entries()) {
    const document = documents[index]
    const differing = document ? findDifference(form.model, profile, document) : 'person'
    if (differing !== undefined) throw new Error(`profile ${profile.id} does not come back from the store as it went in: ${differing}`)
  }
}

function findDifference(model: Model, profile: StoredProfile, document: JsonObject): string | undefined {
  const same = (row: StoredRow | undefined, object: Json | undefined, fields: Fields): boolean => {
    const found = Object.fromEntries(leavesOf((object ?? {}) as JsonObject, fields).filter(([path]) => fields[path] !== undefined))
    return row !== undefined && canonical(found) === canonical(row)
  }
  if (!same(profile.person, document['person'], model.person)) return 'person'
  for (const name of relationNames) {
    const items = document[name] as readonly Json[]
    const place = Array.from({ length: Math.max(items.length, profile.relations[name].length) }, (_, at) => at).find((at) => !same(profile.relations[name][at], items[at], model.relations[name]))
    if (place !== undefined) return `${name}[${String(place)}]`
  }
  return undefined
}

function canonical(row: StoredRow): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
}

