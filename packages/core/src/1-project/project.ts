// ★ The project as the rest of the program sees it: resolved for one sandbox, defaults filled in, plain JSON inside.
// Secrets are still references here, and stay references until a connector is opened.
import type { ConsentRule } from '../entities/consent.js'
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import type { MarketingAction, Party, Policy } from '../entities/governance.js'
import type { Paths, ProfileEntity } from '../entities/profile-entity.js'
import type { PlacedAddress } from '../kernel/address.js'
import type { Instant } from '../kernel/clock.js'
import type { Generation } from '../plugins/guardrail.js'
import type { Reach } from '../plugins/reach.js'
import type { Json, JsonObject } from '../kernel/json.js'
import type { Span } from '../kernel/span.js'

export interface Project {
  readonly name: string
  /** The organization that the sandbox belongs to: what Adobe calls an IMS org. */
  readonly organization: string
  /** Absolute path of the project folder; relative paths in the files start here. */
  readonly folder: string
  readonly plugins: readonly string[]
  readonly timezone: string
  readonly safety: Safety
  readonly guardrails: GuardrailSettings
  /** How near its limits the sandbox is. */
  readonly headroom: readonly Headroom[]
  readonly sandbox: Sandbox
  readonly sandboxNames: readonly string[]
  /** The B2B pack with this project's additions. */
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  /** The project's own, and those that come with cdp and are enabled. */
  readonly policies: readonly Policy[]
  readonly sources: readonly Source[]
  readonly segments: readonly Segment[]
  readonly destinations: readonly Destination[]
  /** Where each resource is written: its `name`, and its fields by JSON pointer (`/expression`). */
  readonly places: Readonly<Record<PlacedAddress, ResourcePlaces>>
}

/** Which generation of limits holds, what was changed about them and why. */
export interface GuardrailSettings {
  readonly profile: Generation | 'none'
  readonly overrides: readonly GuardrailOverride[]
  readonly limits: RunTimeLimits
  /** What was bought of Adobe; limits that come from it are not checked without it. */
  readonly licence?: Licence
}

export interface Licence {
  readonly businessPersons: number
  /** A development sandbox, which may hold a tenth of the people. */
  readonly development?: boolean
}

export interface GuardrailOverride {
  readonly id: string
  /** Absent when the guardrail was switched off. */
  readonly limit?: number
  readonly reason: string
}

export interface Headroom {
  readonly guardrail: string
  /** What is counted: `streaming segments`. */
  readonly what: string
  readonly used: number
  readonly limit: number
}

/** What records, graphs and runs are checked against. A guardrail that does not hold is absent; one without a number has 0. */
export type RunTimeLimits = Readonly<Partial<Record<RunTimeGuardrail, number>>>

/** Guardrails that cannot be checked on files, by their ids (guardrails/run-time-guardrails.ts has the facts). */
export type RunTimeGuardrail =
  // Of records: what breaches one is in quarantine.
  | 'record-size' | 'event-size' | 'row-fields'
  // Of identities: what breaches one identifies nobody.
  | 'graph-size' | 'links-per-identity' | 'ids-per-record' | 'ecid-format' | 'id-length' | 'id-banned' | 'unique-namespace'
  // How long something is kept.
  | 'exit-retention'
  // Of everything together, looked at after a pass: what breaches one is counted (table `breach`) and goes on.
  | 'events-per-profile' | 'profile-size' | 'account-identities' | 'dim-total-size' | 'array-card-profile' | 'array-card-event'
  | 'profile-batches-day' | 'dim-batches-day' | 'b2b-batches-day' | 'upsert-batch'
  | 'b2b-addressable' | 'b2b-accounts' | 'b2b-richness' | 'dev-sandbox'
  | 'b2b-entity-resolution' | 'seg-of-seg-exit' | 'enterprise-latency'

export interface ResourcePlaces {
  readonly at: Span
  readonly fields: Readonly<Record<string, Span>>
}

export interface Safety {
  /** A change that would remove a larger share of a segment's members is stopped. */
  readonly maxExitPercent?: number
  /** Segments with fewer members are not guarded: one of three leaving is no alarm. */
  readonly minMembers?: number
  /** How far the moves of a run may be from those that the plan showed, in percent of the members; 10 unless told. */
  readonly maxDriftPercent?: number
}

export interface Sandbox {
  readonly name: string
  readonly protect: boolean
  readonly vars: JsonObject
  /** Addresses of the machine that connectors may talk to; none when absent. */
  readonly allow?: readonly Reach[]
  readonly retention?: Retention
}

/** How many days are kept of what grows for ever. What something applied still needs is kept longer. */
export interface Retention {
  /** Events; for ever when absent. */
  readonly eventDays?: number
  /** Who entered and left. */
  readonly moveDays?: number
  /** Requests and the answer for each record. */
  readonly receiptDays?: number
  readonly runDays?: number
}

/** A value that lives outside the project: in the environment, or in a file that only the machine has. */
export type SecretReference = { readonly fromEnv: string } | { readonly fromFile: string }

export interface Source {
  readonly name: string
  readonly connector: string
  /** sourceInstanceID and sourceType of every source key of this source. */
  readonly instance: string
  readonly type: string
  /** The connector's configuration; values may be secret references. */
  readonly config: JsonObject
  readonly streams: readonly Stream[]
  readonly schedule?: string
  /** The connector works in a process of its own. */
  readonly isolation?: 'process'
  /** Older records are not read. */
  readonly since?: Instant
}

export interface Stream {
  readonly name: string
  readonly entity: EntityName
  /** Field of the source record, or JSONata over it, that gives the record's id. */
  readonly key: string
  /** Field of the source record that only grows; rows at or below the last seen value are not read again. */
  readonly cursor?: string
  /** JSONata per field of the entity. */
  readonly map: Readonly<Record<string, string>>
  /** JSONata; where it is true the record is deleted. */
  readonly deletedWhen?: string
  /** What the connector needs to know about this stream (for `files`: path and format). */
  readonly config: JsonObject
}

export type Lane = 'streaming' | 'batch' | 'on-change'

export interface Segment {
  readonly name: string
  readonly description: string
  readonly entity: ProfileEntity
  readonly expression: string
  readonly paths: Paths
  readonly lane: Lane
  /** Why this lane: `reads accounts, opportunities`. */
  readonly laneReason: string
  /** Cron text of the batch evaluation. */
  readonly schedule: string
  /** Names of the segments that the expression reads. */
  readonly readsSegments: readonly string[]
  /** The sandbox variables that the expression reads, with their values. */
  readonly vars: JsonObject
  readonly activate: readonly Activation[]
  readonly safety: Safety
  readonly renamedFrom: readonly string[]
}

export interface Activation {
  readonly destination: string
  /** What the audience is called there; the segment's name unless told otherwise. */
  readonly list: string
  readonly onRemove: 'clear' | 'keep'
}

export interface Destination {
  readonly name: string
  readonly connector: string
  readonly config: JsonObject
  /** Whose system it is. */
  readonly party: Party
  /** What it is used for; to a third party data is exported, whatever else. */
  readonly marketingActions: readonly MarketingAction[]
  /** Whose word counts when people are sent there. */
  readonly consent: ConsentRule
  /** Cron text: when its audiences are read back and mended. */
  readonly reconcile?: string
  readonly dryRun: boolean
  /** The connector works in a process of its own. */
  readonly isolation?: 'process'
  readonly protect: boolean
  readonly renamedFrom: readonly string[]
}

export function isSecretReference(value: Json): value is SecretReference {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const keys = Object.keys(value)
  return keys.length === 1 && (keys[0] === 'fromEnv' || keys[0] === 'fromFile')
}
