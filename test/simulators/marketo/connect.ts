// The Marketo connectors on a simulator, for tests.
import type { QuotaLedger } from '../../../packages/core/src/plugins/quota-ledger.js'
import type { Change, Json, JsonObject, OpenDestination, OpenSource, ReadRequest } from '../../../packages/core/src/plugins/sdk.js'
import { marketoConnector } from '../../../packages/plugin-marketo/src/index.js'
import { Connection } from '../connection.js'
import type { MarketoSimulator } from './simulator.js'

export interface Connected extends Pick<Connection, 'logged' | 'clock' | 'close'> {
  readonly source: OpenSource
  readonly destination: OpenDestination
}

export function connect(simulator: MarketoSimulator, { config = {}, ledger }: { readonly config?: JsonObject; readonly ledger?: QuotaLedger } = {}): Connected {
  const connection = new Connection(simulator, ledger ? { ledger } : {})
  const whole = { ...marketoConfig(simulator), ...config }
  const { logged, clock } = connection
  return { source: connection.openSource(marketoConnector, whole), destination: connection.openDestination(marketoConnector, whole), logged, clock, close: () => connection.close() }
}

export function marketoConfig({ url, instance }: MarketoSimulator): JsonObject {
  return { munchkinId: instance.munchkinId, clientId: 'client', clientSecret: { fromEnv: 'MARKETO_SECRET' }, restUrl: `${url}/rest`, identityUrl: `${url}/identity` }
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
