// Stage 1: a folder of YAML files → Project, or everything that is wrong with it.
import { join } from 'node:path'
import { standardEntities } from '../entities/standard-entities.js'
import { type Checked, type Diagnostic, DiagnosticLog } from '../kernel/diagnostic.js'
import { type JsonObject, toText } from '../kernel/json.js'
import type { GuardrailFacts } from '../plugins/guardrail.js'
import type { LoadedPlugin, LoadedPlugins } from '../plugins/load.js'
import { type ConnectorRegistry, toRegistry } from '../plugins/registry.js'
import { resolveAdHocSegment } from './ad-hoc-segment.js'
import { checkPolicies } from './governance/check-policies.js'
import { checkGuardrails, toHeadroom } from './guardrails/check-guardrails.js'
import type { CoreGuardrail } from './guardrails/guardrail.js'
import { checkedElsewhere, guardrails as rules } from './guardrails/rules/index.js'
import { runTimeGuardrails } from './guardrails/run-time-guardrails.js'
import { type FoundProject, findProject } from './find.js'
import { type KindDocument, listProjectFiles, loadDocuments } from './load-documents.js'
import type { Project, SecretReference } from './project.js'
import { type ResolvedProject, chooseSandboxName, resolveProject } from './resolve.js'
import { toEditorSchemas } from './schemas/editor/to-editor-schemas.js'
import { loadTestDocuments } from './segment-tests/load-test-documents.js'
import { resolveSegmentTests } from './segment-tests/resolve-tests.js'
import type { SegmentTests } from './segment-tests/segment-test.js'

export { formatYaml } from './format.js'
export { combinedFile } from './schemas/editor/to-editor-schemas.js'
export { isTestFile } from './load-documents.js'
export { type ProjectLocation, locateProject } from './locate.js'
export { type GuardrailDescription, describeGuardrail, nearestGuardrail } from './guardrails/describe-guardrail.js'
export { type EffectiveValue, describeEffective } from './effective.js'
export { type ExpressionPlaces, loadExpressionPlaces } from './load-expression-places.js'
export { streamingRoots } from './resolve-segments.js'
export { resolveAdHocSegment }
export type { SegmentTest, SegmentTests, TestProfile } from './segment-tests/segment-test.js'

export interface LoadRequest {
  /** Where to look for the project: here or above. */
  readonly folder: string
  readonly configFile?: string
  readonly sandbox?: string
  /** The connectors that a project can use, the built-in ones too, and the guardrails of its plugins, with what could not be loaded. */
  readonly loadPlugins: (plugins: readonly string[], folder: string) => Promise<LoadedPlugins>
  /** Whether a secret reference has a value on this machine. Values are not asked for. */
  readonly secrets: { has(reference: SecretReference): boolean }
}

/** Reads, checks and resolves the project for one sandbox. Reads files and nothing else; throws nothing for what people wrote. */
export async function loadProject(request: LoadRequest): Promise<Checked<Project>> {
  const log = new DiagnosticLog()
  const loaded = await loadAll(request, log)
  const resolved = loaded && resolve(loaded, request, log)
  if (loaded && resolved) check(resolved, loaded, () => othersOf(resolved, loaded, request), log)
  return checkedProject(resolved, log)
}

/** The project for one sandbox with the tests of its segments: every mistake of both at once. */
export async function loadSegmentTests(request: LoadRequest): Promise<Checked<SegmentTests>> {
  const log = new DiagnosticLog()
  const loaded = await loadAll(request, log)
  if (!loaded) return { ok: false, problems: log.sorted() }
  const project = resolve(loaded, request, log)?.project
  const segmentNames = loaded.documents.filter((each) => each.kind === 'Segment').map((each) => toText(each.placed.value['name']))
  const tests = resolveSegmentTests({ documents: await loadTestDocuments(loaded.found.folder, log), project, segmentNames, log })
  if (!project || log.hasErrors) return { ok: false, problems: log.sorted() }
  return { ok: true, value: { project, tests }, warnings: log.sorted() }
}

/** A project folder as each of its sandboxes sees it. */
export interface LoadedFolder {
  /** Paths in the diagnostics start here. */
  readonly folder: string
  readonly checked: Checked<readonly Project[]>
}

/** Several projects with all their sandboxes, checked one by one and against each other. A mistake that sandboxes share is told once. */
export async function loadProjects(requests: readonly LoadRequest[]): Promise<readonly LoadedFolder[]> {
  const folders = await Promise.all(requests.map(loadSandboxes))
  const all = folders.flatMap((each) => each.sandboxes)
  return folders.map(({ folder, loaded, shared, sandboxes }) => {
    for (const { resolved, log } of sandboxes) {
      if (loaded) check(resolved, loaded, () => all.map((each) => each.resolved.project).filter((each) => each !== resolved.project), log)
    }
    return { folder, checked: togetherOf(shared, sandboxes) }
  })
}

interface LoadedSandbox {
  readonly resolved: ResolvedProject
  readonly log: DiagnosticLog
}

interface LoadedSandboxes {
  readonly folder: string
  readonly loaded: Loaded | undefined
  /** What is wrong whatever the sandbox. */
  readonly shared: DiagnosticLog
  readonly sandboxes: readonly LoadedSandbox[]
}

async function loadSandboxes(request: LoadRequest): Promise<LoadedSandboxes> {
  const shared = new DiagnosticLog()
  const loaded = await loadAll(request, shared)
  if (!loaded) return { folder: request.folder, loaded, shared, sandboxes: [] }
  const names = sandboxNames(loaded)
  const sandboxes = (names.length === 0 ? [undefined] : names).flatMap((sandbox) => {
    const log = new DiagnosticLog()
    const resolved = resolve(loaded, { ...request, ...(sandbox === undefined ? {} : { sandbox }) }, log)
    if (!resolved) shared.add(log.sorted())
    return resolved ? [{ resolved, log }] : []
  })
  return { folder: loaded.found.folder, loaded, shared, sandboxes }
}

function togetherOf(shared: DiagnosticLog, sandboxes: readonly LoadedSandbox[]): Checked<readonly Project[]> {
  const seen = new Map([...shared.sorted(), ...sandboxes.flatMap((each) => each.log.sorted())].map((each) => [JSON.stringify(each), each]))
  const all = new DiagnosticLog()
  all.add([...seen.values()])
  return all.checked(() => sandboxes.map((each) => each.resolved.project))
}

function sandboxNames({ documents }: Pick<Loaded, 'documents'>): readonly string[] {
  return documents.filter((each) => each.kind === 'Sandbox').map((each) => toText(each.placed.value['name']))
}

/** The other sandboxes of a project. What is wrong there is told when they are loaded themselves. */
function othersOf({ project }: ResolvedProject, loaded: Loaded, request: LoadRequest): readonly Project[] {
  const names = sandboxNames(loaded).filter((each) => each !== project.sandbox.name)
  return names.flatMap((sandbox) => resolve(loaded, { ...request, sandbox, isBeside: true }, new DiagnosticLog())?.project ?? [])
}

function resolve({ documents, found, registry, guardrails }: Loaded, { sandbox, secrets, isBeside }: LoadRequest & { readonly isBeside?: true }, log: DiagnosticLog): ResolvedProject | undefined {
  const resolved = resolveProject({ documents, folder: found.folder, registry, guardrails: factsOf(guardrails), secrets, log, ...(sandbox === undefined ? {} : { sandbox }), ...(isBeside ? { isBeside } : {}) })
  return resolved && { ...resolved, project: { ...resolved.project, headroom: toHeadroom(resolved.project, guardrails) } }
}

function check(resolved: ResolvedProject, { registry, guardrails }: Loaded, findOthers: () => readonly Project[], log: DiagnosticLog): void {
  checkGuardrails({ resolved, findOthers, rules: guardrails, registry, log })
  checkPolicies({ resolved, registry, log })
}

export interface FoundSandbox {
  readonly folder: string
  readonly sandbox: { readonly name: string }
}

/** Where the project is and which of its sandboxes is meant. Mistakes that have nothing to do with this question are not told. */
export async function findSandbox(request: Pick<LoadRequest, 'folder' | 'configFile' | 'sandbox'>): Promise<Checked<FoundSandbox>> {
  const log = new DiagnosticLog()
  const found = await findProject(request.folder, request.configFile)
  if (!found) log.report('project/not-found', { folder: request.folder })
  const sandbox = found && chooseSandboxName({ documents: await loadDocuments(found, new DiagnosticLog()), log, sandbox: request.sandbox })
  if (!found || sandbox === undefined) return { ok: false, problems: log.sorted() }
  return { ok: true, value: { folder: found.folder, sandbox: { name: sandbox } }, warnings: [] }
}

/** The sandboxes of the project, whatever else is wrong with it. */
export async function findSandboxes(request: Pick<LoadRequest, 'folder' | 'configFile'>): Promise<Checked<readonly FoundSandbox[]>> {
  const found = await findProject(request.folder, request.configFile)
  const names = found ? sandboxNames({ documents: await loadDocuments(found, new DiagnosticLog()) }) : []
  if (found && names.length > 0) return { ok: true, value: names.map((name) => ({ folder: found.folder, sandbox: { name } })), warnings: [] }
  const only = await findSandbox(request)
  return only.ok ? { ...only, value: [only.value] } : only
}

/** Facts of every guardrail: core's, and those of the plugins of the project that is found here, if there is one. */
export async function loadGuardrails(request: LoadRequest): Promise<readonly GuardrailFacts[]> {
  const loaded = await loadAll(request, new DiagnosticLog())
  return factsOf(loaded?.guardrails)
}

/** Of what rules check, and of what is checked elsewhere. */
function factsOf(guardrails: readonly GuardrailFacts[] = rules): readonly GuardrailFacts[] {
  return [...guardrails, ...checkedElsewhere, ...runTimeGuardrails]
}

export interface ProjectPlugins {
  /** Of the project, or where it was looked for. */
  readonly folder: string
  readonly hasProject: boolean
  /** The built-in connectors first, as if they were a plugin. */
  readonly plugins: readonly LoadedPlugin[]
  /** Plugins that could not be loaded, and what kept the project from naming any. */
  readonly problems: readonly Diagnostic[]
}

/** The plugins of the project that is found here; where there is none, what is built in. */
export async function loadProjectPlugins(request: Pick<LoadRequest, 'folder' | 'configFile' | 'loadPlugins'>): Promise<ProjectPlugins> {
  const found = await findProject(request.folder, request.configFile)
  if (!found) return { folder: request.folder, hasProject: false, plugins: (await request.loadPlugins([], request.folder)).plugins, problems: [] }
  const [reading, loading] = [new DiagnosticLog(), new DiagnosticLog()]
  const documents = await loadDocuments(found, reading)
  const { plugins } = await loadParts(request, found, documents, loading)
  // Without a project document nobody knows which plugins are meant. Other mistakes are those of cdp validate.
  const unread = documents.some((each) => each.kind === 'Project') ? [] : reading.sorted()
  return { folder: found.folder, hasProject: true, plugins, problems: [...unread, ...loading.sorted()] }
}

export interface EditorSchemas {
  /** Of the project, or where it was looked for. */
  readonly folder: string
  /** By the name of the file. */
  readonly schemas: Readonly<Record<string, JsonObject>>
}

/** JSON Schemas for editors, with the connectors of the project that is found here; where there is none, with those that are built in. */
export async function loadEditorSchemas(request: LoadRequest): Promise<EditorSchemas> {
  const log = new DiagnosticLog()
  const loaded = await loadAll(request, log)
  const registry = loaded?.registry ?? toRegistry((await request.loadPlugins([], request.folder)).connectors)
  const entities = loaded && resolve(loaded, request, new DiagnosticLog())?.project.entities
  const mayBeMore = log.sorted().some((each) => each.code === 'project/plugin-not-loaded')
  const schemas = toEditorSchemas({
    connectors: registry.names.flatMap((name) => registry.find(name) ?? []), mayBeMore, guardrails: factsOf(loaded?.guardrails), entities: entities ?? standardEntities,
  })
  return { folder: loaded?.found.folder ?? request.folder, schemas }
}

/** Absolute paths of the project's files, the project file first. */
export async function findProjectFiles(request: Pick<LoadRequest, 'folder' | 'configFile'>): Promise<readonly string[]> {
  const found = await findProject(request.folder, request.configFile)
  if (!found) return []
  const log = new DiagnosticLog()
  const files = await listProjectFiles(found, await loadDocuments(found, log), log)
  return files.map((each) => join(found.folder, each))
}

interface Loaded {
  readonly found: FoundProject
  readonly documents: readonly KindDocument[]
  readonly registry: ConnectorRegistry
  /** Core's rules and those of the project's plugins. */
  readonly guardrails: readonly CoreGuardrail[]
}

async function loadAll(request: LoadRequest, log: DiagnosticLog): Promise<Loaded | undefined> {
  const found = await findProject(request.folder, request.configFile)
  if (!found) {
    log.report('project/not-found', { folder: request.folder })
    return undefined
  }
  const documents = await loadDocuments(found, log)
  return { found, documents, ...(await loadParts(request, found, documents, log)) }
}

async function loadParts(request: Pick<LoadRequest, 'loadPlugins'>, found: FoundProject, documents: readonly KindDocument[], log: DiagnosticLog): Promise<Pick<Loaded, 'registry' | 'guardrails'> & Pick<LoadedPlugins, 'plugins'>> {
  const project = documents.find((each) => each.kind === 'Project')
  const written = project?.placed.value['plugins']
  const plugins = Array.isArray(written) ? (written as readonly unknown[]).filter((each): each is string => typeof each === 'string') : []
  const { plugins: loaded, connectors, guardrails, problems } = await request.loadPlugins(plugins, found.folder)
  for (const { plugin, reason } of problems) log.report('project/plugin-not-loaded', { plugin, reason }, project?.placed.spanOf(['plugins', plugins.indexOf(plugin)]))
  return { plugins: loaded, registry: toRegistry(connectors, loaded), guardrails: [...rules, ...guardrails] }
}

function checkedProject(resolved: ResolvedProject | undefined, log: DiagnosticLog): Checked<Project> {
  if (!resolved || log.hasErrors) return { ok: false, problems: log.sorted() }
  return { ok: true, value: resolved.project, warnings: log.sorted() }
}
