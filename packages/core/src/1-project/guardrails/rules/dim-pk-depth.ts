// What identifies a record that is no person or event is nested at most 4 levels deep.
import type { EntitySchema } from '../../../entities/entity-schema.js'
import { parseOnce } from '../../../expressions/parse-once.js'
import type { Breach } from '../../../plugins/guardrail.js'
import { classOf } from '../entity-class.js'
import type { CoreGuardrail, GuardedByCore } from '../guardrail.js'
import { levelsOf } from '../relations.js'

export const dimPkDepth: CoreGuardrail = {
  id: 'dim-pk-depth', title: 'Primary key is nested too deeply', kind: 'soft', limit: 4, unit: 'levels', rows: [27], source: 'default guardrails for Real-Time Customer Profile',
  why: 'The key is read from every record before anything else is known of it; deeply nested ones break first when the source changes.',
  fix: 'Let the source give the key nearer to the top, or name the identity field with fewer dots.',
  check: (guarded) => [...deepKeys(guarded), ...deepIdentities(guarded)],
}

function deepKeys({ project: { sources, entities }, limit }: GuardedByCore): readonly Breach[] {
  return sources.flatMap((source) => source.streams.flatMap(({ name, entity, key }, index) => {
    const schema = entities[entity]
    const levels = levelsOfPath(key)
    if (!schema || !isDimension(schema) || levels <= limit) return []
    return [{ detail: `The key of stream "${name}" is ${String(levels)} levels deep; the limit is ${String(limit)}.`, at: { address: `Source/${source.name}`, pointer: `/streams/${String(index)}/key` } }]
  }))
}

function deepIdentities({ project: { entities }, limit }: GuardedByCore): readonly Breach[] {
  return Object.values(entities).filter(isDimension).flatMap(({ name, identities }) =>
    identities.filter(({ field }) => levelsOf(field) > limit)
      .map(({ field }) => ({ detail: `${name} is identified by ${field}, ${String(levelsOf(field))} levels deep; the limit is ${String(limit)}.`, at: { address: `Schema/${name}`, pointer: '/identities' } })))
}

function isDimension(schema: EntitySchema): boolean {
  const found = classOf(schema)
  return found === 'b2b' || found === 'custom'
}

/** Levels of a plain path, `header.product.id`; 1 for an expression that makes the key. */
function levelsOfPath(text: string): number {
  const parsed = parseOnce(text)
  const steps = parsed.ok && parsed.expression.tree.type === 'path' ? (parsed.expression.tree.steps ?? []) : []
  return steps.every((each) => each.type === 'name') ? steps.length : 1
}
