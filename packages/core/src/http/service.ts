// A daemon process put together: its sandboxes, the listener for events, and the one for health and metrics.
import type { FastifyInstance } from 'fastify'
import type { Applied } from '../2-plan/applied.js'
import { DaemonMetrics } from '../daemon/metrics/daemon-metrics.js'
import { tellAll } from '../daemon/daemon-events.js'
import { FilesFollower, type FollowerRequest } from '../daemon/follow/files-follower.js'
import type { SandboxRequest } from '../daemon/serve/served-sandbox.js'
import { ServedSandboxes } from '../daemon/serve/served-sandboxes.js'
import { type ShutdownTimes, endWithin, usualShutdown } from '../daemon/serve/shutdown.js'
import type { Clock } from '../kernel/clock.js'
import { closeAll } from '../kernel/close-all.js'
import type { Log } from '../kernel/log.js'
import type { AdminApi } from './admin/open-admin.js'
import { SandboxKeys, type SandboxKeysOptions } from './collect/sandbox-keys.js'
import { collectServer } from './collect/server.js'
import { type Readiness, healthServer } from './health/server.js'
import { type TlsFiles, listen, reloadTls } from './tls.js'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

export interface ServiceRequest extends Pick<SandboxKeysOptions, 'keysOf'> {
  readonly sandboxes: readonly SandboxRequest[]
  readonly collect: ListenAddress
  /** Of health and metrics; without it there are none. */
  readonly metrics?: ListenAddress
  /** Of the admin API; without it there is none. */
  readonly admin?: ListenAddress
  /** Something in front of the admin API encrypts. */
  readonly withoutTls: boolean
  readonly tls: TlsFiles | undefined
  /** To bring the sandboxes to what the files say whenever these change. */
  readonly follow?: Omit<FollowerRequest, 'sandboxes' | 'clock' | 'log'>
  readonly clock: Clock
  readonly log: Log
  readonly newId: () => string
  readonly version: string
}

export interface Service {
  readonly collectUrl: string
  readonly metricsUrl?: string
  readonly adminUrl?: string
  /** Takes up renewed certificates. */
  reloadTls(): void
  /** What is served, and from which state it works. */
  sandboxes(): readonly { readonly name: string; readonly applied: Applied }[]
  /**
   * Ends when everything that was begun is finished, or at the deadline.
   * @throws daemon/not-finished
   */
  stop(times?: ShutdownTimes): Promise<void>
}

/** Above this share of a full queue senders should be sent elsewhere, if there is an elsewhere. */
const highMark = 0.8

export async function openService(request: ServiceRequest): Promise<Service> {
  const opening = new Opening(request)
  try {
    return await opening.open()
  } catch (error) {
    await opening.close()
    throw error
  }
}

class Opening {
  #serving: ServedSandboxes | undefined
  #follower: FilesFollower | undefined
  #isOpen = false
  #isStopping = false
  /** Of what is to be closed when the rest cannot be opened. */
  readonly #closers: (() => Promise<unknown>)[] = []

  constructor(private readonly request: ServiceRequest) {}

  async open(): Promise<Service> {
    const { clock, log, newId, version, keysOf, sandboxes, tls } = this.request
    const metrics = new DaemonMetrics({ version, clock, sandboxes: () => this.#serving?.served ?? [], wanted: sandboxes.map((each) => each.name), ofProcess: this.request.metrics !== undefined })
    const health = await this.openHealth(metrics)
    const serving = await ServedSandboxes.start({ sandboxes: sandboxes.map((each) => ({ ...each, followStatus: () => this.#follower?.statusOf(each.name), events: tellAll([metrics.eventsOf(each.name), ...(each.events ? [each.events] : [])]) })) })
    this.#serving = serving
    this.#closers.push(() => serving.stop())
    const keys = new SandboxKeys({ sandboxes: () => serving.served, keysOf, log })
    keys.assertDistinct()
    const collecting = collectServer({
      clock, log, tls, newId, writeKeys: () => keys.current(), onRequest: (each) => { metrics.addRequest(each) },
      collect: ({ sandbox, source }, ...offer) => serving.get(sandbox).daemon.collect(source, ...offer),
    })
    this.#closers.push(() => collecting.close())
    const collectUrl = await listen(collecting, this.request.collect, tls)
    const admin = await this.openAdmin(serving)
    this.#isOpen = true
    this.follow(serving)
    const stop = async (): Promise<void> => {
      this.#isStopping = true
      const closed = collecting.close()
      // The admin API ends when the sandboxes have let go of the commands that came by it.
      const guests = Promise.all([admin?.close(), this.#follower?.stop()])
      await Promise.all([serving.stop(guests), guests])
      // Whoever sends still was answered, or is too slow to be waited for.
      collecting.server.closeAllConnections()
      await closed
    }
    return {
      collectUrl, ...(health ? { metricsUrl: health.url } : {}), ...(admin ? { adminUrl: admin.url } : {}),
      reloadTls: () => {
        if (tls) reloadTls(collecting.server, tls)
        admin?.reloadTls()
      },
      sandboxes: () => serving.served,
      stop: async (times = usualShutdown) => {
        await endWithin(times, { stop, abort: () => { serving.abort() } })
        await health?.server.close()
      },
    }
  }

  close(): Promise<void> {
    return closeAll(this.#closers)
  }

  private follow(serving: ServedSandboxes): void {
    const { follow, clock, log } = this.request
    if (!follow) return
    this.#follower = new FilesFollower({ ...follow, sandboxes: () => serving.served, clock, log })
    this.#follower.start()
  }

  private async openAdmin(serving: ServedSandboxes): Promise<AdminApi | undefined> {
    const { admin, withoutTls, tls, clock, log, newId } = this.request
    if (!admin) return undefined
    const { openAdmin } = await import('./admin/open-admin.js')
    return openAdmin({ served: () => serving.served, clock, log, newId, address: admin, tls, withoutTls })
  }

  private async openHealth(metrics: DaemonMetrics): Promise<{ readonly url: string; readonly server: FastifyInstance } | undefined> {
    if (!this.request.metrics) return undefined
    const server = healthServer({ hasStarted: () => this.#isOpen, readiness: () => this.readiness(), metrics })
    this.#closers.push(() => server.close())
    return { url: await server.listen(this.request.metrics), server }
  }

  private readiness(): Readiness {
    const serving = this.#serving
    if (!serving || !this.#isOpen) return { ready: false, reasons: ['it starts'] }
    if (this.#isStopping) return { ready: false, reasons: ['it stops'] }
    const full = serving.served.filter((each) => each.daemon.fill > highMark).map((each) => `too much waits in ${each.name}`)
    const isAnyApplied = serving.served.some((each) => each.applied.serial > 0)
    const empty = serving.served.filter((each) => each.applied.serial === 0).map((each) => `nothing is applied in ${each.name}`)
    return { ready: full.length === 0 && isAnyApplied, reasons: [...full, ...empty, ...serving.missing.map((each) => `${each} is not served`)] }
  }
}
