// Project × Applied → the state that apply will write. Uids go on with what a resource was, under whatever name.
import type { Destination, Project, Segment, Source } from '../1-project/project.js'
import { type ResourceKind, parseAddress } from '../kernel/address.js'
import type { Applied, AppliedContent, AppliedResource, Retired, Uid } from './applied.js'
import { toPairs } from './diff.js'
import type { Change, Interval, SegmentImpact } from './plan.js'
import { appliedResources, projectResources } from './resources.js'

export function toNextApplied(project: Project, applied: Applied): AppliedContent {
  const uids = new Uids(project, applied)
  const segments = byName(project.segments, (each) => uids.of('Segment', each.name))
  const destinations = byName(project.destinations, (each) => uids.of('Destination', each.name))
  const reserved = Object.entries(applied.reserved ?? {}).filter(([address]) => !uids.has(address))
  return {
    project: project.name,
    organization: project.organization,
    timezone: project.timezone,
    sandbox: project.sandbox,
    guardrails: project.guardrails,
    entities: project.entities,
    policies: Object.fromEntries(project.policies.map((each) => [each.name, each])),
    sources: byName(project.sources, (each) => uids.of('Source', each.name)),
    segments,
    destinations,
    retired: retired(applied, segments, destinations),
    // Segments that were not evaluated yet are still promised what their plan showed.
    promised: Object.fromEntries(Object.entries(applied.promised).filter(([uid]) => Object.values(segments).some((each) => String(each.uid) === uid))),
    plugins: project.plugins,
    nextUid: uids.next,
    ...(reserved.length === 0 ? {} : { reserved: Object.fromEntries(reserved) }),
  }
}

/** What stays of a resource for life. */
type Lasting = Pick<AppliedResource<unknown>, 'uid' | 'since'>

class Uids {
  readonly #known = new Map<string, Lasting>()
  next: Uid

  constructor(project: Project, applied: Applied) {
    this.next = applied.nextUid
    const reserved: Readonly<Record<string, Uid>> = applied.reserved ?? {}
    // By address: the order in which things are written gives nobody another number.
    const pairs = [...toPairs(projectResources(project), appliedResources(applied))].sort((a, b) => ((a.after?.address ?? '') < (b.after?.address ?? '') ? -1 : 1))
    for (const { before, after } of pairs) {
      if (!after || after.kind === 'Schema' || after.kind === 'Policy') continue
      const kept = before?.uid === undefined ? undefined : { uid: before.uid, ...(before.since === undefined ? {} : { since: before.since }) }
      this.#known.set(after.address, kept ?? { uid: reserved[after.address] ?? this.next++, since: applied.serial + 1 })
    }
  }

  has(address: string): boolean {
    return this.#known.has(address)
  }

  of(kind: ResourceKind, name: string): Lasting {
    const known = this.#known.get(`${kind}/${name}`)
    if (known === undefined) throw new RangeError(`no uid for ${kind}/${name}`)
    return known
  }
}

function byName<Spec extends Source | Segment | Destination>(specs: readonly Spec[], lasting: (spec: Spec) => Lasting): Readonly<Record<string, AppliedResource<Spec>>> {
  return Object.fromEntries(specs.map((spec) => [spec.name, { ...lasting(spec), spec }]))
}

/** Activations that are gone and still have exits to deliver, together with those of earlier applies that are not finished. */
function retired(applied: Applied, segments: AppliedContent['segments'], destinations: AppliedContent['destinations']): readonly Retired[] {
  const kept = new Map(Object.values(segments).map((each) => [each.uid, each]))
  const names = new Map(Object.entries(destinations).map(([name, { uid }]) => [uid, name]))
  const nameNow = (destination: string): string | undefined => names.get(applied.destinations[destination]?.uid ?? -1)
  const all = [...applied.retired, ...Object.values(applied.segments).map((segment) => leaving(segment, kept.get(segment.uid)))]
  return all
    .map((each) => underNewNames(each, nameNow))
    .map((each) => ({ ...each, destinations: each.destinations.filter((destination) => !isActive(kept.get(each.segment.uid), destination)) }))
    .filter((each) => each.destinations.length > 0 || (each.segmentRemoved && !kept.has(each.segment.uid)))
}

/** Exits are still delivered when their destination has another name since; those to destinations that are gone are not. */
function underNewNames(each: Retired, nameNow: (destination: string) => string | undefined): Retired {
  const { spec } = each.segment
  const activate = spec.activate.map((activation) => ({ ...activation, destination: nameNow(activation.destination) ?? activation.destination }))
  return { ...each, segment: { ...each.segment, spec: { ...spec, activate } }, destinations: each.destinations.flatMap((destination) => nameNow(destination) ?? []) }
}

// An activation that came back before its exits were delivered is no longer leaving.
function isActive(segment: AppliedResource<Segment> | undefined, destination: string): boolean {
  return segment?.spec.activate.some((each) => each.destination === destination) === true
}

function leaving(segment: AppliedResource<Segment>, now: AppliedResource<Segment> | undefined): Retired {
  const staying = new Set(now?.spec.activate.map((each) => each.destination) ?? [])
  const gone = segment.spec.activate.filter((each) => !staying.has(each.destination)).map((each) => each.destination)
  return { segment, destinations: gone, segmentRemoved: !now }
}

/** The next state with what this plan showed of its segments. */
export function withPromises(next: AppliedContent, changes: readonly Change[], allowShrink: readonly string[]): AppliedContent {
  const made = changes.flatMap(({ address, impact }) => {
    const name = parseAddress(address)?.name ?? ''
    const segment = next.segments[name]
    return segment && impact && address.startsWith('Segment/') ? [[segment.uid, { enter: impact.enter, exit: impact.exit, slack: slackOf(impact), mayShrink: allowShrink.includes(name) }] as const] : []
  })
  return { ...next, promised: { ...next.promised, ...Object.fromEntries(made) } }
}

/** Half of the wider interval: the larger distance from an estimate to an end of it. */
function slackOf({ enter, exit, basis }: SegmentImpact): number {
  if (basis.is === 'exact') return 0
  const distance = (estimated: number, [from, to]: Interval): number => Math.max(estimated - from, to - estimated)
  return Math.max(distance(enter, basis.enterBetween), distance(exit, basis.exitBetween))
}
