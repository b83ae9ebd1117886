// What a check works with: the connector opened as the host opens it, on a clock that waiting moves, over a wire that is seen.
import { setImmediate as turn } from 'node:timers/promises'
import { fixedClock } from '../../kernel/clock.js'
import { silentLog } from '../../kernel/log.js'
import { type Host, openHost } from '../../plugins/host.js'
import { type OpenRequest, openDestination, openSource } from '../../plugins/open-connector.js'
import { secretReader } from '../../plugins/resolve-secrets.js'
import type { ConnectorContext, DestinationConnector, JsonObject, Limit, OpenDestination, OpenSource, SourceConnector } from '../../plugins/sdk.js'
import { testNow } from '../a-store.js'
import { Ear } from './overhear.js'
import type { ConformanceSetup, MovingClock } from './setup.js'
import { Wire } from './wire.js'

export interface OpenOptions {
  readonly config?: JsonObject
  readonly dryRun?: boolean
}

/** A connector that waits for longer, by the clock, waits for something that never comes. */
const longestWaitMs = 60 * 86_400_000

abstract class Bench<Side extends SourceConnector | DestinationConnector, Open extends OpenSource | OpenDestination> {
  readonly clock: MovingClock
  readonly wire: Wire
  readonly ear = new Ear()
  readonly #abort = new AbortController()
  readonly #host: Host
  readonly #opened: Open[] = []
  #waitedMs = 0

  constructor(readonly name: string, readonly setup: ConformanceSetup, readonly side: Side) {
    this.clock = setup.clock ?? fixedClock(testNow)
    this.wire = new Wire(this.clock, this.#abort.signal)
    this.#host = openHost({ clock: this.clock, log: silentLog, random: () => 0.5, signal: this.#abort.signal, version: 'conformance', allow: ['loopback'], sleep: (ms) => this.#sleep(ms), wire: (network) => this.wire.over(network) })
  }

  /** Of the configuration that works. */
  get limits(): readonly Limit[] {
    return this.side.limitsOf?.(this.setup.config) ?? this.side.capabilities.limits
  }

  /** Opens the connector, as often as a check likes; all of them are closed in the end. */
  open(options: OpenOptions = {}): Open {
    const { config, secrets = {}, folder = '/' } = this.setup
    const opened = this.openSide({
      address: `conformance of ${this.name}`, connector: this.name, config: options.config ?? config, dryRun: options.dryRun === true, host: this.#host, clock: this.clock, log: silentLog, random: () => 0.5, signal: this.#abort.signal, folder,
      secrets: secretReader(secrets),
    })
    this.#opened.push(opened)
    return opened
  }

  abort(): void {
    this.#abort.abort()
  }

  async close(): Promise<void> {
    // What is still open after an abort, or over a broken wire, may be unable to end well.
    for (const each of this.#opened) await each.close?.().catch(() => undefined)
    await this.#host.close()
    await this.setup.close?.()
  }

  protected abstract openSide(request: OpenRequest): Open

  /** Listens to what the connector says itself, below what the host takes out. */
  protected listened<T extends object>(open: (context: ConnectorContext) => T): (context: ConnectorContext) => T {
    return (context) => this.ear.opened(open(this.ear.context(context)))
  }

  async #sleep(ms: number): Promise<void> {
    this.#abort.signal.throwIfAborted()
    this.#waitedMs += ms
    if (this.#waitedMs > longestWaitMs) throw new Error('the connector waits, by the clock, for more than 60 days')
    this.clock.advance(ms)
    await turn()
  }
}

export class SourceBench extends Bench<SourceConnector, OpenSource> {
  protected openSide(request: OpenRequest): OpenSource {
    return openSource({ ...this.side, open: this.listened((context) => this.side.open(context)) }, request)
  }
}

export class DestinationBench extends Bench<DestinationConnector, OpenDestination> {
  protected openSide(request: OpenRequest): OpenDestination {
    return openDestination({ ...this.side, open: this.listened((context) => this.side.open(context)) }, request)
  }
}
