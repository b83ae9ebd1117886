// A connector as the host opens it: its configuration of the present version, with the secrets in it; a client under the limits
// of its account; and nothing that comes out of it holds a secret. Jobs that end soon are waited for.
import type { JsonObject } from '../kernel/json.js'
import type { Clock } from '../kernel/clock.js'
import { fail } from '../kernel/error.js'
import type { Log } from '../kernel/log.js'
import { toCurrentConfig } from './current-config.js'
import type { Host } from './host.js'
import { Redactor } from './redact.js'
import { type SecretReader, resolveSecrets } from './resolve-secrets.js'
import type { BatchResult, ConnectorContext, ConnectorSide, DeliveryRequest, DestinationConnector, Limit, OpenDestination, OpenSource, SourceConnector } from './sdk.js'

export interface OpenRequest {
  /** `Source/marketo`, for messages. */
  readonly address: string
  /** What people write under `connector:`. */
  readonly connector: string
  readonly config: JsonObject
  readonly host: Host
  readonly secrets: SecretReader
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly signal: AbortSignal
  readonly folder: string
  readonly dryRun?: boolean
}

/** @throws secret/not-set for the first reference without a value. */
export function openSource(source: SourceConnector, request: OpenRequest): OpenSource {
  const { context, redactor } = toContext(source, source.capabilities.limits, request)
  return redactor.source(source.open(context))
}

/** @throws secret/not-set for the first reference without a value. */
export function openDestination(destination: DestinationConnector, request: OpenRequest): OpenDestination {
  const { context, redactor } = toContext(destination, destination.capabilities.limits, request)
  const open = redactor.destination(destination.open(context))
  if (context.dryRun) return { ...open, upsert: sendNothing, remove: sendNothing }
  const poll = open.poll?.bind(open)
  if (!poll) return open
  const settle = (answer: Promise<BatchResult>): Promise<BatchResult> => waitForJob(answer, { poll, host: request.host })
  return { ...open, upsert: (delivery) => settle(open.upsert(delivery)), remove: (delivery) => settle(open.remove(delivery)), poll: (jobId) => settle(poll(jobId)) }
}

function sendNothing({ items }: DeliveryRequest): Promise<BatchResult> {
  return Promise.resolve({ items: items.map(({ key }) => ({ key, status: 'noop' })) })
}

function toContext(side: ConnectorSide, limits: readonly Limit[], request: OpenRequest): { readonly context: ConnectorContext; readonly redactor: Redactor } {
  const { host, log, clock, random, signal, folder } = request
  const { config: written } = toCurrentConfig(side, request.config)
  const { config, missing, secrets } = resolveSecrets(written, request.secrets)
  const [reference] = missing
  if (reference !== undefined) throw fail('secret/not-set', { reference, address: request.address })
  const redactor = new Redactor(secrets)
  const context: ConnectorContext = {
    config, clock, random, signal, folder,
    http: redactor.http(host.http(side.limitsOf?.(written) ?? limits, accountName(request.connector, side, written))),
    log: redactor.log(log),
    dryRun: request.dryRun === true,
    pause: (ms) => host.pause(ms),
    hide: (secret) => { redactor.hide(secret) },
  }
  return { context, redactor }
}

/** What the limits of an account are counted under; undefined for connectors without accounts. */
export function accountName(connector: string, side: ConnectorSide, config: JsonObject): string | undefined {
  const account = side.accountOf?.(config)
  return account === undefined ? undefined : `${connector} ${account}`
}

/** Longer jobs are asked for again later. */
const patienceMs = 60_000

async function waitForJob(answer: Promise<BatchResult>, { poll, host }: { readonly poll: (jobId: string) => Promise<BatchResult>; readonly host: Host }): Promise<BatchResult> {
  let result = await answer
  for (let waitedMs = 0; 'job' in result && waitedMs + result.job.pollAfterMs <= patienceMs; ) {
    const { id, pollAfterMs } = result.job
    await host.pause(pollAfterMs)
    waitedMs += Math.max(1, pollAfterMs)
    result = await poll(id)
  }
  return result
}
