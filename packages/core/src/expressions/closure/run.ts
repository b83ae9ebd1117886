// The state of the evaluation that is running. Evaluations are synchronous, so there is one at a time; one that a host function
// starts inside another puts back what it found.
import { raise } from './failure.js'

/** Some hundred milliseconds of the slowest steps; an endless expression ends here whatever the machine. */
const stepsPerEvaluation = 3_000_000
const deepestCall = 1000

export const run = { nowMs: 0, steps: 0, depth: 0, isRunning: false }

export type RunState = typeof run

/** What was running before, undefined for nothing. */
export function startRun(nowMs: number): RunState | undefined {
  const before = run.isRunning ? { ...run } : undefined
  run.isRunning = true
  run.nowMs = nowMs
  run.steps = stepsPerEvaluation
  run.depth = 0
  return before
}

export function endRun(before: RunState | undefined): void {
  if (before) Object.assign(run, before)
  else run.isRunning = false
}

export function spend(steps: number): void {
  if ((run.steps -= steps) < 0) raise({ code: 'D1012', value: 1000 })
}

export function enterCall(): void {
  if (++run.depth > deepestCall) raise({ code: 'D1011', value: deepestCall })
}
