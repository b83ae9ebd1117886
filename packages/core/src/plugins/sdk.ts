// What a plugin imports: `@cdpkit/core/sdk`. Types and a few functions that only check and give back; no engine, no CLI.
import type { MarketingAction } from '../entities/governance.js'
import type { Clock, Instant } from '../kernel/clock.js'
import { type CdpError, fail, isCdpError } from '../kernel/error.js'
import type { Json, JsonObject } from '../kernel/json.js'
import type { Log } from '../kernel/log.js'
import type { Guardrail } from './guardrail.js'
import { toRetryAfterMs } from './retry-after.js'

export type { MarketingAction } from '../entities/governance.js'
export type { Clock, Instant } from '../kernel/clock.js'
export type { Json, JsonObject } from '../kernel/json.js'
export type { Log } from '../kernel/log.js'
export { type CronGaps, findCronGaps } from '../kernel/cron.js'
export { type CsvOptions, type CsvPart, type UnreadableRow, readCsvRows } from './csv.js'
export { nextDay } from './days.js'
export type { Breach, BreachPlace, Generation, Guarded, GuardedProject, GuardedSegment, GuardedSource, GuardedDestination, Guardrail, GuardrailFacts, GuardrailKind } from './guardrail.js'

export { toRetryAfterMs }

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

/** What source and destination connectors have in common. */
export interface ConnectorSide {
  readonly configSchema: JsonSchema
  /** The version of `configSchema`; 1 unless told. */
  readonly configVersion?: number
  /** An older configuration as the present schema wants it. Asked for configurations that do not fit the schema; references to secrets are still references. */
  migrateConfig?(config: JsonObject): JsonObject
  /** The account that a configuration belongs to: connectors of one account share its limits. Secrets are still references. */
  accountOf?(config: JsonObject): string
  /** The limits under a configuration, where they are not always the same; the capabilities' limits otherwise. */
  limitsOf?(config: JsonObject): readonly Limit[]
}

export interface SourceConnector extends ConnectorSide {
  readonly capabilities: SourceCapabilities
  /** What a stream's `config` may say. */
  readonly streamConfigSchema?: JsonSchema
  /** sourceType of the source keys when the source names none: `Marketo`, `Salesforce`. */
  readonly defaultType: string
  /** sourceInstanceID of the source keys when the source names none; the source's name otherwise. */
  instanceOf?(config: JsonObject): string | undefined
  /**
   * The streams with their mapping to the B2B entities, known without asking the system. A source without `streams` reads all
   * of them that are not `optional`; a stream named in the project starts from here.
   */
  streamsOf?(config: JsonObject): readonly StreamSpec[]
  open(context: ConnectorContext): OpenSource
}

export interface DestinationConnector extends ConnectorSide {
  readonly capabilities: DestinationCapabilities
  /** Whether people whom the system does not know are made there by this configuration. Only of systems that nurture people: a file takes whoever comes. */
  creates?(config: JsonObject): boolean
  /** What a destination is taken for where the project does not say. Without it: a third party of unknown purpose. */
  readonly governance?: DestinationGovernance
  open(context: ConnectorContext): OpenDestination
}

export interface DestinationGovernance {
  /** `first`: a system of those who run cdp. `third`: somebody else's. */
  readonly party: 'first' | 'third'
  readonly marketingActions: readonly MarketingAction[]
  /** Which of an item's identities leave the house besides its payload; those of the capabilities unless told. */
  readonly identities?: readonly string[]
}

export interface ConnectorContext {
  /** Checked against the schema and of its version; secret references replaced by their values. */
  readonly config: JsonObject
  readonly http: Http
  /** Secrets of the configuration never reach it. */
  readonly log: Log
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Between 0 and 1, for jitter. */
  readonly random: () => number
  /** Waits; ends early with an error when the signal is aborted. */
  pause(ms: number): Promise<void>
  /** Keeps a value that was fetched (an access token) out of logs and errors, as the configuration's secrets are. */
  hide(secret: string): void
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
  /** The streams as the system describes them now: custom fields and objects included. */
  discover(): Promise<readonly StreamSpec[]>
  read(request: ReadRequest): AsyncIterable<ReadPart>
  /** Lets go of what is open; called once, after the last read. */
  close?(): Promise<void>
}

export interface StreamSpec {
  readonly name: string
  readonly description?: string
  /** Of the records that `read` gives. */
  readonly schema: JsonSchema
  readonly key?: string
  readonly cursor?: string
  readonly entity?: string
  /** JSONata per field of the entity. */
  readonly map?: Readonly<Record<string, string>>
  readonly deletedWhen?: string
  /** Read only when the project names it. */
  readonly optional?: boolean
}

export interface ReadRequest {
  readonly stream: string
  /** All streams that are read in this run, in their order: what several of them need can be asked for once. */
  readonly streams?: readonly string[]
  readonly config: JsonObject
  readonly cursor?: string
  /** The source record's fields that the mapping reads; absent when it may read all of them. */
  readonly fields?: readonly string[]
  /** Older records are not wanted (`backfill.since`). */
  readonly since?: Instant
  /** What the connector last yielded for this stream; absent at the first read and with --full-refresh. */
  readonly checkpoint?: Json
}

/** After each `checkpoint` everything yielded before it is durable, and the next read may start from it. */
export type ReadPart =
  | { readonly records: readonly Change[] }
  | { readonly checkpoint: Json }
  | { readonly progress: { readonly done: number; readonly total?: number } }
  /**
   * Between `begins` and `ends`, in one read, come all records that the stream has: those that did not come are gone. For what a
   * system deletes without a trace. A read that takes up an earlier one must not say so.
   */
  | { readonly everything: 'begins' | 'ends' }

export type Change =
  | { readonly op: 'upsert'; readonly record: JsonObject }
  | { readonly op: 'delete'; readonly key: string }
  /** The record `key` became part of the record `into`: whatever still speaks of `key` means `into` from now on. */
  | { readonly op: 'merge'; readonly key: string; readonly into: string }
  /** Something that is no record at all: a broken line. It goes to quarantine, with where it is and why. */
  | { readonly op: 'unreadable'; readonly where: string; readonly text: string; readonly reason: string }

// --- destinations

export interface DestinationCapabilities {
  /** What it takes; people unless told. */
  readonly entities?: readonly ('person' | 'account')[]
  /** What it finds people or accounts by: `email`, `ecid`, `b2b_account`. */
  readonly identities: readonly string[]
  readonly maxBatch: number
  /** Records in a request when the configuration says nothing; 100 unless told. */
  readonly usualBatch?: number
  /** Of the payloads of a batch together, as JSON. */
  readonly maxBytes?: number
  /** Answers with jobs, which `poll` asks for. */
  readonly asyncJobs: boolean
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
  /**
   * What is there under an id, or under whatever else people may call it by, for `cdp import`; undefined when nothing is. `remoteId` is
   * its id, where that is not what was asked for. Without this any id is taken as it is written.
   */
  findAudience?(idOrName: string): Promise<{ readonly name: string; readonly remoteId?: string } | undefined>
  upsert(delivery: DeliveryRequest): Promise<BatchResult>
  remove(delivery: DeliveryRequest): Promise<BatchResult>
  /** What became of a job, by its id; a job again while it runs. */
  poll?(jobId: string): Promise<BatchResult>
  /** Everybody who is in the remote audience, page by page: for drift and reconciling. */
  members?(audience: Audience): AsyncIterable<readonly MemberRef[]>
  /** Whether the system would find them, without changing anything: for the match rate of a plan. */
  match?(items: readonly Item[]): Promise<readonly MatchResult[]>
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
  /** The keys of all source records that the profile was made from: `1001@123-ABC-456.Marketo`. For finding it where it came from. */
  readonly sourceKeys: readonly string[]
  readonly payload: Json
}

/** Somebody in a remote audience: by any identity that the system tells, and its own key there if it is a source as well. */
export interface MemberRef {
  readonly identities: Readonly<Record<string, string>>
  readonly sourceKey?: string
}

export interface MatchResult {
  readonly key: string
  readonly match: 'one' | 'none' | 'several'
}

/**
 * `rejected`: the system will never take this record. `unmatched`: it does not know this person or account, and makes none; asked
 * again when the profile changes and when audiences are reconciled.
 */
export interface ItemResult {
  readonly key: string
  readonly status: 'ok' | 'noop' | 'retry' | 'rejected' | 'unmatched'
  readonly code?: string
  readonly message?: string
  readonly retryAfterMs?: number
}

/** One result per item, each item once; or a job that will have them. */
export type BatchResult =
  | { readonly items: readonly ItemResult[] }
  | { readonly job: { readonly id: string; readonly pollAfterMs: number } }

// --- http

/**
 * `account`: all connectors of one account together, as `accountOf` tells; each keeps to its own number of what all have sent.
 * A day's limit is counted on disk and starts again at midnight in `timeZone` (UTC unless told).
 */
export type Limit =
  | { readonly requests: number; readonly per: '1s' | '10s' | '20s' | '1m' | '1h' | '1d'; readonly scope: 'account' | 'connection'; readonly timeZone?: string }
  | { readonly concurrency: number; readonly scope?: 'account' | 'connection' }

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs?: number
  /** Statuses that the host repeats by itself, with backoff and Retry-After, before it gives the answer; none unless named. */
  readonly retryOn?: readonly (number | 'no-answer')[]
  /** Does not count for a day's limit: what the system says it does not count. */
  readonly uncounted?: boolean
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface HttpStream {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Read it to its end, or break off: it holds a connection. */
  readonly body: AsyncIterable<Uint8Array>
}

/** The host's HTTP client: declared limits, timeouts, abort, redaction. A failure to get any answer is thrown as `http/no-answer`. */
export interface Http {
  request(request: HttpRequest): Promise<HttpResponse>
  /** For answers too large for the memory. What is sent again is the request, never the body. */
  stream(request: HttpRequest): Promise<HttpStream>
}

// --- errors

/**
 * Why a connector stops. `config`: the configuration is wrong. `access`: the credentials are refused. `limited`: it asks us to
 * wait. `unavailable`: it does not work now. `refused`: it will never take this. The last two of them end a read; in a delivery
 * tell them record by record where you can.
 */
export type ConnectorProblem = 'config' | 'access' | 'limited' | 'unavailable' | 'refused'

export interface ConnectorFailure {
  readonly reason: string
  /** What to do next. */
  readonly hint: string
  readonly retryAfterMs?: number
  /** JSON pointer into the config: what is to blame. */
  readonly pointer?: string
  readonly cause?: unknown
}

/** Makes the error to throw: `throw connectorError('access', { reason: 'the client secret is not accepted', hint: '…' })`. */
export function connectorError(problem: ConnectorProblem, { reason, hint, retryAfterMs, pointer, cause }: ConnectorFailure): CdpError {
  return fail(`connector/${problem}`, { reason, hint, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), ...(pointer === undefined ? {} : { pointer }) }, { cause })
}

/** @throws connector/limited for a 429, with how long we are asked to wait. For answers that the host's patience (`retryOn`) did not mend. */
export function assertNotLimited({ status, headers }: Pick<HttpResponse, 'status' | 'headers'>, nowMs: number): void {
  if (status !== 429) return
  const retryAfterMs = toRetryAfterMs(headers['retry-after'], nowMs)
  throw connectorError('limited', { reason: 'it has had too many calls', hint: 'The next run goes on from where this one was.', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
}

/** Whether something thrown is such an error, or one of the host's (`http/no-answer`, `http/timeout`, `http/quota-spent`), by its code. */
export function isConnectorError(error: unknown, code?: `connector/${ConnectorProblem}` | 'http/no-answer' | 'http/timeout' | 'http/quota-spent'): error is CdpError {
  return isCdpError(error, code)
}

/** Whether a plugin's `sdk` range takes this SDK: `^1`, `1.2`. */
export function speaksSdk(range: string): boolean {
  return /^\^?1(\.|$)/.test(range)
}

/**
 * What `check` comes to when one question to the system tells: fine, or the error with what is to blame. `addresses` are the
 * values in the config that requests go to, by their pointers: no answer from there is their fault.
 * @example toCheckResult(() => session.get('/me'), { '/url': options.url })
 */
export async function toCheckResult(ask: () => Promise<unknown>, addresses: Readonly<Record<string, string>> = {}): Promise<CheckResult> {
  try {
    await ask()
    return { ok: true }
  } catch (error) {
    if (!isConnectorError(error)) throw error
    const { pointer = findAddress(error, addresses) } = error.params
    return { ok: false, reason: error.message, hint: error.help, ...(typeof pointer === 'string' ? { pointer } : {}) }
  }
}

function findAddress({ params: { url } }: CdpError, addresses: Readonly<Record<string, string>>): string | undefined {
  if (typeof url !== 'string') return undefined
  return Object.entries(addresses).find(([, address]) => URL.canParse(address) && url.startsWith(new URL(address).origin))?.[0]
}

/** Declares a plugin. Gives back what it is given, frozen, after a check of its shape. */
export function definePlugin(plugin: Plugin): Plugin {
  if (!speaksSdk(plugin.sdk)) throw new TypeError(`${plugin.name} is written for sdk ${plugin.sdk}; this is sdk 1`)
  return Object.freeze(plugin)
}

/** Declares a connector: a source, a destination, or both. */
export function defineConnector(connector: Connector): Connector {
  if (!connector.source && !connector.destination) throw new TypeError(`connector ${connector.name} is neither a source nor a destination`)
  return Object.freeze(connector)
}
