// Connectors on simulators, opened as the host opens them: one clock for both sides, which moves when somebody waits.
import type { Clock } from '../../packages/core/src/kernel/clock.js'
import type { LogFields, LogLevel } from '../../packages/core/src/kernel/log.js'
import { type Host, openHost } from '../../packages/core/src/plugins/host.js'
import { type OpenRequest, openDestination, openSource } from '../../packages/core/src/plugins/open-connector.js'
import type { QuotaLedger } from '../../packages/core/src/plugins/quota-ledger.js'
import type { Connector, JsonObject, OpenDestination, OpenSource } from '../../packages/core/src/plugins/sdk.js'
import { type SimulatedTime, clockOf } from './clock.js'

export class Connection {
  readonly logged: (readonly [LogLevel, string, LogFields])[] = []
  readonly waitedMs: number[] = []
  readonly clock: Clock
  readonly #host: Host
  readonly #signal = new AbortController().signal

  constructor(simulator: SimulatedTime, { ledger }: { readonly ledger?: QuotaLedger } = {}) {
    this.clock = clockOf(simulator)
    const sleep = (ms: number): Promise<void> => {
      this.waitedMs.push(ms)
      simulator.advance(ms)
      return Promise.resolve()
    }
    this.#host = openHost({ clock: this.clock, log: this.#log, random: () => 0.5, signal: this.#signal, version: 'test', allow: ['loopback'], sleep, ...(ledger ? { ledger } : {}) })
  }

  /** Everything that was logged, as `level: message`. */
  get told(): readonly string[] {
    return this.logged.map(([level, message]) => `${level}: ${message}`)
  }

  openSource({ name, source }: Connector, config: JsonObject): OpenSource {
    if (!source) throw new Error(`${name} is no source`)
    return openSource(source, this.request(name, config))
  }

  openDestination({ name, destination }: Connector, config: JsonObject): OpenDestination {
    if (!destination) throw new Error(`${name} is no destination`)
    return openDestination(destination, this.request(name, config))
  }

  close(): Promise<void> {
    return this.#host.close()
  }

  private request(connector: string, config: JsonObject): OpenRequest {
    return { address: `Source/${connector}`, connector, config, host: this.#host, secrets: () => 'secret', clock: this.clock, log: this.#log, random: () => 0.5, signal: this.#signal, folder: '/' }
  }

  get #log(): OpenRequest['log'] {
    return { write: (level, message, fields = {}) => { this.logged.push([level, message, fields]) } }
  }
}
