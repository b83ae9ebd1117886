// People of one Marketo instance are made by one destination.
import type { Breach, Guardrail } from '@cdpkit/core/sdk'
import { findInstance, marketoDestinations } from './instances.js'

export const marketoDestOneCreator: Guardrail = {
  id: 'marketo-dest-one-creator', title: 'Two destinations make people in one Marketo', kind: 'advisory', rows: [15], source: 'Marketo Engage Person Sync destination',
  why: 'Each of them makes whoever it does not find: somebody new in both is made twice.',
  fix: 'Leave create: true at one of them.',
  check: ({ project }) => {
    const creators = marketoDestinations(project).filter((each) => each.config['create'] === true)
    return creators.flatMap(({ name, config }, index): readonly Breach[] => {
      const instance = findInstance(config)
      const first = creators.slice(0, index).find((each) => findInstance(each.config) === instance)
      if (instance === undefined || !first) return []
      return [{
        detail: `"${name}" makes people in Marketo ${instance}, as "${first.name}" does.`,
        at: { address: `Destination/${name}`, pointer: '/config/create' },
        related: [{ text: 'the other one', at: { address: `Destination/${first.name}`, pointer: '/config/create' } }],
      }]
    })
  },
}
