// How the entities of a project refer to each other, in the terms of the limits: relations of the pack and those that the project adds.
import type { EntityName, EntitySchema } from '../../entities/entity-schema.js'
import type { CountedPlace } from './count-resources.js'
import { classOf, findStandard } from './entity-class.js'

export interface Relation {
  readonly from: EntitySchema
  readonly field: string
  readonly to: EntitySchema
  /** The project adds it; the others come with the pack. */
  readonly isOwn: boolean
}

/** A deal is filed under a campaign; Adobe defines no relation there (relationships of the Marketo namespaces page). */
const onlyNames: readonly string[] = ['opportunity.campaignKey']

/** Every key that refers to an entity; those that identify the thing itself are none. */
export function relationsOf(entities: Readonly<Record<EntityName, EntitySchema>>): readonly Relation[] {
  return Object.values(entities).flatMap((from) => Object.entries(from.fields).flatMap(([field, { references }]): readonly Relation[] => {
    const to = references === undefined ? undefined : entities[references]
    const standard = findStandard(from)
    const isOwn = standard?.fields[field] === undefined
    const isName = standard !== undefined && onlyNames.includes(`${standard.name}.${field}`)
    const isIdentity = from.identities.some((each) => each.field === field)
    return !to || isName || isIdentity ? [] : [{ from, field, to, isOwn }]
  }))
}

/** Between two classes of the pack: what Adobe calls a many-to-one relationship. A parent is of the same class, and events only name what they are about. */
export function isManyToOne({ from, to }: Relation): boolean {
  const [source, end] = [classOf(from), classOf(to)]
  return from.namespace !== to.namespace && source !== 'event' && source !== 'custom' && end !== 'event' && end !== 'custom'
}

export function placeOf({ from, field }: Relation): CountedPlace {
  return { address: `Schema/${from.name}`, pointer: `/fields/${field}` }
}

/** @example nameOf(relation) // 'product.vendorKey' */
export function nameOf({ from, field }: Relation): string {
  return `${from.name}.${field}`
}

/** Nested names are dotted: `codes.gs1.gtin` is three levels deep. */
export function levelsOf(field: string): number {
  return field.split('.').length
}
