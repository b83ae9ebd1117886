// Looks at the latencies of a sandbox while it is served, and tells when an objective is missed, and when it is kept again.
import type { Source } from '../../1-project/project.js'
import type { Applied } from '../../2-plan/applied.js'
import type { Clock } from '../../kernel/clock.js'
import type { Log } from '../../kernel/log.js'
import type { Connection } from '../../stores/store.js'
import { Looks } from '../looks.js'
import { type Hop, type Latency, hasUnfollowed, readLatencies } from './read-latencies.js'

export interface LatencyWatchRequest {
  readonly store: Connection
  readonly applied: () => Applied
  readonly isContinuous: (source: Source) => boolean
  readonly clock: Clock
  readonly log: Log
  readonly lookEveryMs?: number
}

const usualLookMs = 30_000
const whatWaits: Readonly<Record<Hop, string>> = {
  raw: 'what changed in the source is not read', profile: 'records wait for their profiles', streaming: 'changed profiles wait for their streaming segments',
  batch: 'a batch segment was not evaluated', activation: 'moves of streaming segments wait for their destination',
}

export class LatencyWatch {
  #latest: readonly Latency[] = []
  #unfollowedSinceMs: number | undefined
  readonly #looks: Looks

  constructor(private readonly request: LatencyWatchRequest) {
    this.#looks = new Looks({ look: () => this.look(), everyMs: request.lookEveryMs ?? usualLookMs, what: 'The latencies', log: request.log })
  }

  /** As of the last look. */
  get latest(): readonly Latency[] {
    return this.#latest
  }

  start(): void {
    this.#looks.start()
  }

  async look(): Promise<readonly Latency[]> {
    const { store, applied, isContinuous, clock } = this.request
    const nowMs = clock.nowMs()
    this.#unfollowedSinceMs = (await hasUnfollowed(store)) ? (this.#unfollowedSinceMs ?? nowMs) : undefined
    const found = await readLatencies({ store, applied: applied(), nowMs, isContinuous, unfollowedSinceMs: this.#unfollowedSinceMs })
    const before = this.#latest
    this.#latest = found
    for (const each of found) this.tell(each, before.find(({ hop }) => hop === each.hop)?.missed === true)
    return found
  }

  stop(): Promise<void> {
    return this.#looks.stop()
  }

  private tell({ hop, missed, oldestMs, objectiveMs, where }: Latency, wasMissed: boolean): void {
    if (missed === wasMissed) return
    const fields = { hop, where, oldestSeconds: Math.round(oldestMs / 1000), objectiveSeconds: Math.round(objectiveMs / 1000) }
    if (missed) this.request.log.write('warn', `Later than the objective: ${whatWaits[hop]}.`, fields)
    else this.request.log.write('info', 'The latency objective is kept again.', fields)
  }
}
