// Who would enter and leave: the new rules matched against the profiles that are there now, by the very code that the run uses.
import { parseAddress } from '../kernel/address.js'
import type { Clock, Instant } from '../kernel/clock.js'
import { type SqlText, param, sqlText } from '../kernel/sql-text.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import type { SegmentRule } from '../matching/match.js'
import { labelProfiles } from '../matching/find-profile.js'
import { type MatchedGroup, type MatchedRule, matchIntoWords } from '../matching/match-words.js'
import { withReaders } from '../matching/reading-segments.js'
import type { Store } from '../stores/store.js'
import type { Applied, AppliedContent } from './applied.js'
import { type Sample, type WantedImpact, chooseSample } from './choose-sample.js'
import { isWithheld } from '../matching/consent.js'
import { readProfileViews } from '../matching/profile-view.js'
import { toIdentities } from '../matching/to-identities.js'
import type { Item } from '../plugins/sdk.js'
import { type Moves, type SentOf, countMoves, countUnmatched, countWithheld, drawSent } from './count-moves.js'
import type { FindPace } from './delivery-impact.js'
import { estimate, intervalOf } from './estimate.js'
import { findTouched } from './find-indirect.js'
import type { MatchRates } from './match-rates.js'
import type { Change, DeliveryImpact, ImpactBasis, MatchRate, SegmentImpact } from './plan.js'

export interface PreviewRequest {
  readonly changes: readonly Change[]
  readonly applied: Applied
  readonly next: AppliedContent
  readonly store: Store
  readonly clock: Clock
  readonly wanted: WantedImpact
  readonly findPace: FindPace
  /** What a destination finds people by; undefined when it takes whoever comes, or its connector is not at hand. */
  readonly findIdentities: (destination: string) => readonly string[] | undefined
  /** Asks destinations whom they know; nobody is asked without. */
  readonly matchRates?: MatchRates | undefined
}

/** The changes with the impact of each segment that would be evaluated anew, and of the segments that read those. */
export async function previewSegments(request: PreviewRequest): Promise<readonly Change[]> {
  const changes = [...request.changes, ...touchedSegments(request)]
  if (!(await hasProfiles(request.store))) return changes.map((each) => (each.address.startsWith('Segment/') ? withNote(each, noData) : each))
  const previews = new Map([...(await previewChanged(request)), ...(await previewLeaving(request))])
  return withPreviews(changes, previews)
}

const noData = 'nothing was read yet: members are counted by the first run'
const countedLater = 'members are counted by the next run, once the records were mapped again; it delivers nothing that surprises'

function withNote(change: Change, note: string): Change {
  return { ...change, notes: [...change.notes, note] }
}

/** Nobody edited them; what they read changes. */
function touchedSegments({ changes, applied, next }: PreviewRequest): readonly Change[] {
  const edited = new Set(changes.map((each) => each.address))
  return findTouched(changes, next)
    .filter(({ segment }) => applied.segments[segment] && !edited.has(`Segment/${segment}`))
    .map(({ segment, cause }): Change => ({ address: `Segment/${segment}`, action: 'update', classes: ['re-evaluate'], fields: [], cause, notes: [countedLater] }))
}

type Preview = { readonly is: 'counted'; readonly impact: SegmentImpact } | { readonly is: 'stopped'; readonly codes: string }

function withPreviews(changes: readonly Change[], previews: ReadonlyMap<string, Preview>): readonly Change[] {
  const direct = changes.map((change) => withPreview(change, previews.get(change.address)))
  const named = new Set(direct.map((each) => each.address))
  const indirect = [...previews].flatMap(([address, preview]): readonly Change[] => {
    if (named.has(address as Change['address']) || preview.is === 'stopped' || preview.impact.enter + preview.impact.exit === 0) return []
    return [{ address: address as Change['address'], action: 'update', classes: ['re-evaluate'], fields: [], cause: 'reads a segment that changed', impact: preview.impact, notes: [] }]
  })
  return [...direct, ...indirect]
}

function withPreview(change: Change, preview: Preview | undefined): Change {
  switch (preview?.is) {
    case undefined:
      return change
    case 'counted':
      return { ...change, impact: preview.impact }
    case 'stopped':
      return withNote(change, `the expression was stopped on several profiles (${preview.codes}): nobody would enter or leave`)
  }
}

async function previewChanged(request: PreviewRequest): Promise<readonly (readonly [string, Preview])[]> {
  const { store, next, clock, wanted } = request
  const names = affectedSegments(request)
  const samples = new Map<ProfileEntity, Sample>()
  for (const entity of ['person', 'account'] as const) {
    const sample = await chooseSample(store, entity, { wanted, segments: names.filter((each) => next.segments[each]?.spec.entity === entity).length })
    if (sample) samples.set(entity, sample)
  }
  const groups = await matchIntoWords({ store, entities: next.entities, rules: names.map((each) => toRule(next, each, samples)), nowMs: clock.nowMs(), segmentUids: segmentUids(next) })
  const previews: (readonly [string, Preview])[] = []
  for (const group of groups) for (const rule of group.rules) previews.push([`Segment/${rule.rule.name}`, await toPreview(request, { group, rule, sample: samples.get(group.entity) })])
  return previews
}

/** Changed segments whose members may differ, and everything that reads them, directly or not. */
function affectedSegments({ changes, next }: PreviewRequest): readonly string[] {
  const changed = changes.flatMap(({ address, action }) => {
    const { kind, name = '' } = parseAddress(address) ?? {}
    return kind === 'Segment' && action !== 'delete' ? [name] : []
  })
  return [...withReaders(changed, Object.values(next.segments).map((each) => each.spec))].filter((each) => next.segments[each]).sort()
}

function toRule(next: AppliedContent, name: string, samples: ReadonlyMap<ProfileEntity, Sample>): SegmentRule {
  const found = next.segments[name]
  if (!found) throw new RangeError(`no segment ${name}`)
  const { entity, expression, paths, vars, readsSegments } = found.spec
  const sample = samples.get(entity)
  return { uid: found.uid, name, entity, expression, paths, vars, readsSegments, ...(sample ? { scope: sample.ids } : {}) }
}

function segmentUids(next: AppliedContent): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(next.segments).map(([name, { uid }]) => [name, uid]))
}

interface Matched {
  readonly group: MatchedGroup
  readonly rule: MatchedRule
  readonly sample: Sample | undefined
}

async function toPreview(request: PreviewRequest, { group, rule, sample }: Matched): Promise<Preview> {
  if (rule.isStopped) return { is: 'stopped', codes: Object.keys(rule.errors).join(', ') }
  const counted = await countMoves(request.store, group, rule)
  const { moves, basis } = sample ? scaled(counted, sample) : { moves: counted, basis: { is: 'exact' } as const }
  const { before, enter, exit, sampleEnter, sampleExit } = moves
  const after = before + enter - exit
  const deliveries = await deliveriesOf(request, { group, rule, sample }, { after, enter, exit })
  return { is: 'counted', impact: { before, after, enter, exit, basis, sampleEnter, sampleExit, errors: rule.errors, deliveries } }
}

function scaled(counted: Moves, { ids, of }: Sample): { readonly moves: Moves; readonly basis: ImpactBasis } {
  const count = (found: number): { readonly found: number; readonly size: number; readonly of: number } => ({ found, size: ids.length, of })
  const [enter, exit] = [count(counted.enter), count(counted.exit)]
  return {
    moves: { ...counted, enter: estimate(enter), exit: Math.min(estimate(exit), counted.before) },
    basis: { is: 'sample', profiles: ids.length, of, enterBetween: intervalOf(enter), exitBetween: intervalOf(exit) },
  }
}

async function deliveriesOf(request: PreviewRequest, matched: Matched, { after, enter, exit }: { readonly after: number; readonly enter: number; readonly exit: number }): Promise<readonly DeliveryImpact[]> {
  const { uid, name } = matched.rule.rule
  const deliveries: DeliveryImpact[] = []
  for (const { destination } of request.next.segments[name]?.spec.activate ?? []) {
    const withheld = await withheldOf(request, matched, destination)
    const isNew = isNewActivation(request, { uid, name, destination })
    const of = isNew ? 'matched' : 'enter'
    const unmatched = await unmatchedOf(request, matched, { destination, of })
    const adds = isNew ? after - withheld.matched : enter - withheld.enter
    const match = await matchOf(request, matched, { destination, of, adds })
    deliveries.push(toDelivery(request, destination, { adds, removes: isNew ? 0 : exit - withheld.exit, withheld: withheld[of], unmatched, match }))
  }
  return deliveries
}

async function matchOf(request: PreviewRequest, matched: Matched, { destination, of, adds }: { readonly destination: string; readonly of: SentOf; readonly adds: number }): Promise<MatchRate | undefined> {
  const spec = request.next.destinations[destination]?.spec
  if (!spec || matched.group.entity !== 'person') return undefined
  return request.matchRates?.of(spec, { adds, isEstimate: matched.sample !== undefined, draw: (atMost) => drawItems(request, matched, { of, atMost, withheld: withheldBy(request, destination) }) })
}

async function drawItems({ store, next }: PreviewRequest, matched: Matched, drawn: { readonly of: SentOf; readonly atMost: number; readonly withheld: SqlText | undefined }): Promise<readonly Item[]> {
  const ids = await drawSent(store, matched, { ...drawn, withheld: drawn.withheld ?? sqlText`false` })
  const items: Item[] = []
  for await (const page of readProfileViews(store, { entities: next.entities, entity: 'person', paths: matched.rule.rule.paths, ids, roots: new Set(['person']) })) {
    items.push(...page.map((view) => ({ key: String(view.id), identities: toIdentities(view), sourceKeys: view.sourceKeys, payload: {} })))
  }
  return items
}

function withheldBy({ next }: PreviewRequest, destination: string): SqlText | undefined {
  const consent = next.destinations[destination]?.spec.consent
  const person = next.entities['person']
  return consent && person && isWithheld(consent, person, 'p')
}

/** Accounts consent to nothing. */
async function withheldOf(request: PreviewRequest, { group, rule, sample }: Matched, destination: string): Promise<{ readonly matched: number; readonly enter: number; readonly exit: number }> {
  const withheld = withheldBy(request, destination)
  if (!withheld || group.entity !== 'person') return { matched: 0, enter: 0, exit: 0 }
  const { matched, enter, exit } = await countWithheld(request.store, { group, rule }, withheld)
  return { matched: ofAll(matched, sample), enter: ofAll(enter, sample), exit: ofAll(exit, sample) }
}

async function unmatchedOf({ store, findIdentities }: PreviewRequest, { group, rule, sample }: Matched, { destination, of }: { readonly destination: string; readonly of: SentOf }): Promise<number> {
  const identities = findIdentities(destination)
  if (!identities || group.entity !== 'person') return 0
  return ofAll(await countUnmatched(store, { group, rule }, { of, identities }), sample)
}

/** Of all profiles, when so many were found in the sample. */
function ofAll(found: number, sample: Sample | undefined): number {
  return sample ? estimate({ found, size: sample.ids.length, of: sample.of }) : found
}

interface Sent {
  readonly adds: number
  readonly removes: number
  readonly withheld: number
  readonly unmatched: number
  readonly match?: MatchRate | undefined
}

function toDelivery({ findPace }: PreviewRequest, destination: string, { adds, removes, withheld, unmatched, match }: Sent): DeliveryImpact {
  const pace = findPace(destination, { adds, removes })
  return { destination, adds, removes, ...(withheld > 0 ? { withheld } : {}), ...(unmatched > 0 ? { unmatched } : {}), ...(match ? { match } : {}), ...(pace ? { pace } : {}) }
}

// A new activation sends all members, not only those who enter now. Destinations go by their uids: a new name is no new activation.
function isNewActivation({ applied, next }: PreviewRequest, { uid, name, destination }: { readonly uid: number; readonly name: string; readonly destination: string }): boolean {
  const before = applied.segments[name] ?? Object.values(applied.segments).find((each) => each.uid === uid)
  return !before?.spec.activate.some((each) => applied.destinations[each.destination]?.uid === next.destinations[destination]?.uid)
}

async function previewLeaving(request: PreviewRequest): Promise<readonly (readonly [string, Preview])[]> {
  const leaving = request.changes.filter((each) => each.action === 'delete' && parseAddress(each.address)?.kind === 'Segment')
  const previews: (readonly [string, Preview])[] = []
  for (const { address } of leaving) previews.push([address, { is: 'counted', impact: await leavingImpact(request, parseAddress(address)?.name ?? '') }])
  return previews
}

async function leavingImpact(request: PreviewRequest, name: string): Promise<SegmentImpact> {
  const { store, applied } = request
  const segment = applied.segments[name]
  const members = sqlText`from membership where segment = ${param(segment?.uid ?? -1)} and status = 'realized'`
  const { before } = await store.row<{ before: number }>(sqlText`select count(*) as before ${members}`)
  const shown = await store.rows<{ id: number }>(sqlText`select id ${members} order by id limit 5`)
  const cleared = (segment?.spec.activate ?? []).filter((each) => each.onRemove === 'clear')
  return {
    before, after: 0, enter: 0, exit: before, basis: { is: 'exact' }, sampleEnter: [], sampleExit: await labelProfiles(store, segment?.spec.entity ?? 'person', shown.map((each) => each.id)), errors: {},
    deliveries: cleared.map(({ destination }) => toDelivery(request, destination, { adds: 0, removes: before, withheld: 0, unmatched: 0 })),
  }
}

async function hasProfiles(store: Store): Promise<boolean> {
  return (await store.rows(sqlText`select 1 as one from profile_cursor where seq > 0`)).length > 0
}

/** When the newest data at hand was read; undefined before the first run. */
export async function findDataAsOf(store: Store): Promise<Instant | undefined> {
  const { read_at: at } = await store.row<{ read_at: string | null }>(sqlText`select max(cursor.at) as read_at from cursor`)
  return at === null ? undefined : (at as Instant)
}
