// What a plugin imports: `@cdpkit/core/sdk`. Types and two functions that only check and give back; no engine, no CLI.
import type { MarketingAction } from '../entities/governance.js'
import type { Clock, Instant } from '../kernel/clock.js'
import type { Json, JsonObject } from '../kernel/json.js'
import type { Log } from '../kernel/log.js'
import type { Guardrail } from './guardrail.js'

export type { MarketingAction } from '../entities/governance.js'
export type { Clock, Instant } from '../kernel/clock.js'
export type { Json, JsonObject } from '../kernel/json.js'
export type { Log } from '../kernel/log.js'
export { toRetryAfterMs } from './retry-after.js'
export type { Breach, BreachPlace, Generation, Guarded, GuardedProject, GuardedSegment, GuardedSource, GuardedDestination, Guardrail, GuardrailFacts, GuardrailKind } from './guardrail.js'

/** JSON Schema (draft-07). In a connector's config, `"x-secret": true` marks values that must be references, never literals. */
export type JsonSchema = JsonObject

export interface Plugin {
  /** The npm name: `@cdpkit/plugin-destination-http`. */
  readonly name: string
  /** Major version of this SDK that the plugin was written for: `^1`. */
  readonly sdk: string
  readonly connectors: readonly Connector[]
  /** Guardrails of the plugin's system, checked on every project that names the plugin; their ids begin with the system's name. */
  readonly guardrails?: readonly Guardrail[]
}

// Connectors are kept with their config type erased: the host has checked the config against the schema before it hands it over.
export interface Connector {
  /** What people write under `connector:`. */
  readonly name: string
  readonly title: string
  readonly source?: SourceConnector
  readonly destination?: DestinationConnector
}

export interface SourceConnector {
  readonly capabilities: SourceCapabilities
  readonly configSchema: JsonSchema
  /** What a stream's `config` may say. */
  readonly streamConfigSchema?: JsonSchema
  /** sourceType of the source keys when the source names none: `Marketo`, `Salesforce`. */
  readonly defaultType: string
  open(context: ConnectorContext): OpenSource
}

export interface DestinationConnector {
  readonly capabilities: DestinationCapabilities
  readonly configSchema: JsonSchema
  /** Whether people whom the system does not know are made there by this configuration. Only of systems that nurture people: a file takes whoever comes. */
  creates?(config: JsonObject): boolean
  /** What a destination is taken for where the project does not say. Without it: a third party of unknown purpose that is handed every identity. */
  readonly governance?: DestinationGovernance
  open(context: ConnectorContext): OpenDestination
}

export interface DestinationGovernance {
  /** `first`: a system of those who run cdp. `third`: somebody else's. */
  readonly party: 'first' | 'third'
  readonly marketingActions: readonly MarketingAction[]
  /** Which of an item's identities leave the house besides its payload; all of them unless told. */
  readonly identities?: readonly ('email' | 'ecid' | 'key')[]
}

export interface ConnectorContext {
  /** Checked against the schema; secret references replaced by their values. */
  readonly config: JsonObject
  readonly http: Http
  readonly log: Log
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly dryRun: boolean
  /** The project folder; relative paths in the configuration start here. */
  readonly folder: string
}

export type CheckResult =
  | { readonly ok: true }
  /** `pointer` is the JSON pointer into the config that is to blame, `hint` what to do. */
  | { readonly ok: false; readonly reason: string; readonly pointer?: string; readonly hint?: string }

// --- sources

export interface SourceCapabilities {
  readonly incremental: boolean
  readonly deletes: 'none' | 'soft' | 'hard'
  readonly limits: readonly Limit[]
  /** It reads what has changed as a stream does, so it may be asked as often as people like; others are scheduled runs. */
  readonly continuous?: boolean
}

export interface OpenSource {
  check(): Promise<CheckResult>
  discover(): Promise<readonly StreamSpec[]>
  read(request: ReadRequest): AsyncIterable<ReadPart>
}

export interface StreamSpec {
  readonly name: string
  readonly schema: JsonSchema
  readonly key?: string
  readonly cursor?: string
  readonly entity?: string
  readonly map?: Readonly<Record<string, string>>
}

export interface ReadRequest {
  readonly stream: string
  readonly config: JsonObject
  readonly cursor?: string
  /** What the connector last yielded for this stream; absent at the first read and with --full-refresh. */
  readonly checkpoint?: Json
}

/** After each `checkpoint` everything yielded before it is durable, and the next read may start from it. */
export type ReadPart =
  | { readonly records: readonly Change[] }
  | { readonly checkpoint: Json }
  | { readonly progress: { readonly done: number; readonly total?: number } }

export type Change =
  | { readonly op: 'upsert'; readonly record: JsonObject }
  | { readonly op: 'delete'; readonly key: string }
  /** Something that is no record at all: a broken line. It goes to quarantine, with where it is and why. */
  | { readonly op: 'unreadable'; readonly where: string; readonly text: string; readonly reason: string }

// --- destinations

export interface DestinationCapabilities {
  /** What it takes; people unless told. */
  readonly entities?: readonly ('person' | 'account')[]
  readonly maxBatch: number
  readonly idempotent: boolean
  readonly createsMissing: boolean
  readonly readBack: 'none' | 'count' | 'members'
  readonly limits: readonly Limit[]
  /** JSONata for the item's payload when the configuration gives none. It sees what segments.md says, plus `segment`, `status`. */
  readonly defaultPayload: string
}

export interface OpenDestination {
  check(): Promise<CheckResult>
  ensureAudience?(audience: Audience): Promise<{ readonly remoteId: string; readonly created: boolean }>
  upsert(delivery: DeliveryRequest): Promise<BatchResult>
  remove(delivery: DeliveryRequest): Promise<BatchResult>
  /** Flushes and lets go of files and connections; called once, after the last delivery. */
  close?(): Promise<void>
}

export interface Audience {
  readonly segment: string
  readonly list: string
  readonly remoteId?: string
}

export interface DeliveryRequest {
  /** The same for every repeat of the same delivery: the idempotency key. */
  readonly id: string
  readonly at: Instant
  readonly audience: Audience
  readonly items: readonly Item[]
}

export interface Item {
  /** The same for every repeat; results refer to it. */
  readonly key: string
  /** What identifies the profile there: `{email: "a@b.example", ecid: "…"}`. */
  readonly identities: Readonly<Record<string, string>>
  readonly payload: Json
}

export interface ItemResult {
  readonly key: string
  readonly status: 'ok' | 'noop' | 'retry' | 'rejected'
  readonly code?: string
  readonly message?: string
  readonly retryAfterMs?: number
}

/** One result per item, each item once. */
export interface BatchResult {
  readonly items: readonly ItemResult[]
}

// --- http

export type Limit =
  | { readonly requests: number; readonly per: '1s' | '20s' | '1m' | '1d'; readonly scope: 'account' | 'connection' }
  | { readonly concurrency: number }

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs?: number
  /** Statuses that the host repeats by itself, with backoff and Retry-After, before it gives the answer; none unless named. */
  readonly retryOn?: readonly number[]
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** The host's HTTP client: declared limits, timeouts, abort, redaction. A failure to get any answer is thrown as `http/no-answer`. */
export interface Http {
  request(request: HttpRequest): Promise<HttpResponse>
}

/** Declares a plugin. Gives back what it is given, frozen, after a check of its shape. */
export function definePlugin(plugin: Plugin): Plugin {
  if (!/^\^?1(\.|$)/.test(plugin.sdk)) throw new TypeError(`${plugin.name} is written for sdk ${plugin.sdk}; this is sdk 1`)
  return Object.freeze(plugin)
}

/** Declares a connector: a source, a destination, or both. */
export function defineConnector(connector: Connector): Connector {
  if (!connector.source && !connector.destination) throw new TypeError(`connector ${connector.name} is neither a source nor a destination`)
  return Object.freeze(connector)
}
