// An entity of the project comes from at most 5 streams.
import { streamPlaces, tooMany } from '../count-resources.js'
import { classOf } from '../entity-class.js'
import type { CoreGuardrail } from '../guardrail.js'

export const dimDatasets: CoreGuardrail = {
  id: 'dim-datasets', title: 'Too many streams of one entity', kind: 'soft', limit: 5, unit: 'streams', rows: [36], source: 'default guardrails for Real-Time Customer Profile; guardrails for Real-Time CDP B2B Edition',
  why: 'Adobe copies a dimension into the profile store as a whole with every batch of every dataset.',
  fix: 'Give its records in fewer streams; do not add a sixth.',
  check: ({ project: { entities, sources }, limit }) => Object.values(entities).filter((each) => classOf(each) === 'custom').flatMap(({ name }) =>
    tooMany({ what: `streams of "${name}"`, limit, found: streamPlaces(sources, (entity) => entity === name) })),
}
