// The Marketo connectors on a simulator, for tests: one clock for both sides, which moves when somebody waits.
import { type Clock, instantFromMs } from '../../../packages/core/src/kernel/clock.js'
import type { LogFields, LogLevel } from '../../../packages/core/src/kernel/log.js'
import { type Host, openHost } from '../../../packages/core/src/plugins/host.js'
import { type OpenRequest, openDestination, openSource } from '../../../packages/core/src/plugins/open-connector.js'
import type { QuotaLedger } from '../../../packages/core/src/plugins/quota-ledger.js'
import type { Change, Json, JsonObject, OpenDestination, OpenSource, ReadRequest } from '../../../packages/core/src/plugins/sdk.js'
import { marketoConnector } from '../../../packages/plugin-marketo/src/index.js'
import type { MarketoSimulator } from './simulator.js'

export interface Connected {
  readonly source: OpenSource
  readonly destination: OpenDestination
  readonly logged: (readonly [LogLevel, string, LogFields])[]
  readonly clock: Clock
  readonly host: Host
  close(): Promise<void>
}

export function connect(simulator: MarketoSimulator, { config = {}, ledger }: { readonly config?: JsonObject; readonly ledger?: QuotaLedger } = {}): Connected {
  const logged: (readonly [LogLevel, string, LogFields])[] = []
  const clock: Clock = { now: () => instantFromMs(simulator.nowMs), nowMs: () => simulator.nowMs, ticksMs: () => simulator.nowMs }
  const log = { write: (level: LogLevel, message: string, fields: LogFields = {}) => { logged.push([level, message, fields]) } }
  const { signal } = new AbortController()
  const host = openHost({ clock, log, random: () => 0.5, signal, version: 'test', allow: ['loopback'], sleep: (ms) => { simulator.advance(ms); return Promise.resolve() }, ...(ledger ? { ledger } : {}) })
  const request: OpenRequest = {
    address: 'Source/marketo', connector: 'marketo', host, secrets: () => 'secret', clock, log, random: () => 0.5, signal, folder: '/',
    config: { munchkinId: simulator.instance.munchkinId, clientId: 'client', clientSecret: { fromEnv: 'MARKETO_SECRET' }, restUrl: `${simulator.url}/rest`, identityUrl: `${simulator.url}/identity`, ...config },
  }
  const { source, destination } = marketoConnector
  if (!source || !destination) throw new Error('the connector is both')
  return { source: openSource(source, request), destination: openDestination(destination, request), logged, clock, host, close: () => host.close() }
}

export interface ReadOnce {
  readonly changes: readonly Change[]
  readonly checkpoint: Json | undefined
  readonly progress: readonly unknown[]
}

/** Reads a stream to its end, or to its n-th checkpoint. */
export async function readOnce(source: OpenSource, request: Partial<ReadRequest> & { readonly stream: string }, { checkpoints = Number.POSITIVE_INFINITY } = {}): Promise<ReadOnce> {
  let changes: Change[] = []
  const kept: Change[] = []
  const progress: unknown[] = []
  let checkpoint: Json | undefined
  let seen = 0
  for await (const part of source.read({ config: {}, ...request })) {
    if ('records' in part) changes.push(...part.records)
    else if ('progress' in part) progress.push(part.progress)
    else if ('checkpoint' in part) {
      checkpoint = JSON.parse(JSON.stringify(part.checkpoint)) as Json
      // Only what came before a checkpoint is durable.
      kept.push(...changes)
      changes = []
      if (++seen >= checkpoints) return { changes: kept, checkpoint, progress }
    }
  }
  return { changes: [...kept, ...changes], checkpoint, progress }
}
