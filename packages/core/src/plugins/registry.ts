// The connectors that a project can name: the built-in ones and those of its plugins.
import type { Connector } from './sdk.js'

export interface ConnectorRegistry {
  find(name: string): Connector | undefined
  readonly names: readonly string[]
}

export function toRegistry(connectors: readonly Connector[]): ConnectorRegistry {
  const byName = new Map(connectors.map((each) => [each.name, each]))
  return { find: (name) => byName.get(name), names: [...byName.keys()].sort() }
}
