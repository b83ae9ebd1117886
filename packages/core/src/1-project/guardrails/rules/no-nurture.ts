// People are not to be made by the CDP alone: who nurtures them is a tool for that.
import type { CoreGuardrail } from '../guardrail.js'

export const noNurture: CoreGuardrail = {
  id: 'no-nurture', title: 'People are made by the destination', kind: 'advisory', rows: [4], source: 'B2B activation blueprint (2021)',
  why: 'Lead initiation and nurture from a CDP alone are not recommended: nobody has asked those people yet, and nothing there leads them on.',
  fix: 'Let a nurture tool make them and take them from there as a source; or keep it, and say why: guardrails.overrides.no-nurture: { off: true, reason: … }.',
  check: ({ project: { destinations }, registry }) => destinations.flatMap(({ name, connector, config }) => {
    const found = registry.find(connector)
    if (found?.destination?.creates?.(config) !== true) return []
    return [{ detail: `"${name}" makes people in ${found.title} whom it does not know.`, at: { address: `Destination/${name}`, pointer: '/config/create' } }]
  }),
}
