// What is really in the remote audiences against what we put there: for destinations that can be read back. Somebody may have taken
// people out by hand, or put others in.
import type { Applied } from '../2-plan/applied.js'
import { normalizeIdentity } from '../entities/identity-value.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Audience, MemberRef, OpenDestination } from '../plugins/sdk.js'
import type { Connection, Store } from '../stores/store.js'
import { type ActiveActivation, listActivations, ownRows } from './activations.js'
import type { ConnectorsOf } from './connectors.js'
import type { AudienceDrift } from './delivery.js'

export interface DriftRequest {
  readonly store: Store
  readonly applied: Applied
  readonly connectors: ConnectorsOf
  /** Only the destination of this name. */
  readonly only?: string
}

/** An audience that was read back. */
export interface ReadAudience {
  readonly active: ActiveActivation
  readonly audience: Audience
  /** Made by us: whoever else is in it should not be. */
  readonly created: boolean
  readonly connector: OpenDestination
  readonly there: number
  /** Profiles that we put there and that are gone. */
  readonly missing: readonly number[]
  /** Those who are there and were not put there by us, nor are they wanted there. */
  readonly foreign: readonly MemberRef[]
}

const shown = 5

/** One per audience whose destination can tell its members; the others are left out. Nothing is changed. */
export async function findDrift(request: DriftRequest): Promise<readonly AudienceDrift[]> {
  const found: AudienceDrift[] = []
  for await (const each of readBack(request)) found.push(toDrift(each))
  return found
}

export function toDrift({ active, created, there, missing, foreign }: ReadAudience): AudienceDrift {
  return {
    destination: active.destination.spec.name, segment: active.segment.spec.name, created, there, missing: missing.length, foreign: foreign.length,
    sampleForeign: foreign.slice(0, shown).map(labelOf),
  }
}

function labelOf({ identities, sourceKey }: MemberRef): string {
  return identities['email'] ?? Object.values(identities)[0] ?? sourceKey ?? 'somebody without an identity'
}

export async function* readBack({ store, applied, connectors, only }: DriftRequest): AsyncIterable<ReadAudience> {
  for (const active of listActivations(applied)) {
    if (active.leaving || active.destination.spec.dryRun || (only !== undefined && active.destination.spec.name !== only)) continue
    const { open } = connectors(active.destination)
    const [known] = await store.rows<{ remote_id: string; created: boolean }>(sqlText`select remote_id, created from remote_audience where ${ownRows(active)}`)
    if (!open.members || (open.ensureAudience && !known)) continue
    const audience: Audience = { segment: active.segment.spec.name, list: active.activation.list, ...(known ? { remoteId: known.remote_id } : {}) }
    yield { active, audience, created: known?.created === true, connector: open, ...(await compare(store, active, open.members(audience))) }
  }
}

async function compare(store: Store, active: ActiveActivation, pages: AsyncIterable<readonly MemberRef[]>): Promise<Pick<ReadAudience, 'there' | 'missing' | 'foreign'>> {
  const ours = await readOurs(store, active)
  const seen = new Set<number>()
  const unknown: MemberRef[] = []
  let there = 0
  for await (const page of pages) {
    there += page.length
    for (const ref of page) {
      const id = valuesOf(ref).map((each) => ours.ids.get(each)).find((each) => each !== undefined)
      if (id === undefined) unknown.push(ref)
      else seen.add(id)
    }
  }
  return { there, missing: ours.certain.filter((each) => !seen.has(each)), foreign: await withoutWanted(store, active, unknown) }
}

interface Ours {
  /** By `namespace:value`. */
  readonly ids: ReadonlyMap<string, number>
  /** Known to have been taken, ascending. */
  readonly certain: readonly number[]
}

async function readOurs(store: Store, active: ActiveActivation): Promise<Ours> {
  const ids = new Map<string, number>()
  const certain: number[] = []
  for await (const { columns: [id = [], identities = [], isCertain = []] } of store.chunks(sqlText`select id, identities, certain from remote_member where ${ownRows(active)} order by id`)) {
    for (const [index, each] of id.entries()) {
      for (const value of valuesOf({ identities: JSON.parse(String(identities[index])) as Record<string, string> })) ids.set(value, Number(each))
      if (isCertain[index] === true) certain.push(Number(each))
    }
  }
  return { ids, certain }
}

function valuesOf({ identities, sourceKey }: MemberRef): readonly string[] {
  const named = Object.entries(identities).map(([namespace, value]) => `${namespace}:${normalizeIdentity(namespace, value)}`)
  return sourceKey === undefined ? named : [...named, `b2b_person:${sourceKey}`, `b2b_account:${sourceKey}`]
}

const askedAtOnce = 1000

/** A member who is there before we sent them is no stranger, unless consent keeps them out. */
async function withoutWanted(store: Connection, active: ActiveActivation, refs: readonly MemberRef[]): Promise<readonly MemberRef[]> {
  const foreign: MemberRef[] = []
  for (let from = 0; from < refs.length; from += askedAtOnce) {
    const page = refs.slice(from, from + askedAtOnce)
    const wanted = await findWanted(store, active, [...new Set(page.flatMap(valuesOf))])
    foreign.push(...page.filter((ref) => !valuesOf(ref).some((each) => wanted.has(each))))
  }
  return foreign
}

async function findWanted(store: Connection, active: ActiveActivation, values: readonly string[]): Promise<ReadonlySet<string>> {
  const { segment } = active
  const rows = await store.rows<{ value: string }>(
    sqlText`select distinct i.namespace || ':' || i.value as value from identity i join node n on n.graph = i.graph and n.nid = i.nid join membership m on m.id = n.id and m.segment = ${param(segment.uid)} and m.status = 'realized'
      where i.graph = ${param(segment.spec.entity)} and i.namespace || ':' || i.value in (select unnest(${param(values)})) and m.id not in (select id from withheld where ${ownRows(active)})`,
  )
  return new Set(rows.map((each) => each.value))
}
