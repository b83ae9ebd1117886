// The shape of a guardrail of core. It sees all that a project has; those of plugins see the plain view of it that the SDK promises.
import type { Breach, Generation, Guarded, GuardrailFacts } from '../../plugins/guardrail.js'
import type { ConnectorRegistry } from '../../plugins/registry.js'
import type { Project } from '../project.js'

export interface GuardedByCore extends Guarded<Project> {
  readonly registry: ConnectorRegistry
}

export interface CoreGuardrail extends GuardrailFacts {
  readonly check: (guarded: GuardedByCore) => readonly Breach[]
}

/** Whether the guardrail holds in a generation of limits. */
export function holdsIn({ generations }: GuardrailFacts, profile: Generation | 'none'): boolean {
  return profile !== 'none' && (generations?.includes(profile) ?? true)
}

/** 0 for a guardrail without a number. */
export function defaultLimit({ limit }: GuardrailFacts, profile: Generation | 'none'): number {
  if (limit === undefined || typeof limit === 'number') return limit ?? 0
  return profile === 'none' ? 0 : limit[profile]
}
