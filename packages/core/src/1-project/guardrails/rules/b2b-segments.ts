// A sandbox with B2B data carries fewer segments: 400.
import type { Project } from '../../project.js'
import { counting } from '../count-resources.js'
import { isOfClass } from '../entity-class.js'
import type { CoreGuardrail } from '../guardrail.js'

export const b2bSegments: CoreGuardrail = {
  id: 'b2b-segments', title: 'Too many segments for a B2B sandbox', kind: 'soft', limit: 400, unit: 'segments', rows: [44], source: 'guardrails for Real-Time CDP B2B Edition',
  why: 'Where segments may walk from persons to accounts and deals, each of them costs more.',
  fix: 'Remove what nobody uses, or split the project over sandboxes. A sandbox with persons and events only carries 4,000.',
  ...counting('segments beside B2B data', (project) => (holdsB2b(project) ? project.segments.map((each) => ({ address: `Segment/${each.name}` })) : [])),
}

function holdsB2b({ sources, entities }: Project): boolean {
  return sources.some(({ streams }) => streams.some(({ entity }) => isOfClass(entities[entity], 'b2b')))
}
