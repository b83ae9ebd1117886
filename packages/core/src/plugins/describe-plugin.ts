// A plugin as plain data, from what it declares and nothing else: no connector is opened, nothing is asked of a system.
import { relative } from 'node:path'
import { type ConfigOption, toConfigOptions } from './config-reference.js'
import type { GuardrailFacts } from './guardrail.js'
import { knownStreams } from './known-streams.js'
import type { LoadedPlugin } from './load.js'
import type { Connector, ConnectorSide, DestinationCapabilities, DestinationConnector, DestinationGovernance, Limit, SourceCapabilities, SourceConnector, StreamSpec } from './sdk.js'

export interface PluginDescription {
  readonly name: string
  readonly version?: string
  /** `built in`, or the file, from the project's folder. */
  readonly from: string
  readonly sdk: string
  readonly connectors: readonly ConnectorDescription[]
  readonly guardrails: readonly GuardrailFacts[]
}

export interface ConnectorDescription {
  readonly name: string
  readonly title: string
  readonly source?: SourceDescription
  readonly destination?: DestinationDescription
}

interface SideDescription {
  readonly configVersion: number
  /** Whether it takes configurations of former versions. */
  readonly migrates: boolean
  readonly config: readonly ConfigOption[]
  /** Those of the manifest; what holds may depend on the configuration. */
  readonly limits: readonly Limit[]
  readonly limitsDependOnConfig: boolean
}

export interface SourceDescription extends SideDescription {
  readonly capabilities: Omit<SourceCapabilities, 'limits'>
  readonly defaultType: string
  readonly streamConfig: readonly ConfigOption[]
  readonly streams: readonly StreamDescription[]
}

export type StreamDescription = Pick<StreamSpec, 'name' | 'description' | 'key' | 'cursor' | 'entity' | 'map' | 'deletedWhen' | 'optional'>

export interface DestinationDescription extends SideDescription {
  readonly capabilities: Omit<DestinationCapabilities, 'limits'>
  readonly governance?: DestinationGovernance
}

export function describePlugin({ plugin, version, file }: LoadedPlugin, folder: string): PluginDescription {
  return {
    name: plugin.name,
    ...(version === undefined ? {} : { version }),
    from: file === undefined ? 'built in' : relative(folder, file).replaceAll('\\', '/'),
    sdk: plugin.sdk,
    connectors: plugin.connectors.map(describeConnector),
    guardrails: (plugin.guardrails ?? []).map(({ check: _check, ...facts }) => facts),
  }
}

function describeConnector({ name, title, source, destination }: Connector): ConnectorDescription {
  return { name, title, ...(source ? { source: describeSource(source) } : {}), ...(destination ? { destination: describeDestination(destination) } : {}) }
}

function describeSource(side: SourceConnector): SourceDescription {
  const { limits, ...capabilities } = side.capabilities
  const streams = knownStreams(side).map(({ schema: _schema, ...stream }) => stream)
  return { ...describeSide(side, limits), capabilities, defaultType: side.defaultType, streamConfig: side.streamConfigSchema ? toConfigOptions(side.streamConfigSchema) : [], streams }
}

function describeDestination(side: DestinationConnector): DestinationDescription {
  const { limits, ...capabilities } = side.capabilities
  return { ...describeSide(side, limits), capabilities, ...(side.governance ? { governance: side.governance } : {}) }
}

function describeSide(side: ConnectorSide, limits: readonly Limit[]): SideDescription {
  return { configVersion: side.configVersion ?? 1, migrates: side.migrateConfig !== undefined, config: toConfigOptions(side.configSchema), limits, limitsDependOnConfig: side.limitsOf !== undefined }
}

/** Connectors that more than one plugin brings: the one named last is used. */
export function findDoubles(plugins: readonly LoadedPlugin[]): readonly { readonly connector: string; readonly plugins: readonly string[] }[] {
  const byConnector = new Map<string, string[]>()
  for (const { plugin, written } of plugins) for (const { name } of plugin.connectors) byConnector.set(name, [...(byConnector.get(name) ?? []), written])
  return [...byConnector].filter(([, names]) => names.length > 1).map(([connector, names]) => ({ connector, plugins: names }))
}
