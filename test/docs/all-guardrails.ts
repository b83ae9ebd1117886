// Every guardrail that there is: core's, those that cannot be checked on files, and those of our plugins.
import { checkedElsewhere, guardrails } from '../../packages/core/src/1-project/guardrails/rules/index.js'
import { runTimeGuardrails } from '../../packages/core/src/1-project/guardrails/run-time-guardrails.js'
import type { GuardrailFacts } from '../../packages/core/src/plugins/guardrail.js'
import { plugin as crm } from '../../packages/plugin-crm/src/index.js'
import { plugin as http } from '../../packages/plugin-destination-http/src/index.js'
import { plugin as marketo } from '../../packages/plugin-marketo/src/index.js'

export interface KnownGuardrail {
  readonly facts: GuardrailFacts
  readonly is: 'rule' | 'run-time'
  readonly plugin?: string
}

export const allGuardrails: readonly KnownGuardrail[] = [
  ...[...guardrails, ...checkedElsewhere].map((facts) => ({ facts, is: 'rule' as const })),
  ...[marketo, crm, http].flatMap((plugin) => (plugin.guardrails ?? []).map((facts) => ({ facts, is: 'rule' as const, plugin: plugin.name }))),
  ...runTimeGuardrails.map((facts) => ({ facts, is: 'run-time' as const })),
].sort((a, b) => (a.facts.id < b.facts.id ? -1 : 1))
