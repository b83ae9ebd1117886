// What people write, after its shape was checked. Everything optional is optional here; resolve.ts fills in the rest.
import type { JsonObject } from '../kernel/json.js'
import type { Field } from '../entities/entity-schema.js'
import type { ConsentRule } from '../entities/consent.js'
import type { MarketingAction, Party } from '../entities/governance.js'
import type { AccountPath, OpportunityPath } from '../entities/profile-entity.js'
import type { Generation } from '../plugins/guardrail.js'
import type { Reach } from '../plugins/reach.js'
import type { Lane, Licence, Retention, Safety } from './project.js'

export interface WrittenGuardrails {
  readonly licence?: Licence
  readonly profile?: Generation | 'none'
  readonly overrides?: Readonly<Record<string, { readonly limit?: number; readonly off?: true; readonly reason: string }>>
}

export interface WrittenProject {
  readonly name: string
  readonly organization?: string
  readonly guardrails?: WrittenGuardrails
  readonly plugins?: readonly string[]
  readonly include: readonly string[]
  readonly defaults?: { readonly sandbox?: string; readonly timezone?: string }
  /** Policies that come with cdp and hold here. */
  readonly governance?: { readonly enable?: readonly string[] }
  readonly safety?: Safety
}

export interface WrittenSandbox {
  readonly name: string
  readonly organization?: string
  readonly guardrails?: WrittenGuardrails
  readonly protect?: boolean
  readonly vars?: JsonObject
  readonly network?: { readonly allow?: readonly Reach[] }
  readonly retention?: Retention
  readonly safety?: Safety
  readonly overlays?: readonly { readonly target: string; readonly patch: JsonObject }[]
}

export interface WrittenSource {
  readonly name: string
  readonly connector: string
  readonly instance?: string
  readonly type?: string
  readonly config?: JsonObject
  readonly streams?: readonly WrittenStream[]
  readonly schedule?: string
  readonly backfill?: { readonly since: string }
  readonly isolation?: 'none' | 'process'
}

/** What is left out comes from the connector's stream of the same name, if it has one. */
export interface WrittenStream {
  readonly name: string
  readonly entity?: string
  readonly key?: string
  readonly cursor?: string
  readonly map?: Readonly<Record<string, string>>
  readonly deletedWhen?: string
  readonly config?: JsonObject
}

export interface WrittenSchema {
  readonly name: string
  readonly extends?: string
  readonly description?: string
  readonly grain?: 'stitched' | 'relation'
  readonly fields?: Readonly<Record<string, Omit<Field, 'type'> & { readonly type?: Field['type'] }>>
  readonly identities?: readonly { readonly field: string; readonly namespace: string; readonly unique?: boolean }[]
  readonly mergePolicy?: { readonly method: 'timestamp' | 'precedence'; readonly sources?: readonly string[] }
}

export interface WrittenPolicy {
  readonly name: string
  readonly description?: string
  readonly marketingActions?: readonly MarketingAction[]
  readonly deny: string | JsonObject
  readonly enabled?: boolean
}

export interface WrittenSegment {
  readonly name: string
  readonly description?: string
  readonly entity?: 'person' | 'account'
  readonly expression: string
  readonly paths?: { readonly accounts?: AccountPath; readonly opportunities?: OpportunityPath }
  readonly evaluation?: { readonly mode?: Lane; readonly schedule?: string }
  readonly activate?: readonly { readonly destination: string; readonly list?: string; readonly onRemove?: 'clear' | 'keep' }[]
  readonly renamedFrom?: readonly string[]
  readonly safety?: Safety
  /** Codes of warnings about the expression that are not told. */
  readonly lint?: { readonly off?: readonly string[] }
}

export interface WrittenDestination {
  readonly name: string
  readonly connector: string
  readonly configFrom?: string
  readonly config?: JsonObject
  readonly party?: Party
  readonly marketingActions?: readonly MarketingAction[]
  readonly consent?: Partial<ConsentRule>
  readonly reconcile?: string
  readonly dryRun?: boolean
  readonly isolation?: 'none' | 'process'
  readonly protect?: boolean
  readonly renamedFrom?: readonly string[]
}

/** A document of a `*.test.yaml` file. */
export interface WrittenSegmentTest {
  readonly name?: string
  readonly description?: string
  readonly segment: string
  readonly now?: string
  readonly vars?: JsonObject
  readonly profiles: Readonly<Record<string, JsonObject | null>>
  readonly members: readonly string[]
  /** JSONata's code by the name of a profile. */
  readonly errors?: Readonly<Record<string, string>>
}
