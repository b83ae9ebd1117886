// A guardrail by its code, its id or the name that the catalogue has for it.
import type { GuardrailFacts } from '../../plugins/guardrail.js'
import { findNearest } from '../../kernel/suggest.js'
import { type CatalogueRow, catalogue } from './catalogue.js'

export interface GuardrailDescription {
  /** `streaming-audiences`. Of a row that nothing checks: the catalogue's name. */
  readonly name: string
  readonly rows: readonly CatalogueRow[]
  /** Absent where nothing checks it, and where the plugin that does is not named by the project. */
  readonly facts?: GuardrailFacts
}

/** @example describeGuardrail('seg-b2b-batch', known)?.facts?.id // 'segment-needs-batch' */
export function describeGuardrail(written: string, known: readonly GuardrailFacts[]): GuardrailDescription | undefined {
  const name = written.replace(/^guardrail\//, '')
  const row = catalogue.find((each) => each.slug === name) ?? catalogue.find(({ treatment }) => 'id' in treatment && treatment.id === name)
  const id = row && 'id' in row.treatment ? row.treatment.id : name
  const facts = known.find((each) => each.id === name) ?? known.find((each) => each.id === id)
  if (facts) return { name: facts.id, rows: catalogue.filter((each) => facts.rows.includes(each.row)), facts }
  return row && { name: row.slug, rows: [row] }
}

/** The name that was meant, perhaps. */
export function nearestGuardrail(written: string): string | undefined {
  return findNearest(written.replace(/^guardrail\//, ''), catalogue.map((each) => each.slug))
}
