// The applied state of a sandbox, from its store.
import type { Destination } from '../1-project/project.js'
import { type Clock, instantFromMs } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { Applied } from './applied.js'

/** What the last apply wrote; the empty state before the first. A project may have been moved since: `folder` is where it is now. */
export async function readApplied(store: Connection, folder?: string): Promise<Applied> {
  const [row] = await store.rows<{ body: string }>(sqlText`select body from applied order by serial desc limit 1`)
  if (!row) return emptyApplied()
  const applied = complete(JSON.parse(row.body) as Applied)
  return withoutFinished({ ...applied, folder: folder ?? applied.folder }, store)
}

/** States of earlier versions lack what came later. */
function complete(applied: Applied): Applied {
  const destinations = Object.entries(applied.destinations).map(([name, each]) => [name, { ...each, spec: { ...usageUnknown, ...each.spec } }] as const)
  return { ...emptyApplied(), ...applied, destinations: Object.fromEntries(destinations) }
}

const usageUnknown: Pick<Destination, 'party' | 'marketingActions' | 'consent'> = { party: 'third', marketingActions: [], consent: { require: [], onUnknown: 'send' } }

export interface AppliedSerials {
  readonly oldest: number
  readonly newest: number
}

/** The states that are kept; undefined before the first. */
export async function readAppliedSerials(store: Connection): Promise<AppliedSerials | undefined> {
  const { oldest, newest } = await store.row<{ oldest: number | null; newest: number | null }>(sqlText`select min(serial) as oldest, max(serial) as newest from applied`)
  return oldest === null || newest === null ? undefined : { oldest, newest }
}

/** A former state as it was written; undefined when it is not kept. */
export async function readAppliedAt(store: Connection, serial: number): Promise<Applied | undefined> {
  const [row] = await store.rows<{ body: string }>(sqlText`select body from applied where serial = ${param(serial)}`)
  return row && (JSON.parse(row.body) as Applied)
}

/** What was retired and has nobody left to take out anywhere is done with. */
async function withoutFinished(applied: Applied, store: Connection): Promise<Applied> {
  if (applied.retired.length === 0) return applied
  const members = await store.rows<{ segment: number }>(sqlText`select distinct segment from membership where status = 'realized'`)
  const remote = await store.rows<{ segment: number; destination: number }>(sqlText`select distinct segment, destination from remote_member union select distinct segment, destination from outbox`)
  const retired = applied.retired.filter(({ segment, destinations, segmentRemoved }) => {
    const uids = destinations.map((each) => applied.destinations[each]?.uid)
    const isThere = remote.some((each) => each.segment === segment.uid && uids.includes(each.destination))
    return isThere || (segmentRemoved && members.some((each) => each.segment === segment.uid))
  })
  return { ...applied, retired }
}

export function emptyApplied(clock?: Clock): Applied {
  return {
    serial: 0, at: clock?.now() ?? instantFromMs(0), project: '', organization: '', timezone: 'UTC', folder: '',
    sandbox: { name: '', protect: false, vars: {} }, guardrails: { profile: 'seed', overrides: [], limits: {} }, entities: {}, policies: {}, sources: {}, segments: {}, destinations: {}, retired: [], promised: {}, plugins: [], nextUid: 1,
  }
}
