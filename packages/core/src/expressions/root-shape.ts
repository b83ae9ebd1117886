// What an expression sees, with types: the objects and lists at its root and the fields of each (docs/guide/segments.md).
// Made from the entity schemas; the compiler and the checks read it, nothing else knows how entities hang together here.
import type { EntityName, EntitySchema, FieldType } from '../entities/entity-schema.js'
import type { ProfileEntity } from '../entities/profile-entity.js'

/** Fields by dotted name (`consents.marketing.email`, `relation.role`). */
export type FieldTypes = Readonly<Record<string, FieldType>>

export interface RowShape {
  readonly fields: FieldTypes
  /** An object of it has at least one key, so it counts as true. */
  readonly neverEmpty: boolean
}

export interface RootShape {
  readonly entity: ProfileEntity
  /** Single objects: `person`, or `account` and `parent`. */
  readonly objects: Readonly<Record<string, RowShape>>
  /** Lists: `accounts`, `events` … */
  readonly relations: Readonly<Record<string, RowShape>>
}

/** Things carry their own source key under the name by which others refer to them. */
export const ownKeys: Readonly<Record<EntityName, string>> = { person: 'personKey', account: 'accountKey', opportunity: 'opportunityKey', campaign: 'campaignKey', 'marketing-list': 'listKey' }

/** @example toRootShape(standardEntities, 'person').relations.events?.fields['eventType'] // 'string' */
export function toRootShape(entities: Readonly<Record<EntityName, EntitySchema>>, entity: ProfileEntity): RootShape {
  const of = (name: EntityName): FieldTypes => fieldsOf(entities[name], name)
  const thing = (name: EntityName): RowShape => ({ fields: of(name), neverEmpty: true })
  const row = (fields: FieldTypes): RowShape => ({ fields, neverEmpty: false })
  if (entity === 'account') {
    return {
      entity,
      objects: { account: thing('account'), parent: thing('account') },
      relations: { people: thing('person'), opportunities: thing('opportunity'), children: thing('account') },
    }
  }
  return {
    entity,
    objects: { person: thing('person') },
    relations: {
      accounts: { fields: { ...of('account'), ...prefixed('relation', relationFields(entities['account-person'])) }, neverEmpty: true },
      opportunities: thing('opportunity'),
      opportunityRoles: row(of('opportunity-person')),
      campaignMemberships: { fields: membershipFields(entities, 'campaign-member', 'campaign', 'campaign'), neverEmpty: true },
      listMemberships: { fields: membershipFields(entities, 'list-member', 'marketing-list', 'list'), neverEmpty: true },
      events: row(of('event')),
    },
  }
}

function fieldsOf(schema: EntitySchema | undefined, name: EntityName): FieldTypes {
  const own = ownKeys[name]
  const fields = Object.fromEntries(Object.entries(schema?.fields ?? {}).map(([each, { type }]) => [each, type]))
  return own === undefined ? fields : { [own]: 'key', ...fields }
}

function prefixed(prefix: string, fields: FieldTypes): FieldTypes {
  return Object.fromEntries(Object.entries(fields).map(([each, type]) => [`${prefix}.${each}`, type]))
}

/** The keys of a relation's two ends say nothing where the account stands inside its person. */
function relationFields(schema: EntitySchema | undefined): FieldTypes {
  const own = Object.entries(fieldsOf(schema, 'account-person')).filter(([each]) => each !== 'personKey' && each !== 'accountKey')
  return { ...Object.fromEntries(own), direct: 'boolean', throughOpportunity: 'boolean' }
}

/** The name of a plain field of a campaign or list inside a membership: `name` is `campaignName`. */
export function memberFieldName(prefix: string, field: string): string {
  return `${prefix}${field.charAt(0).toUpperCase()}${field.slice(1)}`
}

function membershipFields(entities: Readonly<Record<EntityName, EntitySchema>>, relation: EntityName, group: EntityName, prefix: string): FieldTypes {
  const whole = fieldsOf(entities[group], group)
  const plain = Object.entries(whole).filter(([each, type]) => !each.includes('.') && type !== 'object' && type !== 'strings' && each !== ownKeys[group])
  const flat = Object.fromEntries(plain.map(([each, type]) => [memberFieldName(prefix, each), type]))
  return { ...flat, ...fieldsOf(entities[relation], relation), ...prefixed(prefix, whole) }
}
