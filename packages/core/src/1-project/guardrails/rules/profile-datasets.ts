// Persons come from at most 20 streams.
import { countingStreams } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const profileDatasets: CoreGuardrail = {
  id: 'profile-datasets', title: 'Too many streams of persons', kind: 'soft', limit: 20, unit: 'streams', rows: [17], source: 'default guardrails for Real-Time Customer Profile',
  why: 'Every stream of persons can be a part of every profile: each profile is put together from all of them.',
  fix: 'Give records of one system in one stream, or map what is not about persons to another entity.',
  ...countingStreams('streams of persons', 'person'),
}
