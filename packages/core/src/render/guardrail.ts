// A guardrail as text: what it limits and how hard, why, what to do about a breach, where it is from.
import { type CatalogueRow, sources } from '../1-project/guardrails/catalogue.js'
import type { GuardrailDescription } from '../1-project/index.js'
import { type GuardrailFacts, type GuardrailKind, generations } from '../plugins/guardrail.js'
import { thousands } from './numbers.js'
import type { Paint } from './paint.js'

const kinds: Readonly<Record<GuardrailKind, string>> = { hard: 'hard', soft: 'soft: a limit of performance', latency: 'an objective of latency', advisory: 'advice' }

export function renderGuardrail({ name, rows, facts }: GuardrailDescription, paint: Paint): string {
  return [
    paint.bold(facts ? `guardrail/${name}: ${facts.title}` : name),
    ...(facts ? aboutFacts(facts) : []),
    '',
    ...rows.flatMap((row) => aboutRow(row, facts !== undefined)),
  ].join('\n')
}

function aboutFacts(facts: GuardrailFacts): readonly string[] {
  const when = facts.generations === undefined ? '' : `; only with guardrails.profile: ${facts.generations.join(', ')}`
  const override = facts.isFixed ? 'It follows from how things work: no override changes it.' : `guardrails.overrides.${facts.id}: { ${facts.limit === undefined ? 'off: true' : 'limit: …'}, reason: … }`
  return [
    `  ${kinds[facts.kind]}${facts.limit === undefined ? '' : ` · ${describeLimit(facts)}`}${when}`,
    '',
    `  ${facts.why}`,
    `  ${facts.fix}`,
    `  ${override}`,
    `  docs/reference/guardrails/${facts.id}.md`,
  ]
}

/** @example describeLimit({ limit: { seed: 20, 'adobe-2025': 5 }, unit: 'relations', … }) // '20 relations (seed), 5 relations (adobe-2025)' */
export function describeLimit({ limit, unit }: Pick<GuardrailFacts, 'limit' | 'unit'>): string {
  const withUnit = (number: number): string => `${thousands(number)}${unit === undefined ? '' : ` ${unit}`}`
  if (limit === undefined) return 'none: it holds or it does not'
  if (typeof limit === 'number') return withUnit(limit)
  return generations.map((each) => `${withUnit(limit[each])} (${each})`).join(', ')
}

function aboutRow({ row, slug, scope, kind, limit, consequence, sources: keys, treatment }: CatalogueRow, isChecked: boolean): readonly string[] {
  return [
    `  catalogue, row ${String(row)} (${slug}): ${scope}, ${kind}: ${limit}${consequence === '' ? '' : `; ${consequence}`}`,
    ...(isChecked ? [] : [`  ${whatBecame(treatment)}`]),
    ...keys.map((each) => `  ${sources[each]}`),
  ]
}

function whatBecame(treatment: CatalogueRow['treatment']): string {
  switch (treatment.is) {
    case 'rule':
      return treatment.plugin === undefined ? `Checked as guardrail/${treatment.id}.` : `Checked as guardrail/${treatment.id} by ${treatment.plugin}, when the project names that plugin.`
    case 'run-time':
      return 'Not checked yet.'
    case 'advisory':
      return `Nothing to check. ${treatment.because}`
    case 'not-applicable':
      return `Does not apply here. ${treatment.because}`
    case 'by-construction':
      return `Cannot be breached here. ${treatment.because}`
  }
}
