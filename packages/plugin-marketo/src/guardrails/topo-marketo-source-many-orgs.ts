// T4: one Marketo instance is the source of one organization.
import type { Breach, Guardrail } from '@cdpkit/core/sdk'
import { distinct, firstOfEachPair, listFeeds, placeOf, relatedPlace } from './instances.js'

export const topoMarketoSourceManyOrgs: Guardrail = {
  id: 'topo-marketo-source-many-orgs', title: 'One Marketo instance feeds several organizations', kind: 'hard', rows: [1], source: 'B2B activation blueprint, guardrails (T4)',
  why: 'Marketo keeps one organization mapping: its people belong to one organization. Sandboxes of that organization may all read it.',
  fix: 'Read the instance in one organization only. A destination may write to it from several.',
  check: ({ project, findAll }) => {
    const own = listFeeds([project])
    if (own.length === 0) return []
    const all = listFeeds(findAll())
    return distinct(own.map((each) => each.instance)).flatMap((instance): readonly Breach[] => {
      const pairs = firstOfEachPair(all.filter((each) => each.instance === instance))
      const at = own.find((each) => each.instance === instance)
      if (pairs.length < 2 || !at) return []
      const organizations = pairs.map((each) => each.organization).join(' and ')
      return [{ detail: `Marketo ${instance} is a source of ${organizations}.`, at: placeOf(at), related: pairs.map((each) => relatedPlace(each, project)) }]
    })
  },
}
