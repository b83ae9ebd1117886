// One sandbox of a daemon process: its database, what works on it, and the socket by which commands reach it.
import type { Socket } from 'node:net'
import type { Applied } from '../../2-plan/applied.js'
import type { Identity } from '../../entities/identity-value.js'
import type { Json } from '../../kernel/json.js'
import type { Store } from '../../stores/store.js'
import { type StoreService, serveStore } from '../../stores/remote/serve-store.js'
import { Daemon, type DaemonRequest } from '../daemon.js'
import type { RunOptions } from '../run.js'

export interface SandboxRequest extends Omit<DaemonRequest, 'store'> {
  readonly name: string
  readonly socketPath: string
  readonly openStore: () => Promise<Store>
}

export class ServedSandbox {
  private constructor(readonly name: string, readonly store: Store, readonly daemon: Daemon, private readonly socket: StoreService) {}

  static async open({ name, socketPath, openStore, ...request }: SandboxRequest): Promise<ServedSandbox> {
    const store = await openStore()
    try {
      const daemon = await Daemon.start({ ...request, store })
      const reload = (): void => { daemon.reload().catch((error: unknown) => { request.log.write('error', `The new state is not taken up: ${error instanceof Error ? error.message : String(error)}`) }) }
      const socket = await serveStore({
        path: socketPath, store, onCommit: reload,
        verbs: {
          run: async (options, tell) => toJson(await daemon.run(options as unknown as RunOptions, (progress) => { tell(toJson(progress)) })),
          'delete-profile': async (options) => {
            const { identity, allowReturn } = options as unknown as { readonly identity: Identity; readonly allowReturn: boolean }
            return toJson((await daemon.deleteProfile(identity, allowReturn)) ?? null)
          },
        },
      })
      return new ServedSandbox(name, store, daemon, socket)
    } catch (error) {
      await store.close()
      throw error
    }
  }

  get applied(): Applied {
    return this.daemon.applied
  }

  /** Commands by another way than the socket. */
  accept(connection: Socket): void {
    this.socket.accept(connection)
  }

  /** Ends when everything that was begun is finished. */
  async stop(): Promise<void> {
    await this.socket.close()
    await this.daemon.stop()
    await this.store.close()
  }
}

function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
