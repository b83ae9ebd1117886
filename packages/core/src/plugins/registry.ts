// The connectors that a project can name: the built-in ones and those of its plugins.
import type { LoadedPlugin } from './load.js'
import type { Connector } from './sdk.js'

export interface ConnectorRegistry {
  find(name: string): Connector | undefined
  /** The file of the plugin that brings a connector; undefined for those that are built in. */
  fileOf(name: string): string | undefined
  readonly names: readonly string[]
}

/** `plugins`: those that bring connectors; of what two bring the later is used. */
export function toRegistry(connectors: readonly Connector[], plugins: readonly LoadedPlugin[] = []): ConnectorRegistry {
  const byName = new Map(connectors.map((each) => [each.name, each]))
  const files = new Map(plugins.flatMap(({ file, plugin }) => plugin.connectors.map(({ name }) => [name, file] as const)))
  return { find: (name) => byName.get(name), fileOf: (name) => files.get(name), names: [...byName.keys()].sort() }
}
