// People must be in Marketo before a list can have them. Whether they are is known where their instance is a source as well; then a
// plan counts it. Without one nobody knows, and people are told so.
import type { Guardrail } from '@cdpkit/core/sdk'
import { findInstance, marketoDestinations, marketoSources } from './instances.js'

export const marketoDestPreload: Guardrail = {
  id: 'marketo-dest-preload', title: 'Nobody knows who is in Marketo', kind: 'advisory', rows: [14], source: 'B2B activation blueprint, guardrails',
  why: 'Leads and contacts have to exist in Marketo before a static list can have them. The others are passed over.',
  fix: 'Read the instance as a source, too, and plans tell how many of a segment it knows; or see to it that the CRM syncs everybody, and switch this off with that reason.',
  check: ({ project }) => marketoDestinations(project).flatMap(({ name, config }) => {
    const instance = findInstance(config)
    const segments = project.segments.filter((each) => each.entity === 'person' && each.activate.some(({ destination }) => destination === name)).map((each) => each.name)
    if (instance === undefined || segments.length === 0 || config['create'] === true || marketoSources(project).some((each) => findInstance(each.config) === instance)) return []
    return [{ detail: `"${name}" gets ${segments.join(', ')}, and Marketo ${instance} is no source here: members whom it does not know are passed over.`, at: { address: `Destination/${name}`, pointer: '/config/munchkinId' } }]
  }),
}
