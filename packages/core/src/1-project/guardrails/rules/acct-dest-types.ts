// Segments of accounts go only where accounts are taken.
import type { CoreGuardrail } from '../guardrail.js'

export const acctDestTypes: CoreGuardrail = {
  id: 'acct-dest-types', title: 'The destination takes no accounts', kind: 'hard', rows: [112], source: 'activate account audiences',
  why: 'A destination of people has nothing to find an account by: every delivery would be refused.',
  fix: 'Activate it where accounts are taken (files, http), or hold the people of these accounts instead: entity: person.',
  check: ({ project: { segments, destinations }, registry }) => segments.filter((each) => each.entity === 'account').flatMap((segment) => segment.activate.flatMap((activation, index) => {
    const destination = destinations.find((each) => each.name === activation.destination)
    const connector = destination && registry.find(destination.connector)
    if (!connector?.destination || (connector.destination.capabilities.entities ?? ['person']).includes('account')) return []
    return [{ detail: `"${segment.name}" holds accounts; "${activation.destination}" (${connector.title}) takes people only.`, at: { address: `Segment/${segment.name}`, pointer: `/activate/${String(index)}/destination` } }]
  })),
}
