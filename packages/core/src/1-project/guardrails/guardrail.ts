// The shape of a guardrail of core. It sees all that a project has; those of plugins see the plain view of it that the SDK promises.
import type { Breach, Generation, Guarded, GuardrailFacts } from '../../plugins/guardrail.js'
import type { ConnectorRegistry } from '../../plugins/registry.js'
import type { GuardrailSettings, Project } from '../project.js'

export interface GuardedByCore extends Guarded<Project> {
  readonly registry: ConnectorRegistry
}

export interface CoreGuardrail extends GuardrailFacts {
  /** For guardrails that count: how much of the limit is used. Plans show it as headroom. */
  readonly count?: (project: Project) => { readonly what: string; readonly used: number }
  readonly check: (guarded: GuardedByCore) => readonly Breach[]
}

/** What the guardrail compares with in a project; undefined when it does not hold there. */
export function limitOf(rule: GuardrailFacts, { profile, overrides }: Pick<GuardrailSettings, 'profile' | 'overrides'>): number | undefined {
  const override = overrides.find((each) => each.id === rule.id)
  if (override) return override.limit
  return holdsIn(rule, profile) ? defaultLimit(rule, profile) : undefined
}

function holdsIn({ generations }: GuardrailFacts, profile: Generation | 'none'): boolean {
  return profile !== 'none' && (generations?.includes(profile) ?? true)
}

/** 0 for a guardrail without a number. */
export function defaultLimit({ limit }: GuardrailFacts, profile: Generation | 'none'): number {
  if (limit === undefined || typeof limit === 'number') return limit ?? 0
  return profile === 'none' ? 0 : limit[profile]
}
