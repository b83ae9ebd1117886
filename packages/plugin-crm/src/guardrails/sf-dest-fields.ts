// A checkbox for each segment is a custom field of contacts and of leads, and Salesforce objects carry few of those from outside.
import type { Guardrail } from '@cdpkit/core/sdk'

export const sfDestFields: Guardrail = {
  id: 'sf-dest-fields', title: 'Too many checkboxes in Salesforce', kind: 'hard', limit: 25, unit: 'segments', rows: [114], source: 'Salesforce CRM destination',
  why: 'A Salesforce object takes 25 custom fields from outside; with a checkbox for each segment, 25 segments can be live at once.',
  fix: 'Keep memberships as values of one multi-select field (as: picklist) or as campaign members (as: campaign), or activate fewer segments.',
  check: ({ project: { destinations, segments }, limit }) => destinations.filter((each) => each.connector === 'salesforce' && each.config['as'] === 'checkbox').flatMap(({ name }) => {
    const found = segments.flatMap((segment) => segment.activate.flatMap(({ destination }, index) => (destination === name ? [{ address: `Segment/${segment.name}`, pointer: `/activate/${String(index)}/list` }] : [])))
    const beyond = found[limit]
    return beyond ? [{ detail: `"${name}" has a checkbox for each of ${String(found.length)} segments; the limit is ${String(limit)}.`, at: beyond }] : []
  }),
}
