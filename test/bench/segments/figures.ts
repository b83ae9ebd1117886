// Numbers of a benchmark: what a piece of work took, what many measurements come to, and how they are written.

export interface Spent {
  readonly ms: number
  /** Of all threads of the process together. Says more than the clock where others use the machine as well. */
  readonly cpuMs: number
}

export function startTimer(): () => Spent {
  const started = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { ms: performance.now() - started, cpuMs: (user + system) / 1000 }
  }
}

export async function spentOn(work: () => Promise<unknown>): Promise<Spent> {
  const stop = startTimer()
  await work()
  return stop()
}

export function medianSpent(all: readonly Spent[]): Spent {
  return { ms: median(all.map((each) => each.ms)), cpuMs: median(all.map((each) => each.cpuMs)) }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** @example quantile([4, 1, 3, 2], 0.99) // 4 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * share)] ?? NaN
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, each) => sum + Math.log(each), 0) / values.length)
}

export function withCommas(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}
