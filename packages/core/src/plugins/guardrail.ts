// A guardrail that is checked on projects: facts about a limit, and a function that looks for breaches. Core has those of the
// pattern; a plugin brings those of its system, which see the project as plain data.
import type { JsonObject } from '../kernel/json.js'

/** Adobe's limits of two times: those of the seed (2021, and what never changed since), and those of the 2025 architecture. */
export const generations = ['seed', 'adobe-2025'] as const
export type Generation = (typeof generations)[number]

/** `hard`: the plan fails. The others warn: `soft` a limit of performance, `latency` an objective, `advisory` a rule of design. */
export type GuardrailKind = 'hard' | 'soft' | 'latency' | 'advisory'

/** Everything about a guardrail but how it is checked: what its page in docs/reference/guardrails shows. */
export interface GuardrailFacts {
  /** Also the name of the rule's file; its code is `guardrail/<id>`. */
  readonly id: string
  /** What kind of mistake a breach is; the same for every breach. */
  readonly title: string
  readonly kind: GuardrailKind
  /** The generations of limits in which it holds; all of them unless told. */
  readonly generations?: readonly Generation[]
  /** What it compares with, where that is a number. */
  readonly limit?: number | Readonly<Record<Generation, number>>
  /** What the limit counts: `segments`, `minutes`. */
  readonly unit?: string
  /** Rows of the catalogue (docs/reference/guardrails.md). */
  readonly rows: readonly number[]
  /** The page that the limit is from. */
  readonly source: string
  readonly why: string
  /** What people do about a breach. */
  readonly fix: string
  /** It follows from how things work: no override changes it. */
  readonly isFixed?: true
}

export interface Guardrail<P extends GuardedProject = GuardedProject> extends GuardrailFacts {
  readonly check: (guarded: Guarded<P>) => readonly Breach[]
}

export interface Guarded<P extends GuardedProject> {
  readonly project: P
  /** The limit that holds in this project; 0 for guardrails without one. */
  readonly limit: number
  /** Every sandbox of this project and of the projects that are checked together with it, this one first. Made when asked for. */
  readonly findAll: () => readonly P[]
}

export interface Breach {
  /** This breach, with its names and numbers. */
  readonly detail: string
  /** What to do about this one; the guardrail's `fix` unless told. */
  readonly help?: string
  readonly at?: BreachPlace
  readonly related?: readonly { readonly text: string; readonly at: BreachPlace }[]
}

/** A place in the files: a resource (`Source/crm`, `Project/acme`), and a field of it by JSON pointer. */
export interface BreachPlace {
  readonly address: string
  readonly pointer?: string
  /** A part of the text there, in UTF-16 units: the offending piece of an expression. */
  readonly range?: { readonly from: number; readonly to: number }
  /** When it is in another project or sandbox than the checked one. */
  readonly project?: GuardedProject
}

/** What a guardrail of a plugin sees of a project: one sandbox, its variables put in, secrets still references. */
export interface GuardedProject {
  readonly name: string
  /** The organization of this sandbox: what Adobe calls an IMS org. */
  readonly organization: string
  readonly folder: string
  readonly sandbox: { readonly name: string }
  readonly sandboxNames: readonly string[]
  readonly sources: readonly GuardedSource[]
  readonly segments: readonly GuardedSegment[]
  readonly destinations: readonly GuardedDestination[]
}

export interface GuardedSource {
  readonly name: string
  readonly connector: string
  readonly instance: string
  readonly config: JsonObject
  readonly streams: readonly { readonly name: string; readonly entity: string; readonly config: JsonObject }[]
  readonly schedule?: string
}

export interface GuardedSegment {
  readonly name: string
  readonly entity: string
  readonly lane: string
  /** Cron text. */
  readonly schedule: string
  readonly activate: readonly { readonly destination: string; readonly list: string }[]
}

export interface GuardedDestination {
  readonly name: string
  readonly connector: string
  readonly config: JsonObject
}
