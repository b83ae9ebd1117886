// Which connectors of a project work in a process of their own, and how they are opened there.
import type { Clock } from '../../kernel/clock.js'
import type { JsonObject } from '../../kernel/json.js'
import { toCurrentConfig } from '../current-config.js'
import type { ConnectorRegistry } from '../registry.js'
import type { DestinationConnector, SourceConnector } from '../sdk.js'
import { type Isolation, findMethods, isolateDestination, isolateSource } from './isolate.js'

/** Of a source or a destination, what matters here. */
export interface Isolatable {
  readonly name: string
  readonly connector: string
  readonly config: JsonObject
  readonly isolation?: 'process'
}

export interface OpenIsolation {
  /** The connector itself, or the same in a process of its own, as the project says. */
  source(source: SourceConnector, spec: Isolatable): SourceConnector
  destination(destination: DestinationConnector, spec: Isolatable): DestinationConnector
}

interface IsolationRequest {
  readonly registry: ConnectorRegistry
  readonly clock: Clock
  readonly folder: string
  /** Those that may be opened. */
  readonly destinations: readonly Isolatable[]
}

/** Asks what isolated destinations can do, each in a process: later nobody can wait for that. */
export async function openIsolation({ registry, clock, folder, destinations }: IsolationRequest): Promise<OpenIsolation> {
  const isolationOf = (kind: 'Source' | 'Destination', { name, connector, isolation }: Isolatable): Isolation | undefined => {
    const file = registry.fileOf(connector)
    return isolation === 'process' && file !== undefined ? { address: `${kind}/${name}`, file, connector } : undefined
  }
  const found = await Promise.all(destinations.map(async (spec) => {
    const side = registry.find(spec.connector)?.destination
    const isolation = isolationOf('Destination', spec)
    return [spec.name, side && isolation ? await findMethods(isolation, { config: toCurrentConfig(side, spec.config).config, clock, folder }) : none] as const
  }))
  const methods = new Map(found)
  return {
    source: (source, spec) => {
      const isolation = isolationOf('Source', spec)
      return isolation ? isolateSource(source, isolation) : source
    },
    destination: (destination, spec) => {
      const isolation = isolationOf('Destination', spec)
      return isolation ? isolateDestination(destination, isolation, methods.get(spec.name) ?? none) : destination
    },
  }
}

const none: ReadonlySet<string> = new Set()
