// Everything that a sandbox knows of one person, for the person: what sources said, what became of it, where it went.
import { type Applied, nameOf } from '../../2-plan/applied.js'
import type { Identity } from '../../entities/identity-value.js'
import type { Clock, Instant } from '../../kernel/clock.js'
import { type Json, type JsonObject, toJson } from '../../kernel/json.js'
import { type SqlText, joined, name, numbers, param, sqlText } from '../../kernel/sql-text.js'
import { toObject } from '../../matching/to-object.js'
import { rawTable } from '../../stores/entity-tables.js'
import type { Connection, Store, StoreRow } from '../../stores/store.js'
import { readComponents } from '../read-components.js'
import { type ProfileDetails, readProfile } from '../read-profile.js'
import { type Footprint, findFootprint } from './footprint.js'

export interface ExportedProfile {
  readonly at: Instant
  readonly sandbox: string
  readonly profile: JsonObject
  readonly identities: ProfileDetails['identities']
  readonly links: Json
  readonly components: Json
  readonly records: Json
  readonly events: Json
  readonly memberships: Json
  readonly membershipLog: Json
  readonly deliveries: Json
  readonly audiences: Json
  readonly waiting: Json
  readonly withheld: Json
  readonly quarantine: Json
  readonly refusedIdentities: Json
}

/** Undefined when nobody is known by the identity. */
export async function exportProfile(store: Store, applied: Applied, identity: Identity, clock: Clock): Promise<ExportedProfile | undefined> {
  const found = await findFootprint(store, applied, identity)
  const details = found && (await readProfile(store, applied, identity))
  if (!found) return undefined
  const ids = numbers(found.nids)
  const people = joined([sqlText`-1`, ...Object.values(applied.segments).filter((each) => each.spec.entity === 'person').map((each) => param(each.uid))], ', ')
  const own = sqlText`id in ${ids} and segment in (${people})`
  const named = async (query: SqlText): Promise<Json> => (await store.rows(query)).map((row) => withNames(applied, row))
  return {
    at: clock.now(), sandbox: applied.sandbox.name,
    profile: details?.view ?? {}, identities: found.identities, memberships: toJson(details?.memberships ?? []),
    links: await named(sqlText`select x.namespace, x.value, y.namespace as "alsoNamespace", y.value as "alsoValue", l.origin from link l join identity x on x.graph = l.graph and x.nid = l.a join identity y on y.graph = l.graph and y.nid = l.b where l.graph = 'person' and (l.a in ${ids} or l.b in ${ids}) order by l.seq`),
    components: toJson(await readComponents(store, applied, { entity: 'person', id: found.id })),
    records: await readRecords(store, applied, found),
    events: await readEvents(store, applied, found.id),
    membershipLog: await named(sqlText`select segment, change, because, m."at" from membership_log m where ${own} order by seq`),
    deliveries: await readDeliveries(store, applied, found, own),
    audiences: await named(sqlText`select destination, segment, identities, certain, r."at" from remote_member r where ${own} order by destination, segment`),
    waiting: await named(sqlText`select destination, segment, wanted, state, attempt, since, due_at as "dueAt", code, message from outbox where ${own} order by destination, segment`),
    withheld: await named(sqlText`select destination, segment, w."at" from withheld w where ${own} order by destination, segment`),
    quarantine: await readQuarantined(store, applied, found),
    refusedIdentities: await named(sqlText`select namespace, value, code, r."at" from refused_link r where graph = 'person' and source_key in (select unnest(${param(found.records.sourceKeys)})) order by namespace, value`),
  }
}

async function readRecords(store: Connection, applied: Applied, { records }: Footprint): Promise<Json> {
  const all: Json[] = []
  for (const { source, stream, keys } of records.streams) {
    const raw = rawTable(source, stream).name
    if ((await store.findColumns(raw)).length === 0) continue
    const rows = await store.rows<{ key: string; op: string; read_at: Instant; record: string }>(sqlText`select key, op, r."at" as read_at, record from ${name(raw)} r where key in (select unnest(${param(keys)})) order by seq`)
    all.push(...rows.map((each) => ({ source: nameOf(applied, 'Source', source), stream, key: each.key, op: each.op, at: each.read_at, record: parse(each.record) })))
  }
  return all
}

async function readEvents(store: Connection, { entities: { event } }: Applied, id: number): Promise<Json> {
  if (!event) return []
  return (await store.rows(sqlText`select * from event where _id = ${param(id)} order by "timestamp", _seq`)).map((row) => toObject(row, event))
}

async function readDeliveries(store: Connection, applied: Applied, { nids }: Footprint, own: SqlText): Promise<Json> {
  const receipts = await store.rows(sqlText`select r.delivery, r.destination, r.segment, r.status, r.code, r.message, r."at", d.operation, d.items from (select * from receipt where ${own}) r left join delivery d on d.delivery = r.delivery order by r."at", r.delivery`)
  return receipts.map(({ items, ...row }) => {
    const sent = (JSON.parse(String(items ?? '[]')) as readonly { readonly id: number; readonly payload: Json; readonly identities: Json }[]).find((each) => nids.includes(each.id))
    return { ...(withNames(applied, row) as JsonObject), ...(sent ? { identities: sent.identities, payload: sent.payload } : {}) }
  })
}

async function readQuarantined(store: Connection, applied: Applied, { records }: Footprint): Promise<Json> {
  const keyed = records.streams.map(({ source, stream, keys }) => sqlText`(source = ${param(source)} and stream = ${param(stream)} and key in (select unnest(${param(keys)})))`)
  const mentioned = records.emails.map((each) => sqlText`contains(lower(record), ${param(each)})`)
  const rows = await store.rows<{ source: number; stream: string; key: string | null; code: string; message: string; record: string }>(sqlText`select source, stream, key, code, message, record from quarantine where ${joined([sqlText`false`, ...keyed, ...mentioned], ' or ')} order by seq`)
  return rows.map((each) => ({ ...each, source: nameOf(applied, 'Source', each.source), record: parse(each.record) }))
}

function withNames(applied: Applied, row: StoreRow): Json {
  const { destination, segment, identities, ...rest } = row
  return {
    ...(typeof destination === 'number' ? { destination: nameOf(applied, 'Destination', destination) } : {}), ...(typeof segment === 'number' ? { segment: nameOf(applied, 'Segment', segment) } : {}),
    ...(typeof identities === 'string' ? { identities: parse(identities) } : {}), ...rest,
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
