// What a profile of a test may have: the names at its root, and the fields of each thing (docs/guide/segments.md).
import type { EntityName, EntitySchema, Field } from '../../entities/entity-schema.js'
import type { Paths, ProfileEntity } from '../../entities/profile-entity.js'
import { memberFieldName } from '../../expressions/root-shape.js'

/** One object: the fields of an entity, and what stands in it besides. */
export interface ThingShape {
  readonly entity: EntityName
  /** The thing's own source key, under the name by which others refer to it. */
  readonly ownKey?: string
  /** Fields of the entity that the expression does not see here. */
  readonly without?: readonly string[]
  readonly extra?: Readonly<Record<string, Field>>
  /** Things inside the thing: the `relation` of an account. */
  readonly parts?: Readonly<Record<string, ThingShape>>
  /** The part whose plain fields also stand in the thing itself: `campaign.name` and `campaignName`. */
  readonly flattened?: string
}

export type RootShape = { readonly is: 'one' | 'list'; readonly of: ThingShape } | { readonly is: 'id' | 'segments' }

const flag: Field = { type: 'boolean' }
const person: ThingShape = { entity: 'person', ownKey: 'personKey' }
const account: ThingShape = { entity: 'account', ownKey: 'accountKey' }
const opportunity: ThingShape = { entity: 'opportunity', ownKey: 'opportunityKey' }
const relation: ThingShape = { entity: 'account-person', without: ['personKey', 'accountKey'], extra: { direct: flag, throughOpportunity: flag } }

const one = (of: ThingShape): RootShape => ({ is: 'one', of })
const list = (of: ThingShape): RootShape => ({ is: 'list', of })

export const rootShapes: Readonly<Record<ProfileEntity, Readonly<Record<string, RootShape>>>> = {
  person: {
    id: { is: 'id' },
    person: one(person),
    accounts: list({ ...account, parts: { relation } }),
    opportunities: list(opportunity),
    opportunityRoles: list({ entity: 'opportunity-person' }),
    campaignMemberships: list({ entity: 'campaign-member', parts: { campaign: { entity: 'campaign', ownKey: 'campaignKey' } }, flattened: 'campaign' }),
    listMemberships: list({ entity: 'list-member', parts: { list: { entity: 'marketing-list', ownKey: 'listKey' } }, flattened: 'list' }),
    events: list({ entity: 'event' }),
    segments: { is: 'segments' },
  },
  account: {
    id: { is: 'id' },
    account: one(account),
    people: list(person),
    opportunities: list(opportunity),
    children: list(account),
    parent: one(account),
    segments: { is: 'segments' },
  },
}

/** Fields of a thing by dotted name, in the order in which the store gives them. */
export function fieldsOf({ entity, ownKey, without, extra }: ThingShape, entities: Readonly<Record<EntityName, EntitySchema>>): Readonly<Record<string, Field>> {
  const own = Object.entries(entities[entity]?.fields ?? {}).filter(([name]) => without?.includes(name) !== true)
  return { ...(ownKey === undefined ? {} : { [ownKey]: { type: 'key', references: entity } as const }), ...Object.fromEntries(own), ...extra }
}

/** `campaignName` by `name`, for the fields that stand in the membership, too: no key, no list, nothing nested. */
export function flatNames(part: string, shape: ThingShape, entities: Readonly<Record<EntityName, EntitySchema>>): ReadonlyMap<string, string> {
  const plain = Object.entries(entities[shape.entity]?.fields ?? {}).filter(([name, { type }]) => type !== 'strings' && type !== 'object' && !name.includes('.'))
  return new Map(plain.map(([name]) => [name, memberFieldName(part, name)]))
}

/** What the store always has for an account of a person: by which ways it was found. A test that says nothing means the way that the segment asks for. */
export function defaultRelation({ accounts }: Paths): { readonly direct: boolean; readonly throughOpportunity: boolean } {
  return { direct: accounts === 'direct', throughOpportunity: accounts === 'opportunity' }
}
