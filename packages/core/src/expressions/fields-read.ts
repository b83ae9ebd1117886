// Which fields of which entities an expression reads. What reads a whole row, or everything, reads every field of it.
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import type { PathRead, Reads, TextRange } from './expression.js'
import { type FieldOrigin, toOrigins } from './root-shape.js'

export interface FieldRead extends FieldOrigin {
  /** Where its name stands in the expression, or the name of what it is a part of. */
  readonly range: TextRange
}

export interface FieldsQuestion {
  readonly reads: Reads
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  readonly entity: ProfileEntity
  /** Of a condition only its truth is known outside; of a payload all that it gives. */
  readonly as: 'condition' | 'payload'
}

/** Each field once, with the first place that reads it. */
export function findFieldsRead({ reads, entities, entity, as }: FieldsQuestion): readonly FieldRead[] {
  const origins = toOrigins(entities, entity)
  const found = new Map<string, FieldRead>()
  for (const read of reads.paths) {
    for (const origin of originsOf(read, origins, as)) {
      const key = `${origin.entity} ${origin.field}`
      const known = found.get(key)
      if (!known || read.range.from < known.range.from) found.set(key, { ...origin, range: read.range })
    }
  }
  return [...found.values()]
}

function originsOf({ path, as: readAs }: PathRead, origins: ReturnType<typeof toOrigins>, as: FieldsQuestion['as']): readonly FieldOrigin[] {
  const [root = '', ...names] = path.split('.')
  if (root === '*') return Object.values(origins).flatMap((each) => Object.values(each))
  const fields = Object.entries(origins[root] ?? {})
  const rest = names.join('.')
  if (rest === '' || rest === '*') {
    const isLookedAt = rest === '*' || readAs === 'value' || (readAs === 'result' && as === 'payload')
    return isLookedAt ? fields.map(([, origin]) => origin) : []
  }
  return fields.filter(([name]) => name === rest || name.startsWith(`${rest}.`) || rest.startsWith(`${name}.`)).map(([, origin]) => origin)
}
