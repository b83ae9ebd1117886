// The key of a relation is nested at most 4 levels deep.
import type { CoreGuardrail } from '../guardrail.js'
import { levelsOf, nameOf, placeOf, relationsOf } from '../relations.js'

export const relationIdDepth: CoreGuardrail = {
  id: 'relation-id-depth', title: 'Key of a relation is nested too deeply', kind: 'soft', limit: 4, unit: 'levels', rows: [21], source: 'default guardrails for Real-Time Customer Profile',
  why: 'The key is looked for in every record; deeply nested ones are slow to find and easy to lose when a schema changes.',
  fix: 'Name the field with fewer dots; the mapping of the stream can read it from wherever it is.',
  check: ({ project: { entities }, limit }) =>
    relationsOf(entities).filter(({ field }) => levelsOf(field) > limit)
      .map((each) => ({ detail: `${nameOf(each)} is ${String(levelsOf(each.field))} levels deep; the limit is ${String(limit)}.`, at: placeOf(each) })),
}
