// The one place where clock, environment, store, plugins and connectors become objects. Commands call it; nothing below does.
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { type EffectiveValue, type EditorSchemas, type FoundSandbox, type GuardrailDescription, type LoadRequest, type LoadedFolder, type ProjectLocation, type ProjectPlugins, describeEffective, describeGuardrail, findProjectFiles, findSandbox, findSandboxes, loadGuardrails, loadEditorSchemas, loadProject, loadProjectPlugins, loadProjects, loadSegmentTests, locateProject, resolveAdHocSegment, type SegmentTests } from './1-project/index.js'
import type { Destination, Project, SecretReference, Segment, Source } from './1-project/project.js'
import type { Applied } from './2-plan/applied.js'
import type { PlanRequest } from './2-plan/index.js'
import { activate } from './7-activation/index.js'
import { type DeletedProfile, deleteProfile } from './daemon/privacy/delete-profile.js'
import { tellLineage } from './daemon/open-lineage.js'
import { runBatch } from './daemon/run-batch.js'
import type { OpenConnectors, RunOptions, RunProgress, RunResult } from './daemon/run.js'
import type { ServingStatus } from './daemon/serving-status.js'
import type { SandboxRequest } from './daemon/serve/served-sandbox.js'
import { collectingSources } from './daemon/daemon.js'
import type { Identity } from './entities/identity-value.js'
import type { Dialect } from './expressions/sql/dialect.js'
import type { Service } from './http/service.js'
import type { TlsFiles } from './http/tls.js'
import type { Address } from './kernel/address.js'
import { type Clock, findInstant, fixedClock, systemClock } from './kernel/clock.js'
import type { Checked } from './kernel/diagnostic.js'
import { fail, isCdpError } from './kernel/error.js'
import { type JsonObject, digest, toJson } from './kernel/json.js'
import { type Log, type LogLevel, logWith, stderrLog } from './kernel/log.js'
import { type SenderKey, eventsConnector, senderKeysOf } from './plugins/builtin/events/index.js'
import { filesConnector } from './plugins/builtin/files/index.js'
import { logConnector } from './plugins/builtin/log-destination.js'
import { openHost } from './plugins/host.js'
import { openIsolation } from './plugins/isolation/open-isolation.js'
import { isPath, loadPlugins } from './plugins/load.js'
import { type OpenRequest, openDestination, openSource } from './plugins/open-connector.js'
import { type QuotaLedger, folderLedger } from './plugins/quota-ledger.js'
import { type QuotaUse, readQuotaUse } from './plugins/quota-use.js'
import { type ConnectorRegistry, toRegistry } from './plugins/registry.js'
import { type SecretReader, resolveSecrets, secretReader } from './plugins/resolve-secrets.js'
import type { Connector, OpenDestination, OpenSource } from './plugins/sdk.js'
import { noColour } from './render/paint.js'
import { total } from './render/plan.js'
import { duckdb } from './stores/duckdb/dialect.js'
import { readParquet } from './stores/duckdb/read-parquet.js'
import { openStore } from './stores/open-store.js'
import { RemoteStore, findRemoteStore, openRemoteStore } from './stores/remote/remote-store.js'
import type { Store } from './stores/store.js'
import { takeOver } from './stores/take-over.js'

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where the command was started. */
  readonly folder: string
  readonly logFrom: LogLevel
  /** Instead of lines for people. */
  readonly log?: Log
}

export interface ProjectChoice {
  readonly sandbox?: string | undefined
  readonly configFile?: string | undefined
}

export interface ServeChoice extends Pick<ProjectChoice, 'configFile'> {
  readonly folder: string
  readonly sandboxes: readonly string[]
  /** `address:port` */
  readonly collect: string
  /** `address:port` of the admin API; none when absent. */
  readonly admin?: string | undefined
  readonly adminWithoutTls?: boolean
  readonly tls?: TlsFiles | undefined
  /** `address:port` of health and metrics; without it there are none. */
  readonly metrics?: string
  /** A file or a URL that is told of runs, as OpenLineage events. */
  readonly lineage?: string
  /** To bring the sandboxes to what the project's files say, whenever these change. */
  readonly follow?: { readonly lookEveryMs?: number }
}

export interface Finding {
  readonly ok: boolean
  readonly what: string
  readonly detail: string
  readonly help: string
}

const builtIn: readonly Connector[] = [filesConnector(readParquet), eventsConnector, logConnector]
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }
const builtInPlugin = { written: '@cdpkit/core', plugin: { name: '@cdpkit/core', sdk: '^1', connectors: builtIn }, version }
const noneMissing: LoadRequest['secrets'] = { has: () => true }
/** Another command usually ends within this time; longer waits are told. */
const waitForStoreMs = 10_000
/** Between two looks whether a daemon listens. */
const lookForDaemonMs = 500

export function compose(surroundings: Surroundings): Composition {
  return new Composition(surroundings)
}

export class Composition {
  readonly clock: Clock
  readonly log: Log
  readonly folder: string
  readonly random = Math.random
  /** Of cdpkit. */
  readonly version = version
  /** How the engine of the stores writes SQL. */
  readonly dialect: Dialect = duckdb
  readonly #secrets: SecretReader
  /** Where commands are sent instead of to the sandbox of this folder. */
  readonly #daemon: { readonly url: string; readonly token: string } | undefined

  constructor({ env, folder, logFrom, log }: Surroundings) {
    this.clock = toClock(env['CDP_CLOCK'])
    this.log = log ?? stderrLog(logFrom)
    this.folder = folder
    this.#secrets = secretReader(env)
    const { CDP_DAEMON_URL: url = '', CDP_DAEMON_TOKEN: token = '' } = env
    this.#daemon = url === '' ? undefined : { url, token }
  }

  newSecret(): Uint8Array {
    return randomBytes(32)
  }

  newId(): string {
    return randomUUID()
  }

  loadProject(choice: ProjectChoice): Promise<Checked<Project>> {
    return loadProject(this.loadRequest(choice))
  }

  /** Where no secret is needed, so that nobody is told which are missing. */
  loadProjectAsWritten(choice: ProjectChoice): Promise<Checked<Project>> {
    return loadProject({ ...this.loadRequest(choice), secrets: noneMissing })
  }

  /** The projects of several folders, each in all its sandboxes, checked together. */
  loadProjects(folders: readonly string[], { configFile }: ProjectChoice): Promise<readonly LoadedFolder[]> {
    return loadProjects(folders.map((each) => ({ ...this.loadRequest({ configFile }), folder: resolve(this.folder, each) })))
  }

  /** The plugins of the project, and one that is not named there: by its path from where the command was started. */
  async loadProjectPlugins({ configFile }: ProjectChoice, written = ''): Promise<ProjectPlugins> {
    const found = await loadProjectPlugins(this.loadRequest({ configFile }))
    if (!isPath(written)) return found
    const { plugins, problems } = await loadPlugins([written], this.folder)
    const [problem] = problems
    if (problem) throw fail('plugin/not-loaded', problem)
    return { ...found, plugins: [...found.plugins, ...plugins] }
  }

  loadEditorSchemas(choice: ProjectChoice): Promise<EditorSchemas> {
    return loadEditorSchemas({ ...this.loadRequest(choice), secrets: noneMissing })
  }

  /** Where the sandbox is, whatever is wrong with the rest of the files. */
  findSandbox(choice: ProjectChoice): Promise<Checked<FoundSandbox>> {
    return findSandbox(this.loadRequest(choice))
  }

  /** All of them, whatever is wrong with the rest of the files. */
  findSandboxes(choice: ProjectChoice): Promise<Checked<readonly FoundSandbox[]>> {
    return findSandboxes(this.loadRequest(choice))
  }

  /** Tests need no secret, so nobody is told which are missing. */
  loadSegmentTests(choice: ProjectChoice): Promise<Checked<SegmentTests>> {
    return loadSegmentTests({ ...this.loadRequest(choice), secrets: noneMissing })
  }

  findProjectFiles({ configFile }: ProjectChoice, folder = '.'): Promise<readonly string[]> {
    return findProjectFiles({ folder: resolve(this.folder, folder), ...(configFile === undefined ? {} : { configFile }) })
  }

  locateProject({ configFile }: ProjectChoice, folder = '.'): Promise<ProjectLocation> {
    return locateProject({ folder: resolve(this.folder, folder), ...(configFile === undefined ? {} : { configFile }) })
  }

  /** Of a guardrail by its code, its id or the catalogue's name; undefined when there is none. */
  async describeGuardrail(written: string, { configFile }: ProjectChoice): Promise<GuardrailDescription | undefined> {
    return describeGuardrail(written, await loadGuardrails(this.loadRequest({ configFile })))
  }

  toAdHocSegment(project: Project, written: { readonly expression: string; readonly entity: 'person' | 'account' }): Checked<Segment> {
    return resolveAdHocSegment(project, written)
  }

  describeEffective(project: Project, address: Address): readonly EffectiveValue[] {
    return describeEffective(project, address)
  }

  /** Whether the sandbox has a database; opening it would make one. */
  hasSandbox(folder: string, sandbox: string): boolean {
    return this.#daemon !== undefined || existsSync(storePath(folder, sandbox))
  }

  /**
   * The store of a sandbox: through the daemon that serves it, else its own file.
   * @throws store/in-use when another command keeps it for too long.
   */
  async openSandbox(folder: string, sandbox: string, waitMs = waitForStoreMs): Promise<Store> {
    const path = storePath(folder, sandbox)
    if (this.#daemon) return openRemoteStore({ ...this.#daemon, sandbox }, { path, dialect: this.dialect })
    const patientUntil = this.clock.ticksMs() + waitMs
    for (;;) {
      const served = await findRemoteStore(socketPath(folder, sandbox), { path, dialect: this.dialect })
      if (served) return served
      try {
        return await openStore({ path, clock: this.clock, log: this.log, waitMs: Math.min(waitMs, lookForDaemonMs) })
      } catch (error) {
        // Its owner may be a daemon that is about to listen.
        if (!isCdpError(error, 'store/in-use') || this.clock.ticksMs() > patientUntil) throw error
      }
    }
  }

  takeOverSandbox(folder: string, sandbox: string): Promise<void> {
    return takeOver(storePath(folder, sandbox))
  }

  isServed(store: Store): boolean {
    return store instanceof RemoteStore
  }

  /** What the daemon tells of itself; undefined when nobody serves the sandbox. */
  async findServing(store: Store): Promise<ServingStatus | undefined> {
    return store instanceof RemoteStore ? ((await store.ask('status', {})) as unknown as ServingStatus) : undefined
  }

  /** A pass by whoever owns the sandbox. */
  async runPass({ store, applied }: { readonly store: Store; readonly applied: Applied }, options: RunOptions, onProgress?: (progress: RunProgress) => void): Promise<RunResult> {
    if (store instanceof RemoteStore) return (await store.ask('run', toJson(options), (progress) => onProgress?.(progress as unknown as RunProgress))) as unknown as RunResult
    const opened = await this.openConnectors(applied)
    const { clock, log, random } = this
    try {
      return await runBatch({ store, applied, ...opened, clock, log, random, runId: this.newId(), ...options, ...(onProgress ? { onProgress } : {}) })
    } finally {
      await opened.close()
    }
  }

  /** Deletes one person, by whoever owns the sandbox; undefined when nobody is known by the identity. */
  async deleteProfile({ store, applied }: { readonly store: Store; readonly applied: Applied }, identity: Identity, allowReturn: boolean): Promise<DeletedProfile | undefined> {
    if (store instanceof RemoteStore) return ((await store.ask('delete-profile', toJson({ identity, allowReturn }))) ?? undefined) as unknown as DeletedProfile | undefined
    const opened = await this.openConnectors(applied)
    const { clock, log, random } = this
    try {
      const deliver = (): Promise<unknown> => activate({ store, applied, clock, log, random, connectors: opened.openDestination })
      return await deleteProfile({ store, applied, clock, identity, allowReturn, request: this.newId(), salt: this.newId(), deliver })
    } finally {
      await opened.close()
    }
  }

  async removeSandbox(folder: string, sandbox: string): Promise<void> {
    await rm(sandboxFolder(folder, sandbox), { recursive: true, force: true })
  }

  /** @throws secret/not-set for the first reference without a value. */
  assertSecrets(project: Pick<Project, 'sources' | 'destinations'>): void {
    for (const [address, config] of configsOf(project)) {
      const [reference] = resolveSecrets(config, this.#secrets).missing
      if (reference !== undefined) throw fail('secret/not-set', { reference, address })
    }
  }

  /** What a plan knows of the systems that a project talks to: how fast they take deliveries, and what is left of the day. Nothing is opened. */
  async surveyConnectors({ plugins, folder, sources, destinations }: Project): Promise<Pick<PlanRequest, 'findCapabilities' | 'quotas'>> {
    const registry = await loadRegistry(plugins, folder)
    const quotas = await this.readQuotas({ folder, sources, destinations }, registry)
    return {
      findCapabilities: ({ connector, config }) => {
        const side = registry.find(connector)?.destination
        return side && { ...side.capabilities, limits: side.limitsOf?.(config) ?? side.capabilities.limits }
      },
      quotas: quotas.map(({ name, used, limit }) => ({ guardrail: 'quota', what: `calls of ${name} today`, used, limit })),
    }
  }

  /**
   * Destinations of a project that can be asked whom they know, opened when they are first asked: within the limits and quotas of their
   * accounts. What has no secrets here is not asked.
   */
  async openMatching(project: Project): Promise<Required<Pick<PlanRequest, 'findMatching'>> & { close(): Promise<void> }> {
    const opened = await this.openProjectConnectors(project)
    return {
      close: () => opened.close(),
      findMatching: (spec) => {
        if (resolveSecrets(spec.config, this.#secrets).missing.length > 0) return undefined
        const { open, capabilities: { maxBatch } } = opened.openDestination({ uid: 0, spec })
        const match = open.match?.bind(open)
        return match && { match, maxBatch }
      },
    }
  }

  private readQuotas({ folder, sources, destinations }: Pick<Project, 'folder' | 'sources' | 'destinations'>, registry: ConnectorRegistry): Promise<readonly QuotaUse[]> {
    const sides = [...destinations.map((spec) => ({ spec, side: registry.find(spec.connector)?.destination })), ...sources.map((spec) => ({ spec, side: registry.find(spec.connector)?.source }))]
    const configured = sides.flatMap(({ spec: { name, connector, config }, side }) => (side ? [{ name, connector, config, side }] : []))
    return readQuotaUse(configured, this.openLedger(folder), this.clock.nowMs())
  }

  private openLedger(folder: string): QuotaLedger {
    return folderLedger(join(folder, '.cdp', 'quotas'), () => this.newId())
  }

  /** The connectors of an applied state, each opened when it is first needed and kept until the end. */
  async openConnectors(applied: Applied, log = this.log, destinations: readonly Destination[] = Object.values(applied.destinations).map((each) => each.spec)): Promise<OpenConnectors> {
    const { plugins, connectors, problems } = await loadPlugins(applied.plugins, applied.folder)
    const [problem] = problems
    if (problem) throw fail('plugin/not-loaded', problem)
    const registry = toRegistry([...builtIn, ...connectors], plugins)
    const isolate = await openIsolation({ registry, clock: this.clock, folder: applied.folder, destinations })
    const stop = new AbortController()
    const host = openHost({ clock: this.clock, log, random: this.random, signal: stop.signal, version, ledger: this.openLedger(applied.folder), allow: applied.sandbox.allow ?? [] })
    const requestOf = (address: string, { connector, config }: Source | Destination, dryRun: boolean): OpenRequest => ({
      address, connector, config, dryRun, host, secrets: this.#secrets, clock: this.clock, log, random: this.random, signal: stop.signal, folder: applied.folder,
    })
    const sources: OpenSource[] = []
    const opened = new Map<string, OpenDestination>()
    return {
      isContinuous: ({ connector }) => registry.find(connector)?.source?.capabilities.continuous === true,
      openSource: ({ spec }) => {
        const { source } = this.connectorOf(spec.connector, registry)
        if (!source) throw fail('plugin/not-loaded', { plugin: spec.connector, reason: 'it is no source' })
        const open = openSource(isolate.source(source, spec), requestOf(`Source/${spec.name}`, spec, false))
        sources.push(open)
        return open
      },
      openDestination: ({ spec }) => {
        const { destination } = this.connectorOf(spec.connector, registry)
        if (!destination) throw fail('plugin/not-loaded', { plugin: spec.connector, reason: 'it is no destination' })
        const open = opened.get(spec.name) ?? openDestination(isolate.destination(destination, spec), requestOf(`Destination/${spec.name}`, spec, spec.dryRun))
        opened.set(spec.name, open)
        return { open, capabilities: destination.capabilities }
      },
      abort: () => { stop.abort() },
      close: async () => {
        for (const each of [...sources, ...opened.values()]) await each.close?.()
        await host.close()
      },
    }
  }

  /** Opens the sandboxes and serves them until it is stopped. */
  async serve({ folder, sandboxes, collect, metrics, lineage, follow, configFile, admin, ...wanted }: ServeChoice): Promise<Service> {
    const { clock, log } = this
    // Loaded here: the other commands need not wait for a web server's code.
    const { openService } = await import('./http/service.js')
    return openService({
      sandboxes: sandboxes.map((each) => ({ ...this.toSandboxRequest(folder, each, sandboxes.length), ...(lineage === undefined ? {} : { events: tellLineage({ sandbox: each, target: lineage, log }) }) })),
      collect: toAddress(collect), ...(metrics === undefined ? {} : { metrics: toAddress(metrics) }),
      ...(admin === undefined ? {} : { admin: toAddress(admin) }), withoutTls: wanted.adminWithoutTls === true, tls: wanted.tls,
      clock, log, newId: () => this.newId(), version, keysOf: (applied) => this.writeKeysOf(applied),
      ...(follow ? { follow: { ...follow, folder, loadProject: (sandbox) => this.loadProject({ sandbox, configFile }), survey: (project) => this.surveyConnectors(project), assertSecrets: (project) => { this.assertSecrets(project) }, summarize: (plan) => total(plan, noColour) } } : {}),
    })
  }

  private toSandboxRequest(folder: string, sandbox: string, databases: number): SandboxRequest {
    const { clock, random } = this
    const log = logWith(this.log, { sandbox })
    const specsOf = ({ sources, destinations }: Applied): Pick<Project, 'sources' | 'destinations'> => ({ sources: Object.values(sources).map((each) => each.spec), destinations: Object.values(destinations).map((each) => each.spec) })
    return {
      name: sandbox, socketPath: socketPath(folder, sandbox), clock, log, random, newId: () => this.newId(),
      openStore: () => openStore({ path: storePath(folder, sandbox), clock, log, waitMs: waitForStoreMs, databases }),
      openConnectors: (applied) => {
        this.assertSecrets(specsOf(applied))
        return this.openConnectors({ ...applied, folder }, log)
      },
      readQuotas: async (applied) => this.readQuotas({ ...specsOf(applied), folder }, await loadRegistry(applied.plugins, folder)),
    }
  }

  private writeKeysOf(applied: Applied): readonly (SenderKey & { readonly source: number })[] {
    return collectingSources(applied).flatMap(({ uid, spec }) => senderKeysOf(spec.name, resolveSecrets(spec.config, this.#secrets).config).map((each) => ({ source: uid, ...each })))
  }

  /** The connectors of the project as it is written, applied or not. */
  openProjectConnectors(project: Project): Promise<OpenConnectors> {
    return this.openConnectors(appliedForCheck(project), this.log, project.destinations)
  }

  /** Everything that a command could stumble over, looked at one by one. */
  async examine(choice: ProjectChoice): Promise<readonly Finding[]> {
    const node = process.versions.node
    const [major = 0, minor = 0] = node.split('.').map(Number)
    const findings: Finding[] = [finding(major > 20 || (major === 20 && minor >= 19), `Node ${node}`, '', 'Install Node 20.19 or newer.')]
    const checked = await this.loadProject(choice)
    const mistakes = checked.ok ? 0 : checked.problems.length
    findings.push(finding(checked.ok, 'project', checked.ok ? `${checked.value.name}, sandbox ${checked.value.sandbox.name}` : `${String(mistakes)} problem(s)`, 'cdp validate shows them.'))
    if (!checked.ok) return findings
    const project = checked.value
    for (const [address, config] of configsOf(project)) for (const reference of resolveSecrets(config, this.#secrets).missing) findings.push(finding(false, address, `${reference} is not set`, 'Set it where cdp runs.'))
    findings.push(await this.examineStore(project))
    if (findings.every((each) => each.ok)) findings.push(...(await this.examineConnectors(project)))
    return findings
  }

  private async examineStore(project: Project): Promise<Finding> {
    try {
      await (await this.openSandbox(project.folder, project.sandbox.name)).close()
      return finding(true, `sandbox ${project.sandbox.name}`, 'its database opens', '')
    } catch (error) {
      if (!isCdpError(error)) throw error
      return finding(false, `sandbox ${project.sandbox.name}`, error.message, error.help)
    }
  }

  private async examineConnectors(project: Project): Promise<readonly Finding[]> {
    const opened = await this.openProjectConnectors(project)
    const findings: Finding[] = []
    for (const spec of project.sources) findings.push(toFinding(`Source/${spec.name}`, await opened.openSource({ uid: 0, spec }).check()))
    for (const spec of project.destinations) findings.push(toFinding(`Destination/${spec.name}`, await opened.openDestination({ uid: 0, spec }).open.check()))
    await opened.close()
    return findings
  }

  private connectorOf(name: string, registry: ConnectorRegistry): Connector {
    const connector = registry.find(name)
    if (!connector) throw fail('plugin/not-loaded', { plugin: name, reason: 'no plugin of the applied state brings this connector' })
    return connector
  }

  private loadRequest({ sandbox, configFile }: ProjectChoice): LoadRequest {
    return {
      folder: this.folder,
      ...(sandbox === undefined ? {} : { sandbox }),
      ...(configFile === undefined ? {} : { configFile }),
      loadPlugins: async (plugins, folder) => {
        const loaded = await loadPlugins(plugins, folder)
        return { ...loaded, plugins: [builtInPlugin, ...loaded.plugins], connectors: [...builtIn, ...loaded.connectors] }
      },
      secrets: { has: (reference: SecretReference) => this.#secrets(reference) !== undefined },
    }
  }
}

async function loadRegistry(plugins: readonly string[], folder: string): Promise<ConnectorRegistry> {
  return toRegistry([...builtIn, ...(await loadPlugins(plugins, folder)).connectors])
}

function finding(ok: boolean, what: string, detail: string, help: string): Finding {
  return { ok, what, detail, help }
}

function toFinding(what: string, result: Awaited<ReturnType<OpenSource['check']>>): Finding {
  return result.ok ? finding(true, what, 'answers', '') : finding(false, what, result.reason, result.hint ?? '')
}

function appliedForCheck(project: Project): Applied {
  return {
    serial: 0, at: systemClock.now(), project: project.name, organization: project.organization, timezone: project.timezone, sandbox: project.sandbox, guardrails: project.guardrails, entities: project.entities,
    policies: {}, sources: {}, segments: {}, destinations: {}, retired: [], promised: {}, plugins: project.plugins, nextUid: 1, folder: project.folder,
  }
}

function* configsOf(project: Pick<Project, 'sources' | 'destinations'>): Iterable<readonly [address: string, config: JsonObject]> {
  for (const source of project.sources) yield [`Source/${source.name}`, source.config]
  for (const destination of project.destinations) yield [`Destination/${destination.name}`, destination.config]
}

// A socket's path may have some hundred bytes only (sun_path), so that of a deep folder is elsewhere.
const longestSocketPath = 100

function socketPath(folder: string, sandbox: string): string {
  const near = join(sandboxFolder(folder, sandbox), 'daemon.sock')
  if (Buffer.byteLength(near) <= longestSocketPath) return near
  const ours = join(tmpdir(), `cdp-${String(userInfo().uid)}`)
  mkdirSync(ours, { recursive: true, mode: 0o700 })
  return join(ours, `${digest(near)}.sock`)
}

function toAddress(written: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^(?:\[?([^\]]*)\]?:)?(\d{1,5})$/.exec(written) ?? []
  if (port === '' || Number(port) > 65_535) throw fail('cli/not-an-address', { written })
  return { host: host === '' ? '127.0.0.1' : host, port: Number(port) }
}

function sandboxFolder(folder: string, sandbox: string): string {
  return join(folder, '.cdp', sandbox)
}

function storePath(folder: string, sandbox: string): string {
  return join(sandboxFolder(folder, sandbox), 'store.duckdb')
}

// CDP_CLOCK stops the clock for examples and tests; durations are still measured.
function toClock(written: string | undefined): Clock {
  const instant = written === undefined || written === '' ? undefined : findInstant(written)
  return instant === undefined ? systemClock : { ...fixedClock(instant), ticksMs: () => systemClock.ticksMs() }
}
