// The applied state as a list, and one resource of it: what is known of it, since when, and what belongs to it at the other side.
import { type Applied, type Retired, type Uid, nameOf } from '../2-plan/applied.js'
import { type Resource, ownResources } from '../2-plan/index.js'
import { listActivations, readAudiences } from '../7-activation/index.js'
import { type Address, type ResourceKind, parseAddress, resourceKinds, toAddress } from '../kernel/address.js'
import type { Instant } from '../kernel/clock.js'
import { type JsonObject, isJsonArray, toText } from '../kernel/json.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'

export interface StateEntry {
  readonly address: Address
  readonly kind: ResourceKind
  readonly name: string
  /** Schemas and policies have none: they are known by name. */
  readonly uid?: Uid
  /** The serial of the state that first had it. */
  readonly since?: number
  /** Imported: remembered, and not applied yet. Leaving: removed, and its members are still on their way out of these destinations. */
  readonly status: 'applied' | 'imported' | 'leaving'
  readonly connector?: string
  readonly lane?: string
  readonly streams?: readonly string[]
  readonly destinations?: readonly string[]
  /** As of the last evaluation. */
  readonly members?: number
}

export interface StateListing {
  readonly project: string
  readonly sandbox: string
  readonly serial: number
  /** Absent before the first apply. */
  readonly at?: Instant
  readonly resources: readonly StateEntry[]
}

/** Kind by kind, names in order; of the schemas those that the project has changed. */
export async function readState(store: Connection, applied: Applied, sandbox: string): Promise<StateListing> {
  const members = await readMembers(store)
  const resources = [
    ...ownResources(applied).map((each) => toEntry(each, members)),
    ...Object.entries(applied.reserved ?? {}).map(([address, uid]) => toImported(address, uid)),
    ...applied.retired.map((each) => toLeaving(each, members)),
  ]
  return { project: applied.project, sandbox, serial: applied.serial, ...(applied.serial === 0 ? {} : { at: applied.at }), resources: resources.sort(byKindAndName) }
}

export interface ResourceState extends StateEntry {
  readonly serial: number
  /** As it was applied: references to secrets, never their values. Absent before it is applied. */
  readonly spec?: JsonObject
  readonly audiences: readonly ResourceAudience[]
}

export interface ResourceAudience {
  readonly segment: string
  readonly destination: string
  /** What it is called there. */
  readonly list?: string
  /** Where the destination gives ids. `created` is false when it was there before us. */
  readonly remote?: { readonly id: string; readonly created: boolean; readonly since: Instant }
  /** How many profiles cdp put in and did not take out. */
  readonly members: number
}

/** Undefined when the state does not have it. */
export async function findResourceState(store: Connection, applied: Applied, address: Address): Promise<ResourceState | undefined> {
  const { resources } = await readState(store, applied, applied.sandbox.name)
  const entry = resources.find((each) => each.address === address)
  const resource = ownResources(applied).find((each) => each.address === address)
  return entry && { ...entry, serial: applied.serial, ...(resource ? { spec: resource.spec } : {}), audiences: await readResourceAudiences(store, applied, entry) }
}

type MemberCounts = ReadonlyMap<number, number>

async function readMembers(store: Connection): Promise<MemberCounts> {
  const rows = await store.rows<{ segment: number; members: number }>(sqlText`select segment, members from segment_state`)
  return new Map(rows.map((each) => [each.segment, each.members]))
}

function toEntry({ address, kind, name, spec, uid, since }: Resource, members: MemberCounts): StateEntry {
  const known = { address, kind, name, ...(uid === undefined ? {} : { uid }), ...(since === undefined ? {} : { since }), status: 'applied' } as const
  switch (kind) {
    case 'Source':
      return { ...known, connector: toText(spec['connector']), streams: namesIn(spec['streams'], 'name') }
    case 'Destination':
      return { ...known, connector: toText(spec['connector']) }
    case 'Segment':
      return { ...known, lane: toText(spec['lane']), destinations: namesIn(spec['activate'], 'destination'), members: members.get(uid ?? -1) ?? 0 }
    case 'Schema':
    case 'Policy':
      return known
  }
}

function namesIn(list: JsonObject[string] | undefined, key: string): readonly string[] {
  return isJsonArray(list ?? null) ? (list as readonly JsonObject[]).map((each) => toText(each[key])) : []
}

function toImported(written: string, uid: Uid): StateEntry {
  const { kind, name } = parseAddress(written) ?? { kind: 'Segment', name: written }
  return { address: toAddress(kind, name), kind, name, uid, status: 'imported' }
}

function toLeaving({ segment: { uid, since, spec }, destinations }: Retired, members: MemberCounts): StateEntry {
  return { address: toAddress('Segment', spec.name), kind: 'Segment', name: spec.name, uid, ...(since === undefined ? {} : { since }), status: 'leaving', lane: spec.lane, destinations, members: members.get(uid) ?? 0 }
}

function byKindAndName(a: StateEntry, b: StateEntry): number {
  return resourceKinds.indexOf(a.kind) - resourceKinds.indexOf(b.kind) || (a.name < b.name ? -1 : Number(a.name > b.name))
}

/** Those of its activations, and whatever else is remembered of it at the other side. */
async function readResourceAudiences(store: Connection, applied: Applied, { kind, uid }: StateEntry): Promise<readonly ResourceAudience[]> {
  if (uid === undefined || kind === 'Source') return []
  const place = kind === 'Segment' ? { segment: uid } : { destination: uid }
  const own = kind === 'Segment' ? sqlText`segment = ${param(uid)}` : sqlText`destination = ${param(uid)}`
  const audiences = await readAudiences(store, place)
  const put = await store.rows<{ segment: number; destination: number; members: number }>(sqlText`select segment, destination, count(*) as members from remote_member where ${own} and certain group by segment, destination`)
  const live = listActivations(applied).map(({ segment, destination, activation }) => ({ segment: segment.uid, destination: destination.uid, list: activation.list }))
  const places = new Map([...put, ...audiences, ...live].filter((each) => uid === (kind === 'Segment' ? each.segment : each.destination)).map(({ segment, destination }) => [`${String(segment)} ${String(destination)}`, { segment, destination }]))
  return [...places.values()].map(({ segment, destination }) => {
    const at = <Row extends { readonly segment: Uid; readonly destination: Uid }>(rows: readonly Row[]): Row | undefined => rows.find((each) => each.segment === segment && each.destination === destination)
    const [remote, list] = [at(audiences), at(live)?.list]
    return {
      segment: nameOf(applied, 'Segment', segment), destination: nameOf(applied, 'Destination', destination), ...(list === undefined ? {} : { list }),
      ...(remote ? { remote: { id: remote.remoteId, created: remote.created, since: remote.at } } : {}), members: at(put)?.members ?? 0,
    }
  })
}
