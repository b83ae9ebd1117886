// Since 2025 one segment does not read events and B2B entities at once.
import type { CoreGuardrail } from '../guardrail.js'
import { expressionsOf } from '../expressions-of.js'

/** What an expression sees at its root of the B2B entities (docs/guide/segments.md). */
const b2bRoots: readonly string[] = ['accounts', 'opportunities', 'opportunityRoles', 'campaignMemberships', 'listMemberships']

export const b2bNoEventsMix: CoreGuardrail = {
  id: 'b2b-no-events-mix', title: 'Segment mixes events and B2B entities', kind: 'hard', generations: ['adobe-2025'], rows: [46], source: 'B2B architecture upgrade (2025)',
  why: 'The upgraded architecture refuses such a definition and has disabled the old ones. Here one expression may read both; this guardrail keeps a project portable.',
  fix: 'Make three segments: one of the events, one of the B2B entities, and one that combines them: segments.`a` and segments.`b`.',
  check: ({ project: { segments } }) => expressionsOf(segments.filter((each) => each.entity === 'person')).flatMap(({ segment, expression }) => {
    const { roots } = expression.reads
    const events = roots.find((each) => each.name === 'events' || each.name === '*')
    const b2b = roots.find((each) => b2bRoots.includes(each.name) || each.name === '*')
    if (!events || !b2b) return []
    const at = { address: `Segment/${segment.name}`, pointer: '/expression' }
    if (events === b2b) return [{ detail: `"${segment.name}" reads everything.`, at: { ...at, range: events.range } }]
    return [{ detail: `"${segment.name}" reads events and ${b2b.name}.`, at: { ...at, range: events.range }, related: [{ text: `${b2b.name} here`, at: { ...at, range: b2b.range } }] }]
  }),
}
