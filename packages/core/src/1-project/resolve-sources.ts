// Source documents → sources: connector, streams, mappings, all checked against the connector and the entities.
import { type EntityName, type EntitySchema } from '../entities/entity-schema.js'
import { type Instant, findInstant } from '../kernel/clock.js'
import { isCron, setsBothDays } from '../kernel/cron.js'
import type { DiagnosticLog } from '../kernel/diagnostic.js'
import type { JsonObject } from '../kernel/json.js'
import { suggestion } from '../kernel/suggest.js'
import { toCurrentConfig } from '../plugins/current-config.js'
import type { ConnectorRegistry } from '../plugins/registry.js'
import type { Connector, ConnectorSide, SourceConnector, StreamSpec } from '../plugins/sdk.js'
import { checkConfig } from './check-config.js'
import { checkExpression } from './check-expression.js'
import type { Placed } from './placed.js'
import type { SecretReference, Source, Stream } from './project.js'
import type { Path } from './read.js'
import type { WrittenSource, WrittenStream } from './written.js'

export interface ResolveScope {
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  readonly registry: ConnectorRegistry
  readonly secrets: { has(reference: SecretReference): boolean }
  readonly sandbox: string
  readonly vars: JsonObject
  readonly log: DiagnosticLog
}

export function resolveSource(placed: Placed<WrittenSource>, scope: ResolveScope): Source {
  const written = placed.value
  const connector = findConnector(placed, written.connector, scope)
  const source = connector?.source
  if (connector && !source) scope.log.report('project/connector-cannot', { connector: connector.name, role: 'source' }, placed.spanOf(['connector']))
  const config = resolveConfig(placed, { side: source, config: written.config ?? {}, connector: written.connector }, scope)
  checkStreamNames(placed, scope.log)
  if (written.schedule !== undefined) checkSchedule(placed, ['schedule'], written.schedule, scope.log)
  const since = findSince(placed, scope.log)
  return {
    name: written.name,
    connector: written.connector,
    instance: written.instance ?? source?.instanceOf?.(config) ?? written.name,
    type: written.type ?? source?.defaultType ?? 'Source',
    config,
    streams: resolveStreams(placed, source, config, scope),
    ...(written.schedule === undefined ? {} : { schedule: written.schedule }),
    ...resolveIsolation(placed, scope),
    ...(since === undefined ? {} : { since }),
  }
}

interface WrittenConfig {
  readonly side: ConnectorSide | undefined
  readonly config: JsonObject
  readonly connector: string
}

/** The configuration as the connector wants it now; what was written for an older version of it is told. */
export function resolveConfig(placed: Placed<unknown>, { side, config: written, connector }: WrittenConfig, { secrets, log }: ResolveScope): JsonObject {
  if (!side) return written
  const { config, isMigrated } = toCurrentConfig(side, written)
  if (isMigrated) log.report('project/old-config', { connector, version: side.configVersion ?? 1 }, placed.spanOf(['config']))
  checkConfig(placed, { schema: side.configSchema, config, at: ['config'], what: `the config of connector ${connector}`, secrets }, log)
  return config
}

/** Whether the connector works in a process of its own. */
export function resolveIsolation(placed: Placed<Pick<WrittenSource, 'connector' | 'isolation'>>, { registry, log }: ResolveScope): Pick<Source, 'isolation'> {
  const { connector, isolation } = placed.value
  if (isolation !== 'process') return {}
  if (registry.find(connector) && registry.fileOf(connector) === undefined) log.report('project/isolation-of-built-in', { connector }, placed.spanOf(['isolation']))
  return { isolation: 'process' }
}

function findSince(placed: Placed<WrittenSource>, log: DiagnosticLog): Instant | undefined {
  const text = placed.value.backfill?.since
  if (text === undefined) return undefined
  const since = findInstant(text)
  if (since === undefined) log.report('project/bad-value', { key: 'since', problem: `is no date: ${text}` }, placed.spanOf(['backfill', 'since']))
  return since
}

export function findConnector(placed: Placed<unknown>, name: string, { registry, log }: ResolveScope): Connector | undefined {
  const connector = registry.find(name)
  if (!connector) log.report('project/unknown-reference', { what: 'connector', name, suggestion: suggestion(name, registry.names) || 'Is its plugin listed under plugins in cdp.yaml?' }, placed.spanOf(['connector']))
  return connector
}

export function checkSchedule(placed: Placed<unknown>, path: Path, text: string, log: DiagnosticLog): void {
  if (!isCron(text)) log.report('project/bad-schedule', { text }, placed.spanOf(path))
  else if (setsBothDays(text)) log.report('project/schedule-both-days', { text }, placed.spanOf(path))
}

function checkStreamNames(placed: Placed<WrittenSource>, log: DiagnosticLog): void {
  const seen = new Map<string, number>()
  for (const [index, { name }] of (placed.value.streams ?? []).entries()) {
    const first = seen.get(name)
    if (first === undefined) seen.set(name, index)
    else {
      const related = [{ text: 'first here', at: placed.spanOf(['streams', first, 'name']) }]
      log.report('project/duplicate-name', { address: `Stream "${name}" of Source/${placed.value.name}` }, placed.spanOf(['streams', index, 'name']), related)
    }
  }
}

/** The streams that are written, completed from the connector's; all of the connector's when none is. */
function resolveStreams(placed: Placed<WrittenSource>, source: SourceConnector | undefined, config: JsonObject, scope: ResolveScope): readonly Stream[] {
  const known = source?.streamsOf?.(config) ?? []
  const written = placed.value.streams
  if (written) return written.flatMap((stream, index) => resolveStream(placed, { stream, index, known, source }, scope))
  if (source && known.length === 0) scope.log.report('project/missing-key', { key: 'streams', where: `a Source of connector ${placed.value.connector}` }, placed.spanOf(['connector']))
  return known.filter((each) => each.optional !== true).flatMap((each) => toStream({ name: each.name }, each) ?? [])
}

interface StreamWriting {
  readonly stream: WrittenStream
  readonly index: number
  readonly known: readonly StreamSpec[]
  readonly source: SourceConnector | undefined
}

function resolveStream(placed: Placed<WrittenSource>, { stream, index, known, source }: StreamWriting, scope: ResolveScope): readonly Stream[] {
  const at: Path = ['streams', index]
  const resolved = toStream(stream, known.find((each) => each.name === stream.name))
  if (!resolved) reportIncomplete(placed, { stream, index, known, source }, scope)
  checkStreamFields(placed, at, stream, resolved?.entity, scope)
  if (stream.key !== undefined) checkMapping(placed, [...at, 'key'], stream.key, scope)
  if (stream.deletedWhen !== undefined) checkMapping(placed, [...at, 'deletedWhen'], stream.deletedWhen, scope)
  if (source?.streamConfigSchema) {
    checkConfig(placed, { schema: source.streamConfigSchema, config: stream.config ?? {}, at: [...at, 'config'], what: `the config of stream "${stream.name}"`, secrets: scope.secrets }, scope.log)
  }
  return resolved ? [resolved] : []
}

function toStream(written: WrittenStream, known: StreamSpec | undefined): Stream | undefined {
  const entity = written.entity ?? known?.entity
  const key = written.key ?? known?.key
  const map = written.map ?? known?.map
  if (entity === undefined || key === undefined || map === undefined) return undefined
  const cursor = written.cursor ?? known?.cursor
  const deletedWhen = written.deletedWhen ?? known?.deletedWhen
  return {
    name: written.name, entity, key, config: written.config ?? {},
    // A stream that becomes another entity has nothing of the connector's mapping.
    map: entity === known?.entity ? { ...known.map, ...map } : map,
    ...(cursor === undefined ? {} : { cursor }),
    ...(deletedWhen === undefined ? {} : { deletedWhen }),
  }
}

function reportIncomplete(placed: Placed<WrittenSource>, { stream, index, known }: StreamWriting, { log }: ResolveScope): void {
  const nearest = suggestion(stream.name, known.map((each) => each.name))
  if (known.length > 0 && stream.entity === undefined) {
    log.report('project/unknown-reference', { what: 'stream', name: stream.name, suggestion: nearest || `The connector has ${known.map((each) => each.name).join(', ')}. For another one, write its entity, key and map.` }, placed.spanOf(['streams', index, 'name']))
    return
  }
  for (const key of ['entity', 'key', 'map'] as const) if (stream[key] === undefined) log.report('project/missing-key', { key, where: `stream "${stream.name}"` }, placed.spanOf(['streams', index]))
}

function checkStreamFields(placed: Placed<WrittenSource>, at: Path, stream: WrittenStream, entityName: string | undefined, scope: ResolveScope): void {
  const entity = scope.entities[entityName ?? '']
  if (entityName !== undefined && !entity) scope.log.report('project/unknown-reference', { what: 'entity', name: entityName, suggestion: suggestion(entityName, Object.keys(scope.entities)) }, placed.spanOf([...at, 'entity']))
  for (const [field, expression] of Object.entries(stream.map ?? {})) {
    if (entity && !entity.fields[field]) scope.log.report('project/unknown-field', { field, entity: entity.name, suggestion: suggestion(field, Object.keys(entity.fields)) }, placed.keySpanOf([...at, 'map', field]))
    checkMapping(placed, [...at, 'map', field], expression, scope)
  }
}

// Mapping expressions see a source record, whose fields we do not know; only their form and the variables can be checked.
function checkMapping(placed: Placed<unknown>, path: Path, text: string, { log, vars, sandbox }: ResolveScope): void {
  const expression = checkExpression(placed, path, text, log, { functions: { sourceKey: () => undefined } })
  for (const { name, range } of expression?.reads.vars ?? []) {
    if (!Object.hasOwn(vars, name)) log.report('expression/unknown-var', { name, sandbox, suggestion: suggestion(name, Object.keys(vars)) }, placed.spanInText(path, range))
  }
}
