// Destination documents → destinations, their configurations checked and, with `configFrom`, completed from a source.
import { mergePatch, type Placed } from './placed.js'
import { checkConfig } from './check-config.js'
import type { Destination } from './project.js'
import { type ResolveScope, findConnector } from './resolve-sources.js'
import type { WrittenDestination, WrittenSource } from './written.js'
import type { JsonObject } from '../kernel/json.js'
import { suggestion } from '../kernel/suggest.js'

export function resolveDestination(placed: Placed<WrittenDestination>, sources: readonly Placed<WrittenSource>[], scope: ResolveScope): Destination {
  const written = placed.value
  const connector = findConnector(placed, written.connector, scope)
  const config = mergePatch(borrowed(placed, sources, scope), written.config ?? {}) as JsonObject
  if (connector && !connector.destination) scope.log.report('project/connector-cannot', { connector: connector.name, role: 'destination' }, placed.spanOf(['connector']))
  if (connector?.destination) checkConfig(placed, { schema: connector.destination.configSchema, config, at: ['config'], what: `the config of connector ${written.connector}`, secrets: scope.secrets }, scope.log)
  return {
    name: written.name,
    connector: written.connector,
    config,
    dryRun: written.dryRun === true,
    protect: written.protect === true,
    renamedFrom: written.renamedFrom ?? [],
  }
}

function borrowed(placed: Placed<WrittenDestination>, sources: readonly Placed<WrittenSource>[], { log }: ResolveScope): JsonObject {
  const from = placed.value.configFrom
  if (from === undefined) return {}
  const source = sources.find((each) => `Source/${each.value.name}` === from)
  if (!source) log.report('project/unknown-reference', { what: 'source', name: from, suggestion: suggestion(from, sources.map((each) => `Source/${each.value.name}`)) }, placed.spanOf(['configFrom']))
  return source?.value.config ?? {}
}
