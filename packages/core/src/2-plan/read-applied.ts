// The applied state of a sandbox, from its store.
import { type Clock, instantFromMs } from '../kernel/clock.js'
import { sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { Applied } from './applied.js'

/** What the last apply wrote; the empty state before the first. */
export async function readApplied(store: Connection): Promise<Applied> {
  const [row] = await store.rows<{ body: string }>(sqlText`select body from applied order by serial desc limit 1`)
  return row ? (JSON.parse(row.body) as Applied) : emptyApplied()
}

export function emptyApplied(clock?: Clock): Applied {
  return {
    serial: 0, at: clock?.now() ?? instantFromMs(0), project: '', organization: '', timezone: 'UTC', folder: '',
    sandbox: { name: '', protect: false, vars: {} }, entities: {}, sources: {}, segments: {}, destinations: {}, retired: [], plugins: [], nextUid: 1,
  }
}
