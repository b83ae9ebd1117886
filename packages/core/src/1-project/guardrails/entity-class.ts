// What the limits call an entity. Adobe's tell persons and events from the other classes of B2B, and all of these from what a
// project adds of its own (custom dimensions).
import type { EntitySchema } from '../../entities/entity-schema.js'
import { standardEntities } from '../../entities/standard-entities.js'

export type EntityClass = 'person' | 'event' | 'b2b' | 'custom'

/** A schema that extends one of the pack is of its class, whatever its own name: it has the namespace. */
export function classOf(schema: EntitySchema): EntityClass {
  const standard = findStandard(schema)
  if (!standard) return 'custom'
  return standard.name === 'person' || standard.name === 'event' ? standard.name : 'b2b'
}

/** A schema that there is none of is of no class: that it is missing was told. */
export function isOfClass(schema: EntitySchema | undefined, wanted: EntityClass): boolean {
  return schema !== undefined && classOf(schema) === wanted
}

/** The schema of the pack that this one is or extends. */
export function findStandard({ namespace }: EntitySchema): EntitySchema | undefined {
  return Object.values(standardEntities).find((each) => each.namespace === namespace)
}
