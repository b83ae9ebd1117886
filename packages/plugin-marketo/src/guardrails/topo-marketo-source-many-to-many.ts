// T5: not several Marketo instances as sources of several organizations. The pattern's wording forbids it for all projects that are
// checked together; whether pairs that do not touch are meant is not said, so people can allow them, and are told so.
import type { Guardrail } from '@cdpkit/core/sdk'
import { distinct, firstOfEachPair, listFeeds, placeOf, relatedPlace } from './instances.js'

export const topoMarketoSourceManyToMany: Guardrail = {
  id: 'topo-marketo-source-many-to-many', title: 'Several Marketo instances feed several organizations', kind: 'hard', rows: [2], source: 'B2B activation blueprint, guardrails (T5)',
  why: 'Who belongs to which organization is then a matter of luck: the pattern knows one organization with one or more instances.',
  fix: 'Let all instances feed one organization.',
  check: ({ project, findAll }) => {
    const [first] = listFeeds([project])
    if (!first) return []
    const pairs = firstOfEachPair(listFeeds(findAll()))
    const instances = distinct(pairs.map((each) => each.instance))
    const organizations = distinct(pairs.map((each) => each.organization))
    if (instances.length < 2 || organizations.length < 2) return []
    const told = `${pairs.map((each) => `${each.instance} feeds ${each.organization}`).join(', ')}.`
    const related = pairs.map((each) => relatedPlace(each, project))
    // As many pairs as instances: none feeds two organizations.
    return [{ at: placeOf(first), related, ...(pairs.length === instances.length ? strictReading(told) : { detail: told }) }]
  },
}

function strictReading(told: string): { readonly detail: string; readonly help: string } {
  return {
    detail: `${told} No instance feeds two organizations: the pattern's wording refuses this, and does not say whether it means pairs that do not touch.`,
    help: 'If it does not for you: guardrails: { overrides: { topo-marketo-source-many-to-many: { off: true, reason: … } } }. An instance in two organizations stays refused.',
  }
}
