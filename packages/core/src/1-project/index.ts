// Stage 1: a folder of YAML files → Project, or everything that is wrong with it.
import { join } from 'node:path'
import { type Checked, DiagnosticLog } from '../kernel/diagnostic.js'
import { toText } from '../kernel/json.js'
import { type ConnectorRegistry, toRegistry } from '../plugins/registry.js'
import type { Connector } from '../plugins/sdk.js'
import { resolveAdHocSegment } from './ad-hoc-segment.js'
import { type FoundProject, findProject } from './find.js'
import { type KindDocument, listProjectFiles, loadDocuments } from './load-documents.js'
import type { Project, SecretReference } from './project.js'
import { resolveProject } from './resolve.js'
import { loadTestDocuments } from './segment-tests/load-test-documents.js'
import { resolveSegmentTests } from './segment-tests/resolve-tests.js'
import type { SegmentTests } from './segment-tests/segment-test.js'

export { formatYaml } from './format.js'
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
  /** The connectors that a project can use: the built-in ones and those of its plugins, with what could not be loaded. */
  readonly loadConnectors: (plugins: readonly string[], folder: string) => Promise<LoadedConnectors>
  /** Whether a secret reference has a value on this machine. Values are not asked for. */
  readonly secrets: { has(reference: SecretReference): boolean }
}

export interface LoadedConnectors {
  readonly connectors: readonly Connector[]
  readonly problems: readonly { readonly plugin: string; readonly reason: string }[]
}

/** Reads, checks and resolves the project for one sandbox. Reads files and nothing else; throws nothing for what people wrote. */
export async function loadProject(request: LoadRequest): Promise<Checked<Project>> {
  const log = new DiagnosticLog()
  const loaded = await loadAll(request, log)
  const project = loaded && resolveProject({ ...loaded, folder: loaded.found.folder, secrets: request.secrets, log, ...(request.sandbox === undefined ? {} : { sandbox: request.sandbox }) })
  return checkedProject(project, log)
}

/** The project for one sandbox with the tests of its segments: every mistake of both at once. */
export async function loadSegmentTests(request: LoadRequest): Promise<Checked<SegmentTests>> {
  const log = new DiagnosticLog()
  const loaded = await loadAll(request, log)
  if (!loaded) return { ok: false, problems: log.sorted() }
  const project = resolveProject({ ...loaded, folder: loaded.found.folder, secrets: request.secrets, log, ...(request.sandbox === undefined ? {} : { sandbox: request.sandbox }) })
  const segmentNames = loaded.documents.filter((each) => each.kind === 'Segment').map((each) => toText(each.placed.value['name']))
  const tests = resolveSegmentTests({ documents: await loadTestDocuments(loaded.found.folder, log), project, segmentNames, log })
  if (!project || log.hasErrors) return { ok: false, problems: log.sorted() }
  return { ok: true, value: { project, tests }, warnings: log.sorted() }
}

/** The project as each of its sandboxes sees it. A mistake that all of them share is told once. */
export async function loadAllSandboxes(request: LoadRequest): Promise<Checked<readonly Project[]>> {
  const shared = new DiagnosticLog()
  const loaded = await loadAll(request, shared)
  const names = loaded?.documents.filter((each) => each.kind === 'Sandbox').map((each) => toText(each.placed.value['name'])) ?? []
  const projects: Project[] = []
  const seen = new Map(shared.sorted().map((each) => [JSON.stringify(each), each]))
  for (const sandbox of names.length === 0 ? [undefined] : names) {
    if (!loaded) break
    const log = new DiagnosticLog()
    const project = resolveProject({ ...loaded, folder: loaded.found.folder, secrets: request.secrets, log, ...(sandbox === undefined ? {} : { sandbox }) })
    for (const each of log.sorted()) seen.set(JSON.stringify(each), each)
    if (project) projects.push(project)
  }
  const all = new DiagnosticLog()
  all.add([...seen.values()])
  return all.checked(() => projects)
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
}

async function loadAll(request: LoadRequest, log: DiagnosticLog): Promise<Loaded | undefined> {
  const found = await findProject(request.folder, request.configFile)
  if (!found) {
    log.report('project/not-found', { folder: request.folder })
    return undefined
  }
  const documents = await loadDocuments(found, log)
  return { found, documents, registry: await loadRegistry(request, found, documents, log) }
}

async function loadRegistry(request: LoadRequest, found: FoundProject, documents: readonly KindDocument[], log: DiagnosticLog): Promise<ConnectorRegistry> {
  const project = documents.find((each) => each.kind === 'Project')
  const written = project?.placed.value['plugins']
  const plugins = Array.isArray(written) ? (written as readonly unknown[]).filter((each): each is string => typeof each === 'string') : []
  const { connectors, problems } = await request.loadConnectors(plugins, found.folder)
  for (const { plugin, reason } of problems) log.report('project/plugin-not-loaded', { plugin, reason }, project?.placed.spanOf(['plugins', plugins.indexOf(plugin)]))
  return toRegistry(connectors)
}

function checkedProject(project: Project | undefined, log: DiagnosticLog): Checked<Project> {
  if (!project || log.hasErrors) return { ok: false, problems: log.sorted() }
  return { ok: true, value: project, warnings: log.sorted() }
}
