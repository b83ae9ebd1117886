// Documents × one sandbox → Project. Overlays first, then variables, then shapes, then what refers to what. Everything that
// is wrong is collected; a document of the wrong shape takes no further part, so that its mistakes are not told twice.
import { type DocumentKind, type PlacedAddress, resourceKinds } from '../kernel/address.js'
import type { TextRange } from '../expressions/expression.js'
import { toRootShapes } from '../expressions/root-shape.js'
import { isTimezone } from '../kernel/cron.js'
import { DiagnosticLog } from '../kernel/diagnostic.js'
import { type JsonObject, isJsonArray, isJsonObject, toText, type Json } from '../kernel/json.js'
import type { Span } from '../kernel/span.js'
import { suggestion } from '../kernel/suggest.js'
import type { GuardrailFacts } from '../plugins/guardrail.js'
import type { ConnectorRegistry } from '../plugins/registry.js'
import { checkShape } from './check-shape.js'
import { findSegmentCycles } from './find-segment-cycles.js'
import { resolveGuardrails } from './guardrails/settings.js'
import type { KindDocument } from './load-documents.js'
import { type OverlaidPart, type Placed, leavesOf, mergePatch } from './placed.js'
import type { Project, ResourcePlaces, Sandbox, SecretReference, Segment } from './project.js'
import { putInVars } from './put-in-vars.js'
import { resolveDestination } from './resolve-destinations.js'
import { resolvePolicies } from './governance/resolve-policies.js'
import { resolveSchemas } from './resolve-schemas.js'
import { resolveSegment } from './resolve-segments.js'
import { type ResolveScope, resolveSource } from './resolve-sources.js'
import { documentSchemas } from './schemas/documents.js'
import type { WrittenDestination, WrittenPolicy, WrittenProject, WrittenSandbox, WrittenSchema, WrittenSegment, WrittenSource } from './written.js'

export interface ResolveRequest {
  readonly documents: readonly KindDocument[]
  readonly folder: string
  readonly registry: ConnectorRegistry
  /** Those that can be overridden: core's and the plugins'. */
  readonly guardrails: readonly GuardrailFacts[]
  readonly secrets: { has(reference: SecretReference): boolean }
  /** The sandbox that was asked for; the project's default, or its only one, otherwise. */
  readonly sandbox?: string | undefined
  /** It is only looked at beside another sandbox, whose check asks for it: what is wrong with it is told elsewhere. */
  readonly isBeside?: true
  readonly log: DiagnosticLog
}

export interface ResolvedProject {
  readonly project: Project
  readonly placeInText: PlaceInText
}

/** Where a range of a text stands in its file: a piece of an expression. Only while the files are at hand. */
export type PlaceInText = (address: PlacedAddress, pointer: string, range: TextRange) => Span | undefined

export function resolveProject(request: ResolveRequest): ResolvedProject | undefined {
  const { documents, log } = request
  const project = shaped<WrittenProject>(documents, 'Project', log)[0]
  reportFurtherProjects(documents, log)
  checkNames(documents, log)
  const sandboxes = shaped<WrittenSandbox>(documents, 'Sandbox', log)
  if (!project) return undefined
  checkDefaults(project, sandboxes, log)
  const chosen = chooseSandbox(project, sandboxes, request)
  if (!chosen) {
    for (const kind of resourceKinds) shaped(documents, kind, log)
    return undefined
  }
  return resolveFor(chosen, project, sandboxes, request)
}

interface ChosenSandbox {
  readonly sandbox: Sandbox
  readonly placed?: Placed<WrittenSandbox>
}

function resolveFor({ sandbox, placed: sandboxDocument }: ChosenSandbox, project: Placed<WrittenProject>, sandboxes: readonly Placed<WrittenSandbox>[], request: ResolveRequest): ResolvedProject {
  const { log, folder, registry, secrets } = request
  const documents = seenBy(sandboxDocument, sandbox, request)
  const sources = shaped<WrittenSource>(documents, 'Source', log)
  const segments = shaped<WrittenSegment>(documents, 'Segment', log)
  const destinations = shaped<WrittenDestination>(documents, 'Destination', log)
  const schemas = shaped<WrittenSchema>(documents, 'Schema', log)
  const policies = shaped<WrittenPolicy>(documents, 'Policy', log)
  const entities = resolveSchemas(schemas, namesOf(request.documents, 'Source'), log)
  const scope: ResolveScope = { entities, registry, secrets, sandbox: sandbox.name, vars: sandbox.vars, log }
  const safety = { ...project.value.safety, ...sandboxDocument?.value.safety }
  const segmentScope = { ...scope, safety, segments, destinationNames: namesOf(request.documents, 'Destination'), shapes: toRootShapes(entities), tellsMeaning: request.isBeside !== true }
  const resolved: Project = {
    name: project.value.name,
    organization: sandboxDocument?.value.organization ?? project.value.organization ?? project.value.name,
    folder,
    plugins: project.value.plugins ?? [],
    timezone: project.value.defaults?.timezone ?? 'UTC',
    safety,
    headroom: [],
    guardrails: resolveGuardrails({ documents: [project, ...(sandboxDocument ? [sandboxDocument] : [])], rules: request.guardrails, log }),
    sandbox,
    sandboxNames: sandboxes.length === 0 ? [sandbox.name] : sandboxes.map((each) => each.value.name),
    entities,
    policies: resolvePolicies({ policies, project, log }),
    sources: sources.map((each) => resolveSource(each, scope)),
    segments: segments.map((each) => resolveSegment(each, segmentScope)),
    destinations: destinations.map((each) => resolveDestination(each, sources, scope)),
    places: { ...placesOf('Project', [project]), ...placesOf('Sandbox', sandboxes), ...placesOf('Source', sources), ...placesOf('Schema', schemas), ...placesOf('Policy', policies), ...placesOf('Segment', segments), ...placesOf('Destination', destinations) },
  }
  reportCycles(resolved.segments, segments, log)
  return { project: resolved, placeInText: placesInTexts(documents) }
}

function placesInTexts(documents: readonly KindDocument[]): PlaceInText {
  return (address, pointer, range) => {
    const document = documents.find(({ kind, placed }) => `${kind}/${toText(placed.value['name'])}` === address)
    return document?.placed.spanInText(pointer.split('/').slice(1), range)
  }
}

/** Documents of a kind that have its shape. */
function shaped<Written>(documents: readonly KindDocument[], kind: DocumentKind, log: DiagnosticLog): readonly Placed<Written>[] {
  const article = /^[AEIOU]/.test(kind) ? 'an' : 'a'
  return documents
    .filter((each) => each.kind === kind)
    .filter(({ placed }) => checkShape(placed, { schema: documentSchemas[kind], value: placed.value, at: [], what: `${article} ${kind}` }, log))
    .map(({ placed }) => placed.with(placed.value as unknown as Written))
}

// Whoever only mistyped a key of a resource still has it: what refers to it is not wrong, too.
function namesOf(documents: readonly KindDocument[], kind: DocumentKind): readonly string[] {
  return documents.flatMap((each) => (each.kind === kind && typeof each.placed.value['name'] === 'string' ? [each.placed.value['name']] : []))
}

function reportFurtherProjects(documents: readonly KindDocument[], log: DiagnosticLog): void {
  const [first, ...further] = documents.filter((each) => each.kind === 'Project')
  for (const { placed } of further) {
    log.report('project/several-project-documents', { name: toText(placed.value['name']) }, placed.spanOf(['kind']), first ? [{ text: 'the first one', at: first.placed.spanOf(['kind']) }] : [])
  }
}

function checkNames(documents: readonly KindDocument[], log: DiagnosticLog): void {
  const seen = new Map<string, Placed>()
  for (const { kind, placed } of documents) {
    const name = placed.value['name']
    if (typeof name !== 'string') continue
    const address = `${kind}/${name}`
    const first = seen.get(address)
    if (first) log.report('project/duplicate-name', { address }, placed.spanOf(['name']), [{ text: 'first here', at: first.spanOf(['name']) }])
    else seen.set(address, placed)
  }
}

function checkDefaults(project: Placed<WrittenProject>, sandboxes: readonly Placed<WrittenSandbox>[], log: DiagnosticLog): void {
  const { sandbox, timezone } = project.value.defaults ?? {}
  if (timezone !== undefined && !isTimezone(timezone)) log.report('project/bad-timezone', { name: timezone }, project.spanOf(['defaults', 'timezone']))
  const names = sandboxes.map((each) => each.value.name)
  if (sandbox !== undefined && names.length > 0 && !names.includes(sandbox)) log.report('project/unknown-sandbox', { name: sandbox, suggestion: suggestion(sandbox, names) }, project.spanOf(['defaults', 'sandbox']))
}

const onlySandbox = 'dev'

/** Which sandbox is meant, whatever is wrong elsewhere in the files; undefined, and told, when nothing says so. */
export function chooseSandboxName({ documents, sandbox, log }: Pick<ResolveRequest, 'documents' | 'sandbox' | 'log'>): string | undefined {
  const names = namesOf(documents, 'Sandbox')
  const [project] = shaped<WrittenProject>(documents, 'Project', new DiagnosticLog())
  const wanted = sandbox ?? project?.value.defaults?.sandbox ?? (names.length <= 1 ? (names[0] ?? onlySandbox) : undefined)
  if (wanted === undefined) log.report('project/no-sandbox-chosen', { known: names.join(', ') }, project?.keySpanOf(['name']))
  else if (names.length > 0 && !names.includes(wanted)) log.report('project/unknown-sandbox', { name: wanted, suggestion: suggestion(wanted, names) })
  return log.hasErrors ? undefined : wanted
}

function chooseSandbox(project: Placed<WrittenProject>, sandboxes: readonly Placed<WrittenSandbox>[], { sandbox, log }: ResolveRequest): ChosenSandbox | undefined {
  const names = sandboxes.map((each) => each.value.name)
  const wanted = sandbox ?? project.value.defaults?.sandbox ?? (names.length <= 1 ? (names[0] ?? onlySandbox) : undefined)
  if (wanted === undefined) {
    log.report('project/no-sandbox-chosen', { known: names.join(', ') }, project.keySpanOf(['name']))
    return undefined
  }
  const placed = sandboxes.find((each) => each.value.name === wanted)
  if (placed) return { placed, sandbox: { name: wanted, protect: placed.value.protect === true, vars: placed.value.vars ?? {}, ...(placed.value.network?.allow ? { allow: placed.value.network.allow } : {}), ...(placed.value.retention ? { retention: placed.value.retention } : {}) } }
  // With mistakes in the files, the sandbox may be among what could not be read: better not to guess its variables.
  if (names.length === 0 && !log.hasErrors) return { sandbox: { name: wanted, protect: false, vars: {} } }
  if (sandbox !== undefined && names.length > 0) log.report('project/unknown-sandbox', { name: sandbox, suggestion: suggestion(sandbox, names) })
  return undefined
}

/** The resource documents as a sandbox sees them: its overlays merged in, its variables put in. */
function seenBy(sandbox: Placed<WrittenSandbox> | undefined, { name, vars }: Sandbox, { documents, log }: ResolveRequest): readonly KindDocument[] {
  const resources = documents.filter((each) => each.kind !== 'Project' && each.kind !== 'Sandbox')
  const overlaid = sandbox ? withOverlays(resources, sandbox, log) : resources
  return overlaid.map(({ kind, placed }) => ({ kind, placed: putInVars(placed, { sandbox: name, vars, log }) }))
}

function withOverlays(resources: readonly KindDocument[], sandbox: Placed<WrittenSandbox>, log: DiagnosticLog): readonly KindDocument[] {
  const addressOf = ({ kind, placed }: KindDocument): string => `${kind}/${toText(placed.value['name'])}`
  let seen = resources
  for (const [index, { target, patch }] of (sandbox.value.overlays ?? []).entries()) {
    const isTarget = (each: KindDocument): boolean => addressOf(each) === target || `${each.kind}/*` === target
    if (!seen.some(isTarget)) log.report('project/overlay-matches-nothing', { target, suggestion: suggestion(target, seen.map(addressOf)) }, sandbox.spanOf(['overlays', index, 'target']))
    seen = seen.map((each) => (isTarget(each) ? { kind: each.kind, placed: overlay(each.placed, patch, sandbox, index) } : each))
  }
  return seen
}

function overlay(placed: Placed, patch: JsonObject, sandbox: Placed<WrittenSandbox>, index: number): Placed {
  const parts = leavesOf(patch).map((path): OverlaidPart => ({ path, document: sandbox.document, writtenAt: ['overlays', index, 'patch', ...path] }))
  return placed.with(mergePatch(placed.value, patch) as JsonObject, [...placed.overlaid, ...parts])
}

function reportCycles(segments: readonly Segment[], placed: readonly Placed<WrittenSegment>[], log: DiagnosticLog): void {
  const reads = new Map(segments.map((each) => [each.name, each.readsSegments]))
  for (const cycle of findSegmentCycles(reads)) {
    const [first = ''] = cycle
    const document = placed.find((each) => each.value.name === first)
    log.report('project/segment-cycle', { cycle: [...cycle, first].join(' → ') }, document?.spanOf(['expression']))
  }
}

function placesOf(kind: DocumentKind, documents: readonly Placed<{ readonly name: string }>[]): Readonly<Record<PlacedAddress, ResourcePlaces>> {
  return Object.fromEntries(documents.map((placed) => [`${kind}/${placed.value.name}`, { at: placed.spanOf(['name']), fields: fieldPlaces(placed, placed.value as unknown as Json) }]))
}

function fieldPlaces(placed: Placed<unknown>, value: Json, path: readonly (string | number)[] = []): Readonly<Record<string, Span>> {
  const own = path.length === 0 ? {} : { [`/${path.join('/')}`]: placed.spanOf(path) }
  const entries = isJsonArray(value) ? [...value.entries()] : isJsonObject(value) ? Object.entries(value) : []
  return Object.assign(own, ...entries.map(([key, each]) => fieldPlaces(placed, each, [...path, key]))) as Record<string, Span>
}
