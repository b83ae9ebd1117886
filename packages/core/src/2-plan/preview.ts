// Who would enter and leave: the new rules matched against the profiles that are there now, by the very code that the run uses.
import { parseAddress } from '../kernel/address.js'
import type { Clock, Instant } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { SegmentMatches, SegmentRule } from '../matching/match.js'
import { labelProfiles } from '../matching/find-profile.js'
import { matchSegments } from '../matching/match-segments.js'
import type { Store } from '../stores/store.js'
import type { Applied, AppliedContent } from './applied.js'
import type { Change, SegmentImpact } from './plan.js'

export interface PreviewRequest {
  readonly changes: readonly Change[]
  readonly applied: Applied
  readonly next: AppliedContent
  readonly store: Store
  readonly clock: Clock
}

const sampleSize = 5

/** The changes with the impact of each segment that would be evaluated anew, and of the segments that read those. */
export async function previewSegments(request: PreviewRequest): Promise<readonly Change[]> {
  const wanted = affectedSegments(request)
  const leaving = request.changes.filter((each) => each.action === 'delete' && parseAddress(each.address)?.kind === 'Segment')
  if (wanted.length === 0 && leaving.length === 0) return request.changes
  if (!(await hasProfiles(request.store))) return request.changes.map((each) => (each.address.startsWith('Segment/') ? withNote(each, noData) : each))
  const matches = await matchSegments({
    store: request.store,
    entities: request.next.entities,
    rules: wanted.map((name) => toRule(request.next, name)),
    nowMs: request.clock.nowMs(),
    segmentUids: segmentUids(request.next),
  })
  const impacts = new Map<string, SegmentImpact>()
  const stopped = new Map<string, string>()
  for (const name of wanted) {
    const uid = request.next.segments[name]?.uid ?? -1
    const found = matches.find((each) => each.uid === uid)
    if (found?.isStopped === true) stopped.set(`Segment/${name}`, Object.keys(found.errors).join(', '))
    else if (found) impacts.set(name, await toImpact(request, name, found))
  }
  for (const change of leaving) {
    const name = parseAddress(change.address)?.name ?? ''
    impacts.set(name, await leavingImpact(request, name))
  }
  return withImpacts(request.changes, impacts).map((each) => {
    const codes = stopped.get(each.address)
    return codes === undefined ? each : withNote(each, `the expression was stopped on several profiles (${codes}): nobody would enter or leave`)
  })
}

const noData = 'nothing was read yet: members are counted by the first run'

function withNote(change: Change, note: string): Change {
  return { ...change, notes: [...change.notes, note] }
}

function withImpacts(changes: readonly Change[], impacts: ReadonlyMap<string, SegmentImpact>): readonly Change[] {
  const direct = changes.map((change): Change => {
    const address = parseAddress(change.address)
    const impact = address?.kind === 'Segment' ? impacts.get(address.name) : undefined
    return impact ? { ...change, impact } : change
  })
  const named = new Set(direct.map((each) => each.address))
  const indirect = [...impacts]
    .filter(([name, impact]) => !named.has(`Segment/${name}`) && impact.enter + impact.exit > 0)
    .map(([name, impact]): Change => ({ address: `Segment/${name}`, action: 'update', classes: ['re-evaluate'], fields: [], cause: 'reads a segment that changed', impact, notes: [] }))
  return [...direct, ...indirect]
}

/** Changed segments whose members may differ, and everything that reads them, directly or not. */
function affectedSegments({ changes, next }: PreviewRequest): readonly string[] {
  const affected = new Set<string>()
  for (const change of changes) {
    const address = parseAddress(change.address)
    if (address?.kind === 'Segment' && change.action !== 'delete') affected.add(address.name)
  }
  const all = Object.values(next.segments).map((each) => each.spec)
  let before = -1
  while (affected.size > before) {
    before = affected.size
    for (const segment of all) if (segment.readsSegments.some((each) => affected.has(each))) affected.add(segment.name)
  }
  return [...affected].filter((each) => next.segments[each]).sort()
}

function toRule(next: AppliedContent, name: string): SegmentRule {
  const found = next.segments[name]
  if (!found) throw new RangeError(`no segment ${name}`)
  const { entity, expression, paths, vars, readsSegments } = found.spec
  return { uid: found.uid, name, entity, expression, paths, vars, readsSegments }
}

function segmentUids(next: AppliedContent): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(next.segments).map(([name, { uid }]) => [name, uid]))
}

async function toImpact(request: PreviewRequest, name: string, matches: SegmentMatches): Promise<SegmentImpact> {
  const before = await members(request.store, matches.uid)
  const after = new Set(matches.ids)
  const known = new Set(before)
  const enter = [...after].filter((id) => !known.has(id))
  const exit = before.filter((id) => !after.has(id))
  const segment = request.next.segments[name]
  const sample = (ids: readonly number[]): Promise<readonly string[]> => labelProfiles(request.store, segment?.spec.entity ?? 'person', ids.slice(0, sampleSize))
  return {
    before: before.length,
    after: after.size,
    enter: enter.length,
    exit: exit.length,
    sampleEnter: await sample(enter),
    sampleExit: await sample(exit),
    errors: matches.errors,
    deliveries: (segment?.spec.activate ?? []).map(({ destination }) =>
      isNewActivation(request.applied, name, matches.uid, destination)
        ? { destination, adds: after.size, removes: 0 }
        : { destination, adds: enter.length, removes: exit.length },
    ),
  }
}

// A new activation sends all members, not only those who enter now.
function isNewActivation(applied: Applied, name: string, uid: number, destination: string): boolean {
  const before = applied.segments[name] ?? Object.values(applied.segments).find((each) => each.uid === uid)
  return !before?.spec.activate.some((each) => each.destination === destination)
}

async function leavingImpact({ store, applied }: PreviewRequest, name: string): Promise<SegmentImpact> {
  const segment = applied.segments[name]
  const before = segment ? await members(store, segment.uid) : []
  const cleared = (segment?.spec.activate ?? []).filter((each) => each.onRemove === 'clear')
  const deliveries = cleared.map(({ destination }) => ({ destination, adds: 0, removes: before.length }))
  const sampleExit = await labelProfiles(store, segment?.spec.entity ?? 'person', before.slice(0, sampleSize))
  return { before: before.length, after: 0, enter: 0, exit: before.length, sampleEnter: [], sampleExit, errors: {}, deliveries }
}

async function members(store: Store, segment: number): Promise<readonly number[]> {
  const rows = await store.rows<{ id: number }>(sqlText`select id from membership where segment = ${param(segment)} and status = 'realized' order by id`)
  return rows.map((each) => each.id)
}

async function hasProfiles(store: Store): Promise<boolean> {
  return (await store.rows(sqlText`select 1 as one from profile_cursor where seq > 0`)).length > 0
}

/** When the newest data at hand was read; undefined before the first run. */
export async function findDataAsOf(store: Store): Promise<Instant | undefined> {
  const { read_at: at } = await store.row<{ read_at: string | null }>(sqlText`select max(cursor.at) as read_at from cursor`)
  return at === null ? undefined : (at as Instant)
}
