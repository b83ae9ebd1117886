// Source documents → sources: connector, streams, mappings, all checked against the connector and the entities.
import { type EntityName, type EntitySchema } from '../entities/entity-schema.js'
import { isCron, setsBothDays } from '../kernel/cron.js'
import type { DiagnosticLog } from '../kernel/diagnostic.js'
import type { JsonObject } from '../kernel/json.js'
import { suggestion } from '../kernel/suggest.js'
import type { ConnectorRegistry } from '../plugins/registry.js'
import type { Connector, SourceConnector } from '../plugins/sdk.js'
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
  if (source) checkConfig(placed, { schema: source.configSchema, config: written.config ?? {}, at: ['config'], what: `the config of connector ${written.connector}`, secrets: scope.secrets }, scope.log)
  checkStreamNames(placed, scope.log)
  if (written.schedule !== undefined) checkSchedule(placed, ['schedule'], written.schedule, scope.log)
  return {
    name: written.name,
    connector: written.connector,
    instance: written.instance ?? written.name,
    type: written.type ?? source?.defaultType ?? 'Source',
    config: written.config ?? {},
    streams: written.streams.map((stream, index) => resolveStream(placed, stream, index, source, scope)),
    ...(written.schedule === undefined ? {} : { schedule: written.schedule }),
  }
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
  for (const [index, { name }] of placed.value.streams.entries()) {
    const first = seen.get(name)
    if (first === undefined) seen.set(name, index)
    else {
      const related = [{ text: 'first here', at: placed.spanOf(['streams', first, 'name']) }]
      log.report('project/duplicate-name', { address: `Stream "${name}" of Source/${placed.value.name}` }, placed.spanOf(['streams', index, 'name']), related)
    }
  }
}

function resolveStream(placed: Placed<WrittenSource>, stream: WrittenStream, index: number, source: SourceConnector | undefined, scope: ResolveScope): Stream {
  const at: Path = ['streams', index]
  const entity = scope.entities[stream.entity]
  if (!entity) scope.log.report('project/unknown-reference', { what: 'entity', name: stream.entity, suggestion: suggestion(stream.entity, Object.keys(scope.entities)) }, placed.spanOf([...at, 'entity']))
  for (const [field, expression] of Object.entries(stream.map)) {
    if (entity && !entity.fields[field]) scope.log.report('project/unknown-field', { field, entity: entity.name, suggestion: suggestion(field, Object.keys(entity.fields)) }, placed.keySpanOf([...at, 'map', field]))
    checkMapping(placed, [...at, 'map', field], expression, scope)
  }
  checkMapping(placed, [...at, 'key'], stream.key, scope)
  if (stream.deletedWhen !== undefined) checkMapping(placed, [...at, 'deletedWhen'], stream.deletedWhen, scope)
  if (source?.streamConfigSchema) {
    checkConfig(placed, { schema: source.streamConfigSchema, config: stream.config ?? {}, at: [...at, 'config'], what: `the config of stream "${stream.name}"`, secrets: scope.secrets }, scope.log)
  }
  return {
    name: stream.name,
    entity: stream.entity,
    key: stream.key,
    map: stream.map,
    config: stream.config ?? {},
    ...(stream.cursor === undefined ? {} : { cursor: stream.cursor }),
    ...(stream.deletedWhen === undefined ? {} : { deletedWhen: stream.deletedWhen }),
  }
}

// Mapping expressions see a source record, whose fields we do not know; only their form and the variables can be checked.
function checkMapping(placed: Placed<unknown>, path: Path, text: string, { log, vars, sandbox }: ResolveScope): void {
  const expression = checkExpression(placed, path, text, log, { functions: { sourceKey: () => undefined } })
  for (const { name, range } of expression?.reads.vars ?? []) {
    if (!Object.hasOwn(vars, name)) log.report('expression/unknown-var', { name, sandbox, suggestion: suggestion(name, Object.keys(vars)) }, placed.spanInText(path, range))
  }
}
