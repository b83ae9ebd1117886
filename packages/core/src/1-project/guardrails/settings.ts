// `guardrails:` of the project and of its sandbox → which limits hold. A sandbox's word goes before the project's.
import type { DiagnosticLog } from '../../kernel/diagnostic.js'
import { suggestion } from '../../kernel/suggest.js'
import type { Generation, GuardrailFacts } from '../../plugins/guardrail.js'
import type { Placed } from '../placed.js'
import type { GuardrailOverride, GuardrailSettings } from '../project.js'
import type { WrittenGuardrails } from '../written.js'
import { limitOf } from './guardrail.js'
import { runTimeGuardrails } from './run-time-guardrails.js'

export interface SettingsQuestion {
  /** The project's document, then the sandbox's. */
  readonly documents: readonly Placed<{ readonly guardrails?: WrittenGuardrails }>[]
  /** Everything that can be overridden. */
  readonly rules: readonly GuardrailFacts[]
  readonly log: DiagnosticLog
}

export const defaultProfile: Generation = 'seed'

export function resolveGuardrails({ documents, rules, log }: SettingsQuestion): GuardrailSettings {
  const profile = documents.map((each) => each.value.guardrails?.profile).findLast((each) => each !== undefined) ?? defaultProfile
  for (const each of documents) reportUnknown(each, rules, log)
  const written = Object.assign({}, ...documents.map((each) => each.value.guardrails?.overrides ?? {})) as NonNullable<WrittenGuardrails['overrides']>
  const overrides = Object.entries(written)
    .map(([id, { limit, reason }]): GuardrailOverride => ({ id, reason, ...(limit === undefined ? {} : { limit }) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const licence = documents.map((each) => each.value.guardrails?.licence).findLast((each) => each !== undefined)
  return { profile, overrides, limits: limitsOf(profile, overrides), ...(licence === undefined ? {} : { licence }) }
}

function reportUnknown(document: SettingsQuestion['documents'][number], rules: readonly GuardrailFacts[], log: DiagnosticLog): void {
  for (const [id, { limit }] of Object.entries(document.value.guardrails?.overrides ?? {})) {
    const rule = rules.find((each) => each.id === id)
    const at = document.keySpanOf(['guardrails', 'overrides', id])
    if (!rule) log.report('project/unknown-guardrail', { id, suggestion: suggestion(id, rules.map((each) => each.id)) }, at)
    else if (rule.isFixed) log.report('project/guardrail-stays', { id, why: rule.why, fix: rule.fix }, at)
    else if (limit !== undefined && rule.limit === undefined) log.report('project/guardrail-without-limit', { id }, at)
  }
}

/** What holds at run time in a generation of limits, with what was changed about it. */
export function limitsOf(profile: Generation | 'none', overrides: readonly GuardrailOverride[]): GuardrailSettings['limits'] {
  const limits = runTimeGuardrails.map((each) => [each.id, limitOf(each, { profile, overrides })] as const)
  return Object.fromEntries(limits.filter(([, limit]) => limit !== undefined))
}
