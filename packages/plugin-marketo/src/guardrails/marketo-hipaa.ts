// A HIPAA-ready instance belongs to no organization.
import type { Guardrail } from '@cdpkit/core/sdk'
import { listSettings } from './resources.js'

export const marketoHipaa: Guardrail = {
  id: 'marketo-hipaa', title: 'A HIPAA-ready Marketo cannot be connected', kind: 'hard', rows: [16], source: 'set up Adobe organization mapping',
  why: 'Adobe maps no HIPAA-ready instance to an organization: health data must not leave it.',
  fix: 'Take the instance out of the project; or remove hipaa, if it is none.',
  check: ({ project }) => listSettings(project, 'hipaa').filter((each) => each.value === true).map(({ name, instance, at }) => ({ detail: `"${name}" connects Marketo ${instance}, which is HIPAA-ready.`, at })),
}
