// Passes over all stages in this process, between real connectors that talk to simulators.
import assert from 'node:assert/strict'
import type { Segment, Source } from '../../packages/core/src/1-project/project.js'
import type { Applied } from '../../packages/core/src/2-plan/applied.js'
import { runBatch } from '../../packages/core/src/daemon/run-batch.js'
import type { RunResult } from '../../packages/core/src/daemon/run.js'
import { silentLog } from '../../packages/core/src/kernel/log.js'
import type { Connector, JsonObject } from '../../packages/core/src/plugins/sdk.js'
import type { Store } from '../../packages/core/src/stores/store.js'
import { aDestination, aProject, aSource, anApplied } from '../../packages/core/src/testing/a-project.js'
import { aStore } from '../../packages/core/src/testing/a-store.js'
import type { SimulatedTime } from '../simulators/clock.js'
import { Connection } from '../simulators/connection.js'

export interface System {
  readonly name: string
  readonly connector: Connector
  readonly config: JsonObject
  /** Those of the connector's own that are read. */
  readonly streams?: readonly string[]
  /** Instance in the keys of its records; its name, unless told. */
  readonly instance?: string
}

export interface PipelineParts {
  readonly clock: SimulatedTime
  readonly sources: readonly System[]
  readonly destination: System
  readonly segments: readonly Segment[]
}

export interface PassOptions {
  readonly reconcile?: boolean
  /** Of the destination's configuration, what is different in this pass. */
  readonly destination?: JsonObject
}

export class Pipeline {
  readonly applied: Applied
  #runs = 0

  private constructor(private readonly parts: PipelineParts, readonly store: Store, readonly connection: Connection) {
    const { sources, destination: { name, config, connector }, segments } = parts
    this.applied = anApplied(aProject({ sources: sources.map(toSource), destinations: [aDestination(name, config, { connector: connector.name })], segments }))
  }

  static async open(parts: PipelineParts): Promise<Pipeline> {
    return new Pipeline(parts, await aStore(), new Connection(parts.clock))
  }

  /** A pass; every source has to be read to its end. */
  async run({ destination: otherwise = {}, ...options }: PassOptions = {}): Promise<RunResult> {
    const { parts: { sources, destination }, applied, store, connection } = this
    const { capabilities } = destination.connector.destination ?? assert.fail()
    const result = await runBatch({
      applied, store, clock: connection.clock, log: silentLog, random: () => 0.5, runId: `r${String(++this.#runs)}`, isContinuous: () => false,
      openSource: ({ spec }) => {
        const { connector, config } = sources.find((each) => each.name === spec.name) ?? assert.fail()
        return connection.openSource(connector, config)
      },
      openDestination: () => ({ open: connection.openDestination(destination.connector, { ...destination.config, ...otherwise }), capabilities }),
      ...options,
    })
    assert.deepEqual(result.failures, [])
    return result
  }

  async close(): Promise<void> {
    await this.connection.close()
    await this.store.close()
  }
}

function toSource({ name, connector, config, streams = [], instance = name }: System): Source {
  const known = connector.source?.streamsOf?.(config) ?? []
  return aSource(name, {
    connector: connector.name, type: connector.source?.defaultType ?? '', instance, config,
    streams: streams.map((each) => {
      const { entity = '', key = '', map = {} } = known.find((stream) => stream.name === each) ?? assert.fail(each)
      return { name: each, entity, key, map, config: {} }
    }),
  })
}
