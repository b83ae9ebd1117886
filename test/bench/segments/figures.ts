// Numbers of a benchmark: what many measurements come to, and how they are written.

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, each) => sum + Math.log(each), 0) / values.length)
}

export function withCommas(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}
