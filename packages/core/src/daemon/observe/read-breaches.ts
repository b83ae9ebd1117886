// What the last look found, from the table `breach`.
import { sqlText } from '../../kernel/sql-text.js'
import type { Connection } from '../../stores/store.js'

export interface BreachRow {
  readonly guardrail: string
  /** The limit that was compared with. */
  readonly allowed: number
  readonly count: number
  readonly worst: number
  readonly sample: string
  /** Since when it is breached; null when it is kept. */
  readonly firstAt: string | null
  /** When it was looked at last. */
  readonly lastAt: string
}

/** By guardrail; those that are kept, too. */
export async function readLooks(store: Connection): Promise<ReadonlyMap<string, BreachRow>> {
  const rows = await store.rows<{ guardrail: string; allowed: number; count: number; worst: number; sample: string; firstAt: string | null; lastAt: string }>(
    sqlText`select guardrail, allowed, count, worst, sample, first_at as "firstAt", last_at as "lastAt" from breach order by guardrail`,
  )
  return new Map(rows.map((each) => [each.guardrail, each]))
}

export async function readBreaches(store: Connection): Promise<readonly BreachRow[]> {
  return [...(await readLooks(store)).values()].filter((each) => each.count > 0)
}
