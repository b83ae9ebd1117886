// The time of a simulator, and the clock that connectors see of it: it moves when somebody waits.
import { instantFromMs } from '../../packages/core/src/kernel/clock.js'
import type { MovingClock } from '../../packages/core/src/testing/index.js'

export interface SimulatedTime {
  readonly nowMs: number
  advance(ms: number): void
}

export function clockOf(simulator: SimulatedTime): MovingClock {
  return { now: () => instantFromMs(simulator.nowMs), nowMs: () => simulator.nowMs, ticksMs: () => simulator.nowMs, advance: (ms) => { simulator.advance(ms) } }
}
