// What the setups of our connectors share: people, and the clock of a simulator.
import { instantFromMs } from '../../packages/core/src/kernel/clock.js'
import type { Item } from '../../packages/core/src/plugins/sdk.js'
import type { MovingClock } from '../../packages/core/src/testing/index.js'

export function emailOf(number: number): string {
  return `p${String(number)}@acme.example`
}

export function person(number: number, parts: Partial<Item> = {}): Item {
  return { key: `7:${String(number)}:1`, identities: { email: emailOf(number) }, sourceKeys: [], payload: { email: emailOf(number) }, ...parts }
}

export function clockOf(simulator: { readonly nowMs: number; advance(ms: number): void }): MovingClock {
  return { now: () => instantFromMs(simulator.nowMs), nowMs: () => simulator.nowMs, ticksMs: () => simulator.nowMs, advance: (ms) => { simulator.advance(ms) } }
}
