// What an instance allows: calls in 20 seconds, calls at once, calls of a day (Central time), bytes of bulk extract of a day.
export interface QuotaLimits {
  readonly per20Seconds: number
  readonly atOnce: number
  readonly perDay: number
  readonly bulkBytesPerDay: number
}

export const usualLimits: QuotaLimits = { per20Seconds: 100, atOnce: 10, perDay: 50_000, bulkBytesPerDay: 500_000_000 }

export class Quotas {
  running = 0
  /** The most that were running at once, sent within 20 seconds, used on a day. */
  readonly most = { atOnce: 0, per20Seconds: 0, perDay: 0, bulkBytes: 0 }
  readonly calls = new Map<string, number>()
  readonly bulkBytes = new Map<string, number>()
  readonly refused = { 606: 0, 607: 0, 615: 0 }
  #recent: number[] = []

  constructor(readonly limits: QuotaLimits) {}

  /** The code that refuses a call; a refused call counts nowhere. */
  enter(nowMs: number): '606' | '607' | '615' | undefined {
    const day = centralDay(nowMs)
    this.#recent = this.#recent.filter((each) => each > nowMs - 20_000)
    const used = this.calls.get(day) ?? 0
    const refusal = used >= this.limits.perDay ? '607' : this.#recent.length >= this.limits.per20Seconds ? '606' : this.running >= this.limits.atOnce ? '615' : undefined
    if (refusal) { this.refused[refusal]++; return refusal }
    this.#recent.push(nowMs)
    this.calls.set(day, used + 1)
    this.running++
    this.most.atOnce = Math.max(this.most.atOnce, this.running)
    this.most.per20Seconds = Math.max(this.most.per20Seconds, this.#recent.length)
    this.most.perDay = Math.max(this.most.perDay, used + 1)
    return undefined
  }

  leave(): void {
    this.running--
  }

  hasBulkLeft(nowMs: number): boolean {
    return (this.bulkBytes.get(centralDay(nowMs)) ?? 0) < this.limits.bulkBytesPerDay
  }

  addBulk(nowMs: number, bytes: number): void {
    const day = centralDay(nowMs)
    const sum = (this.bulkBytes.get(day) ?? 0) + bytes
    this.bulkBytes.set(day, sum)
    this.most.bulkBytes = Math.max(this.most.bulkBytes, sum)
  }
}

const central = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago', dateStyle: 'short' })

export function centralDay(nowMs: number): string {
  return central.format(nowMs)
}
