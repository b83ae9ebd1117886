// The cases' model.json → the fields of a profile with the store's types, and the entity schemas that hold them.
// What the data has beyond the model widens it: such a field is stored as JSON, as fields of several types are.
import { readFileSync } from 'node:fs'
import type { EntitySchema, Field, FieldType } from '../../packages/core/src/entities/entity-schema.js'
import { account, accountPerson, campaign, campaignMember, event, listMember, marketingList, opportunity, opportunityPerson, person } from '../../packages/core/src/entities/standard-entities.js'
import { findInstant } from '../../packages/core/src/kernel/clock.js'
import { type Json, type JsonObject, isJsonObject } from '../../packages/core/src/kernel/json.js'

export const relationNames = ['accounts', 'opportunities', 'opportunityRoles', 'campaignMemberships', 'listMemberships', 'events'] as const
export type RelationName = (typeof relationNames)[number]

export function perRelation<T>(make: (name: RelationName) => T): Readonly<Record<RelationName, T>> {
  return Object.fromEntries(relationNames.map((name) => [name, make(name)])) as Record<RelationName, T>
}

/** Fields under dotted names: `scores.fit`. A field that is an object as a whole has no fields below it. */
export type Fields = Readonly<Record<string, FieldType>>

export interface Model {
  readonly person: Fields
  readonly relations: Readonly<Record<RelationName, Fields>>
}

interface WrittenField {
  readonly type?: string | readonly string[]
}
interface WrittenModel {
  readonly person: Readonly<Record<string, WrittenField>>
  readonly relations: Readonly<Record<RelationName, { readonly fields: Readonly<Record<string, WrittenField>> }>>
}

export function readModel(): Model {
  const written = JSON.parse(readFileSync(new URL('cases/segments/model.json', import.meta.url), 'utf8')) as WrittenModel
  return { person: toFields(written.person), relations: perRelation((name) => toFields(written.relations[name].fields)) }
}

function toFields(written: Readonly<Record<string, WrittenField>>): Fields {
  const names = Object.keys(written)
  const leaves = names.filter((each) => !names.some((other) => other.startsWith(`${each}.`)))
  return Object.fromEntries(leaves.map((each) => [each, toFieldType(written[each]?.type)]))
}

const fieldTypes: Readonly<Record<string, FieldType>> = { 'string': 'string', 'number': 'number', 'boolean': 'boolean', 'date': 'date', 'timestamp': 'timestamp', 'string[]': 'strings' }

function toFieldType(type: WrittenField['type']): FieldType {
  return typeof type === 'string' ? (fieldTypes[type] ?? 'object') : 'object'
}

/** One field of a profile, as it stands there. */
export type Leaf = readonly [field: string, value: Json]

/** The fields of an object: declared ones whole, objects above declared fields opened, everything else as it is. */
export function leavesOf(object: JsonObject, fields: Fields, prefix = ''): readonly Leaf[] {
  return Object.entries(object).flatMap(([key, value]): readonly Leaf[] => {
    const path = `${prefix}${key}`
    const isOpened = fields[path] === undefined && isJsonObject(value) && Object.keys(fields).some((each) => each.startsWith(`${path}.`))
    return isOpened ? leavesOf(value, fields, `${path}.`) : [[path, value]]
  })
}

/** Whether a value can stand in a column of the type and come back the same. */
export function fits(value: Json, type: FieldType): boolean {
  switch (type) {
    case 'string':
    case 'date':
    case 'key': return typeof value === 'string'
    case 'number':
    case 'integer': return typeof value === 'number'
    case 'boolean': return typeof value === 'boolean'
    case 'timestamp': return typeof value === 'string' && findInstant(value) === value
    case 'strings': return Array.isArray(value) && value.every((each) => typeof each === 'string')
    case 'object': return true
  }
}

/** The fields with those of the data that they lack or hold in another type. */
export function widened(fields: Fields, items: Iterable<JsonObject>): Fields {
  const wide: Record<string, FieldType> = { ...fields }
  for (const item of items) {
    for (const [path, value] of leavesOf(item, wide)) {
      const type = wide[path]
      if (type !== undefined && fits(value, type)) continue
      for (const below of Object.keys(wide)) if (below.startsWith(`${path}.`)) Reflect.deleteProperty(wide, below)
      wide[path] = 'object'
    }
  }
  return wide
}

/** Where a field of a relation stands: `campaignName` is the campaign's `name`, `relation.role` the account-person's `role`. */
export interface Places {
  readonly [field: string]: { readonly in: 'own' | 'other'; readonly column: string }
}

export function placesOf(relation: RelationName, fields: Fields): Places {
  return Object.fromEntries(Object.entries(fields).map(([field, type]) => [field, placeOf(relation, field, type)]))
}

function placeOf(relation: RelationName, field: string, type: FieldType): Places[string] {
  if (relation === 'accounts' && field.startsWith('relation.')) return { in: 'other', column: field.slice('relation.'.length) }
  const prefix = { campaignMemberships: 'campaign', listMemberships: 'list' }[relation as string]
  const isOfGroup = prefix !== undefined && new RegExp(`^${prefix}[A-Z]`).test(field) && field !== `${prefix}Key` && !field.includes('.') && type !== 'object' && type !== 'strings'
  if (!isOfGroup) return { in: 'own', column: field }
  const rest = field.slice(prefix.length)
  return { in: 'other', column: `${rest.charAt(0).toLowerCase()}${rest.slice(1)}` }
}

/** The standard entities with exactly the model's fields, and the keys by which they refer to each other. */
export function toEntities({ person: personFields, relations }: Model): Readonly<Record<string, EntitySchema>> {
  const columns = (relation: RelationName, where: 'own' | 'other'): Fields => {
    const places = Object.entries(placesOf(relation, relations[relation])).filter(([, place]) => place.in === where)
    return Object.fromEntries(places.map(([field, { column }]) => [column, relations[relation][field] ?? 'object']))
  }
  const schemas = [
    withFields(person, personFields, 'personKey'),
    withFields(account, columns('accounts', 'own'), 'accountKey'),
    withFields(accountPerson, columns('accounts', 'other')),
    withFields(opportunity, columns('opportunities', 'own'), 'opportunityKey'),
    withFields(opportunityPerson, columns('opportunityRoles', 'own')),
    withFields(campaign, columns('campaignMemberships', 'other'), 'campaignKey'),
    withFields(campaignMember, columns('campaignMemberships', 'own')),
    withFields(marketingList, columns('listMemberships', 'other'), 'listKey'),
    withFields(listMember, columns('listMemberships', 'own')),
    withFields(event, columns('events', 'own')),
  ]
  return Object.fromEntries(schemas.map((each) => [each.name, each]))
}

const keptReferences: Readonly<Record<string, readonly string[]>> = {
  'opportunity': ['accountKey'], 'opportunity-person': ['opportunityKey', 'personKey'], 'account-person': ['accountKey', 'personKey'],
  'campaign-member': ['campaignKey', 'personKey'], 'list-member': ['listKey', 'personKey'],
}

function withFields(schema: EntitySchema, fields: Fields, ownKey?: string): EntitySchema {
  const own = Object.entries(fields).filter(([name]) => name !== ownKey).map(([name, type]): [string, Field] => [name, { type }])
  const references = (keptReferences[schema.name] ?? []).flatMap((name): [string, Field][] => { const field = schema.fields[name]; return field ? [[name, field]] : [] })
  return { ...schema, fields: { ...Object.fromEntries(own), ...Object.fromEntries(references) }, identities: [] }
}
