// One sandbox of a daemon process: its database, what works on it, and the socket by which commands reach it.
import type { Socket } from 'node:net'
import type { Applied } from '../../2-plan/applied.js'
import type { Identity } from '../../entities/identity-value.js'
import { closeAll } from '../../kernel/close-all.js'
import { toJson } from '../../kernel/json.js'
import type { Log } from '../../kernel/log.js'
import type { QuotaUse } from '../../plugins/quota-use.js'
import type { Store } from '../../stores/store.js'
import { type StoreService, serveStore } from '../../stores/remote/serve-store.js'
import { Daemon, type DaemonRequest } from '../daemon.js'
import type { MeasuredSandbox } from '../metrics/daemon-metrics.js'
import { LatencyWatch } from '../observe/latency-watch.js'
import type { Latency } from '../observe/read-latencies.js'
import type { RunOptions } from '../run.js'
import type { FollowStatus, ServingStatus } from '../serving-status.js'

export interface SandboxRequest extends Omit<DaemonRequest, 'store'> {
  readonly name: string
  readonly socketPath: string
  readonly openStore: () => Promise<Store>
  /** What is used of the day's quotas of the accounts that the state talks to. */
  readonly readQuotas: (applied: Applied) => Promise<readonly QuotaUse[]>
  /** What became of the files, when they are followed. */
  readonly followStatus?: () => FollowStatus | undefined
}

interface SandboxParts {
  readonly daemon: Daemon
  /** Of its own, so that what looks at the sandbox waits for nobody's transaction. */
  readonly look: Store
  readonly watch: LatencyWatch
  readonly socket: StoreService
}

export class ServedSandbox implements MeasuredSandbox {
  private constructor(private readonly request: SandboxRequest, private readonly owned: Store, private readonly parts: SandboxParts) {}

  static async open(request: SandboxRequest): Promise<ServedSandbox> {
    const { socketPath, openStore, clock, log } = request
    const store = await openStore()
    const closers = [() => store.close()]
    try {
      const look = await store.connect()
      closers.push(() => look.close())
      const daemon = await Daemon.start({ ...request, store })
      closers.push(() => daemon.stop())
      const watch = new LatencyWatch({ store: look, applied: () => daemon.applied, isContinuous: (source) => daemon.isContinuous(source), clock, log })
      const status = async (): Promise<ServingStatus> => {
        const files = request.followStatus?.()
        return { latencies: await watch.look(), ...(files ? { files } : {}) }
      }
      const socket = await serveStore({
        path: socketPath, store, onCommit: () => { takeUp(daemon, log) },
        verbs: {
          run: async (options, tell) => toJson(await daemon.run(options as unknown as RunOptions, (progress) => { tell(toJson(progress)) })),
          status: async () => toJson(await status()),
          'delete-profile': async (options) => {
            const { identity, allowReturn } = options as unknown as { readonly identity: Identity; readonly allowReturn: boolean }
            return toJson((await daemon.deleteProfile(identity, allowReturn)) ?? null)
          },
        },
      })
      watch.start()
      return new ServedSandbox(request, store, { daemon, look, watch, socket })
    } catch (error) {
      await closeAll(closers)
      throw error
    }
  }

  get name(): string {
    return this.request.name
  }

  get daemon(): Daemon {
    return this.parts.daemon
  }

  get applied(): Applied {
    return this.parts.daemon.applied
  }

  get store(): Store {
    return this.parts.look
  }

  get waitingRecords(): number {
    return this.parts.daemon.waitingRecords
  }

  get latencies(): readonly Latency[] {
    return this.parts.watch.latest
  }

  quotas(): Promise<readonly QuotaUse[]> {
    return this.request.readQuotas(this.applied)
  }

  get follow(): FollowStatus | undefined {
    return this.request.followStatus?.()
  }

  /** Works from what was applied as soon as the pass that is on its way has ended. */
  takeUp(): void {
    takeUp(this.daemon, this.request.log)
  }

  /** Ends the requests that connectors wait for; what was not answered is taken up again later. */
  abort(): void {
    this.parts.daemon.abort()
  }

  /** Commands by another way than the socket. */
  accept(connection: Socket): void {
    this.parts.socket.accept(connection)
  }

  /** Ends when everything that was begun is finished. The database is closed when `guests`, who ask it too, have gone. */
  async stop(guests?: Promise<unknown>): Promise<void> {
    const { daemon, look, watch, socket } = this.parts
    await Promise.all([watch.stop(), socket.close(), daemon.stop(), guests])
    await look.close()
    await this.owned.close()
  }
}

function takeUp(daemon: Daemon, log: Log): void {
  daemon.reload().catch((error: unknown) => { log.write('error', `The new state is not taken up: ${error instanceof Error ? error.message : String(error)}`) })
}
