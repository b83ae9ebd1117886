// Opens the admin API of a daemon: where it may listen, and the sandboxes that it tells of. As with write keys, a token tells which
// sandbox is meant, so the paths are the same however many are served.
import type { ServedSandbox } from '../../daemon/serve/served-sandbox.js'
import type { RunOptions } from '../../daemon/run.js'
import type { Clock } from '../../kernel/clock.js'
import { fail } from '../../kernel/error.js'
import type { Log } from '../../kernel/log.js'
import type { Store } from '../../stores/store.js'
import { type TlsFiles, isLoopback, listen, reloadTls } from '../tls.js'
import { acceptCommands } from './accept-commands.js'
import type { AdminSandbox } from './route.js'
import { adminServer } from './server.js'

export interface OpenAdminRequest {
  /** Those that are served now. */
  readonly served: () => readonly ServedSandbox[]
  readonly clock: Clock
  readonly log: Log
  readonly newId: () => string
  readonly address: { readonly host: string; readonly port: number }
  readonly tls?: TlsFiles | undefined
  /** Something in front of it encrypts. */
  readonly withoutTls?: boolean
}

export interface AdminApi {
  readonly url: string
  reloadTls(): void
  close(): Promise<void>
}

/** @throws serve/not-loopback, serve/tls-unusable */
export async function openAdmin({ served, clock, log, newId, address, tls, withoutTls }: OpenAdminRequest): Promise<AdminApi> {
  if (!tls && withoutTls !== true && !isLoopback(address.host)) throw fail('serve/not-loopback', { address: address.host })
  // Each with connections of its own, so that its questions wait for no transaction.
  const opened = new Map<ServedSandbox, Promise<AdminSandbox>>()
  const open = async (each: ServedSandbox): Promise<AdminSandbox> => toSandbox(each, { store: await each.store.connect(), clock, log, newId })
  const sandboxes = (): Promise<readonly AdminSandbox[]> => Promise.all(served().map((each) => {
    const own = opened.get(each) ?? open(each)
    opened.set(each, own)
    return own
  }))
  const server = adminServer({ sandboxes, log, tls })
  acceptCommands(server.server, sandboxes)
  const url = await listen(server, address, tls)
  return {
    url,
    reloadTls: () => { if (tls) reloadTls(server.server, tls) },
    close: async () => {
      await server.close()
      for (const each of opened.values()) await (await each).store.close()
    },
  }
}

function toSandbox(served: ServedSandbox, { store, clock, log, newId }: Pick<OpenAdminRequest, 'clock' | 'log' | 'newId'> & { readonly store: Store }): AdminSandbox {
  const queued = new Set<string>()
  return {
    name: served.name, store, clock,
    applied: () => served.applied,
    accept: (socket) => { served.accept(socket) },
    newId,
    deleteProfile: (...which) => served.daemon.deleteProfile(...which),
    queuedRuns: () => [...queued],
    startRun: (options: RunOptions) => {
      const run = newId()
      queued.add(run)
      served.daemon.run(options, () => { queued.delete(run) }, run)
        .catch((error: unknown) => { log.write('error', `The run ${run} failed: ${error instanceof Error ? error.message : String(error)}`) })
        .finally(() => { queued.delete(run) })
      return run
    },
  }
}
