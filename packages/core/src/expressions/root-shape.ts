// What an expression sees, with types: the objects and lists at its root and the fields of each (docs/guide/segments.md).
// Made from the entity schemas; the compiler and the checks read it, nothing else knows how entities hang together here.
import type { EntityName, EntitySchema, Field, FieldType } from '../entities/entity-schema.js'
import type { ProfileEntity } from '../entities/profile-entity.js'

/** Fields by dotted name (`consents.marketing.email`, `relation.role`). */
export type FieldTypes = Readonly<Record<string, FieldType>>

export interface RowShape {
  readonly fields: FieldTypes
  /** An object of it has at least one key, so it counts as true. */
  readonly neverEmpty: boolean
  /** Of the fields that have one: the values that it can have. */
  readonly enums?: Readonly<Record<string, readonly string[]>>
}

export interface RootShape {
  readonly entity: ProfileEntity
  /** Single objects: `person`, or `account` and `parent`. */
  readonly objects: Readonly<Record<string, RowShape>>
  /** Lists: `accounts`, `events` … */
  readonly relations: Readonly<Record<string, RowShape>>
}

/** A field of an entity: what stands behind a name that expressions see. */
export interface FieldOrigin {
  readonly entity: EntityName
  readonly field: string
}

/** Things carry their own source key under the name by which others refer to them. */
export const ownKeys: Readonly<Record<EntityName, string>> = { person: 'personKey', account: 'accountKey', opportunity: 'opportunityKey', campaign: 'campaignKey', 'marketing-list': 'listKey' }

/** @example toRootShape(standardEntities, 'person').relations.events?.fields['eventType'] // 'string' */
export function toRootShape(entities: Readonly<Record<EntityName, EntitySchema>>, entity: ProfileEntity): RootShape {
  const shapes = Object.entries(rootFields(entities, entity)).map(([name, fields]) => [name, toRowShape(fields, !mayBeEmpty.has(name))] as const)
  const isObject = (name: string): boolean => singleObjects.has(name)
  return { entity, objects: Object.fromEntries(shapes.filter(([name]) => isObject(name))), relations: Object.fromEntries(shapes.filter(([name]) => !isObject(name))) }
}

/** Of each name at the root the fields below it, by dotted name, with the entity's field that each is. What is computed is none. */
export function toOrigins(entities: Readonly<Record<EntityName, EntitySchema>>, entity: ProfileEntity): Readonly<Record<string, Readonly<Record<string, FieldOrigin>>>> {
  return Object.fromEntries(Object.entries(rootFields(entities, entity)).map(([root, fields]) =>
    [root, Object.fromEntries(Object.entries(fields).flatMap(([name, { origin }]) => (origin ? [[name, origin] as const] : [])))] as const))
}

const singleObjects: ReadonlySet<string> = new Set(['person', 'account', 'parent'])
/** Rows that need not have a key of their own. */
const mayBeEmpty: ReadonlySet<string> = new Set(['opportunityRoles', 'events'])

function rootFields(entities: Readonly<Record<EntityName, EntitySchema>>, entity: ProfileEntity): Readonly<Record<string, Fields>> {
  const of = (name: EntityName): Fields => fieldsOf(entities[name], name)
  if (entity === 'account') return { account: of('account'), parent: of('account'), people: of('person'), opportunities: of('opportunity'), children: of('account') }
  return {
    person: of('person'),
    accounts: { ...of('account'), ...prefixed('relation', relationFields(entities['account-person'])) },
    opportunities: of('opportunity'),
    opportunityRoles: of('opportunity-person'),
    campaignMemberships: membershipFields(entities, 'campaign-member', 'campaign', 'campaign'),
    listMemberships: membershipFields(entities, 'list-member', 'marketing-list', 'list'),
    events: of('event'),
  }
}

/** The entities behind the names at the root; in front of the last, those that tie its rows to the profile. */
export const rootEntities: Readonly<Record<ProfileEntity, Readonly<Record<string, readonly EntityName[]>>>> = {
  person: {
    person: ['person'], accounts: ['account-person', 'opportunity-person', 'account'], opportunities: ['opportunity-person', 'account-person', 'opportunity'], opportunityRoles: ['opportunity-person'],
    campaignMemberships: ['campaign-member', 'campaign'], listMemberships: ['list-member', 'marketing-list'], events: ['event'],
  },
  account: { account: ['account'], parent: ['account'], children: ['account'], people: ['account-person', 'opportunity-person', 'person'], opportunities: ['opportunity'] },
}

/** What expressions see, by what the segment holds. */
export function toRootShapes(entities: Readonly<Record<EntityName, EntitySchema>>): Readonly<Record<ProfileEntity, RootShape>> {
  return { person: toRootShape(entities, 'person'), account: toRootShape(entities, 'account') }
}

type Fields = Readonly<Record<string, SeenField>>

interface SeenField extends Pick<Field, 'type' | 'enum'> {
  readonly origin?: FieldOrigin
}

function toRowShape(fields: Fields, neverEmpty: boolean): RowShape {
  const types = Object.fromEntries(Object.entries(fields).map(([each, { type }]) => [each, type]))
  const enums = Object.entries(fields).flatMap(([each, field]) => (field.enum === undefined ? [] : [[each, field.enum] as const]))
  return { fields: types, neverEmpty, ...(enums.length === 0 ? {} : { enums: Object.fromEntries(enums) }) }
}

function fieldsOf(schema: EntitySchema | undefined, name: EntityName): Fields {
  const own = ownKeys[name]
  const all: Readonly<Record<string, Pick<Field, 'type' | 'enum'>>> = { ...(own === undefined ? {} : { [own]: { type: 'key' } }), ...schema?.fields }
  return Object.fromEntries(Object.entries(all).map(([field, { type, enum: values }]) => [field, { type, ...(values ? { enum: values } : {}), origin: { entity: name, field } }]))
}

function prefixed(prefix: string, fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([each, field]) => [`${prefix}.${each}`, field]))
}

/** The keys of a relation's two ends say nothing where the account stands inside its person. */
function relationFields(schema: EntitySchema | undefined): Fields {
  const own = Object.entries(fieldsOf(schema, 'account-person')).filter(([each]) => each !== 'personKey' && each !== 'accountKey')
  return { ...Object.fromEntries(own), direct: { type: 'boolean' }, throughOpportunity: { type: 'boolean' } }
}

/** The name of a plain field of a campaign or list inside a membership: `name` is `campaignName`. */
export function memberFieldName(prefix: string, field: string): string {
  return `${prefix}${field.charAt(0).toUpperCase()}${field.slice(1)}`
}

function membershipFields(entities: Readonly<Record<EntityName, EntitySchema>>, relation: EntityName, group: EntityName, prefix: string): Fields {
  const whole = fieldsOf(entities[group], group)
  const plain = Object.entries(whole).filter(([each, { type }]) => !each.includes('.') && type !== 'object' && type !== 'strings' && each !== ownKeys[group])
  const flat = Object.fromEntries(plain.map(([each, field]) => [memberFieldName(prefix, each), field]))
  return { ...flat, ...fieldsOf(entities[relation], relation), ...prefixed(prefix, whole) }
}
