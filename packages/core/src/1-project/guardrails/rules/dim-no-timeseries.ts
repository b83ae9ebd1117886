// Events are of persons: an account has none.
import { isOfClass } from '../entity-class.js'
import type { CoreGuardrail } from '../guardrail.js'

export const dimNoTimeseries: CoreGuardrail = {
  id: 'dim-no-timeseries', title: 'Events without a person', kind: 'hard', rows: [25], source: 'default guardrails for Real-Time Customer Profile',
  why: 'An event belongs to the profile of a person. Without an identity of one it is in nobody\'s profile, and no segment ever sees it.',
  fix: 'Map a field that identifies the person, or map the records to another entity.',
  check: ({ project: { sources, entities } }) => sources.flatMap((source) => source.streams.flatMap(({ name, entity, map }, index) => {
    const schema = entities[entity]
    if (!schema || !isOfClass(schema, 'event')) return []
    const fields = schema.identities.map((each) => each.field)
    if (fields.some((each) => Object.hasOwn(map, each))) return []
    return [{
      detail: `Stream "${name}" gives events, and none of the fields that identify their person: ${fields.join(', ')}.`,
      at: { address: `Source/${source.name}`, pointer: `/streams/${String(index)}/map` },
    }]
  })),
}
