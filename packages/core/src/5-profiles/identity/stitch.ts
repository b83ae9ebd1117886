// One graph brought up to date: identities numbered, links of the new records replaced, components found where links changed,
// nodes rewritten where they moved. Left for the rest of the stage, in temporary tables with a column `graph`: `fresh_node`
// (identities heard of for the first time), `own_node` (nodes of the records that came) and `moved_node`.
import type { RunTimeLimits } from '../../1-project/project.js'
import { type EntitySchema, tableOf } from '../../entities/entity-schema.js'
import type { Instant } from '../../kernel/clock.js'
import { type SqlText, name, param, sqlText } from '../../kernel/sql-text.js'
import type { Connection, Table } from '../../stores/store.js'
import { collectArea } from './area.js'
import { collectClaims, rememberRefused } from './claims.js'
import { Components, type LinkRefusal } from './components.js'
import type { IdentityMemory } from './identity-memory.js'

export interface StitchRequest {
  readonly schema: EntitySchema
  readonly event?: EntitySchema
  readonly afterSeq: number
  readonly at: Instant
  readonly limits: RunTimeLimits
  /** The rules are others now: components are found anew everywhere. */
  readonly everywhere: boolean
}

const columnsOf = (...ints: readonly string[]): Table['columns'] => [{ name: 'graph', type: 'text' }, ...ints.map((each) => ({ name: each, type: 'int' as const }))]
const movedNode: Table = { name: 'moved_node', columns: columnsOf('nid', 'old_id', 'new_id') }
const ownNode: Table = { name: 'own_node', columns: columnsOf('nid') }
const freshNode: Table = { name: 'fresh_node', columns: [...columnsOf('nid'), { name: 'namespace', type: 'text' }, { name: 'value', type: 'text' }] }
const eventLink: Table = { name: 'event_link', columns: columnsOf('a', 'b') }
const refusedPair: Table = { name: 'refused_pair', columns: [{ name: 'a', type: 'int' }, { name: 'b', type: 'int' }, { name: 'code', type: 'text' }] }

export async function prepareStitching(tx: Connection): Promise<void> {
  for (const table of [movedNode, ownNode, freshNode, eventLink]) await tx.temporaryTable(table)
}

export async function stitchGraph(tx: Connection, request: StitchRequest): Promise<void> {
  const { schema } = request
  await collectClaims(tx, request)
  const fresh = await numberIdentities(tx, schema.name)
  await refuseShared(tx, request)
  const changed = await replaceLinks(tx, request)
  if (fresh > 0) await tx.run(sqlText`insert into node select graph, nid, nid as id from fresh_node where graph = ${param(schema.name)} order by nid`)
  if (changed > 0 || request.everywhere) await rewriteNodes(tx, request)
}

// Numbers follow the order in which identities were first heard of, so they do not depend on how records came in batches.
async function numberIdentities(tx: Connection, graph: string): Promise<number> {
  await tx.temporaryFrom('claimed', sqlText`select c.record, c.seq, c.origin, c.rank, c.namespace, c.value, i.nid from claim c left join identity i on i.graph = ${param(graph)} and i.namespace = c.namespace and i.value = c.value`)
  const unknown = await tx.temporaryFrom('unknown_identity', sqlText`select namespace, value, min(seq) as seq, arg_min(rank, seq) as rank from claimed where nid is null group by namespace, value`)
  if (unknown === 0) return 0
  await tx.insert(
    'fresh_node',
    sqlText`select ${param(graph)} as graph, (select coalesce(max(nid), 0) from identity where graph = ${param(graph)}) + row_number() over (order by seq, rank, namespace, value) as nid, namespace, value from unknown_identity`,
  )
  await tx.run(sqlText`insert into identity select graph, nid, namespace, value from fresh_node where graph = ${param(graph)} order by nid`)
  await tx.run(sqlText`update claimed set nid = f.nid from fresh_node f where claimed.nid is null and f.graph = ${param(graph)} and f.namespace = claimed.namespace and f.value = claimed.value`)
  return unknown
}

/** An identity that the new records tie to too many others (the mailbox of an office, a browser at a fair) is nobody's. */
async function refuseShared(tx: Connection, { schema, at, limits: { 'links-per-identity': most } }: StitchRequest): Promise<void> {
  if (most === undefined) return
  const often = await tx.temporaryFrom('often', sqlText`select nid from claimed where rank > 0 group by nid having count(*) > ${param(most)}`)
  if (often === 0) return
  const first = sqlText`select record, origin, arg_min(nid, rank) as nid from claimed where (record, origin) in (select record, origin from claimed where nid in (select nid from often)) group by record, origin`
  await tx.temporaryFrom('tied', sqlText`select c.nid, f.nid as other from claimed c join (${first}) f on f.record = c.record and f.origin = c.origin where c.nid <> f.nid`)
  const bothWays = sqlText`select nid, other from tied union all select other, nid from tied`
  const shared = await tx.temporaryFrom('shared', sqlText`select nid from (${bothWays}) where nid in (select nid from often) group by nid having count(distinct other) > ${param(most)}`)
  if (shared === 0) return
  await tx.run(rememberRefused(schema.name, sqlText`(select record, namespace, value, 'guardrail/links-per-identity' as code from claimed where rank > 0 and nid in (select nid from shared))`, at))
  await tx.run(sqlText`delete from claimed where rank > 0 and nid in (select nid from shared)`)
}

/** Leaves the ends of dropped and of new links in `changed_link`; gives their number. */
async function replaceLinks(tx: Connection, { schema, afterSeq }: StitchRequest): Promise<number> {
  const graph = param(schema.name)
  const own = await noteOwnNodes(tx, schema, afterSeq)
  const dropped = sqlText`from link where graph = ${graph} and origin = 'record' and a in (select nid from own_node where graph = ${graph})`
  const gone = own === 0 ? 0 : await tx.temporaryFrom('changed_link', sqlText`select a, b ${dropped}`)
  if (gone > 0) await tx.run(sqlText`delete ${dropped}`)
  else await tx.temporaryTable({ name: 'changed_link', columns: [{ name: 'a', type: 'int' }, { name: 'b', type: 'int' }] })
  const wanted = await tx.temporaryFrom(
    'wanted_link',
    sqlText`select f.nid as a, c.nid as b, min(c.seq) as seq, c.origin from claimed c
      join (select record, origin, arg_min(nid, rank) as nid from claimed group by record, origin) f on f.record = c.record and f.origin = c.origin
      where c.nid <> f.nid group by f.nid, c.nid, c.origin`,
  )
  if (wanted === 0) return gone
  // What events say is kept for good, once.
  const known = sqlText`select l.a, l.b from link l where l.graph = ${graph} and l.origin = 'event' and l.a in (select a from wanted_link where origin = 'event')`
  const added = await tx.temporaryFrom('wanted_link', sqlText`select * from wanted_link w where w.origin = 'record' or not exists (select 1 from (${known}) l where l.a = w.a and l.b = w.b)`)
  if (added === 0) return gone
  await tx.run(sqlText`insert into link select ${graph}, a, b, seq, origin from wanted_link`)
  await tx.run(sqlText`insert into changed_link select a, b from wanted_link`)
  await tx.insert('event_link', sqlText`select ${graph} as graph, a, b from wanted_link where origin = 'event'`)
  return gone + added
}

/** Tells a memory what became of its graph in this update. */
export async function remember(tx: Connection, memory: IdentityMemory): Promise<void> {
  const graph = param(memory.graph)
  for await (const { rows, columns } of tx.chunks(sqlText`select nid, namespace, value from fresh_node where graph = ${graph} order by nid`)) {
    for (let row = 0; row < rows; row++) memory.add(Number(columns[0]?.[row]), String(columns[1]?.[row]), String(columns[2]?.[row]), Number(columns[0]?.[row]))
  }
  for await (const { rows, columns } of tx.chunks(sqlText`select nid, new_id from moved_node where graph = ${graph}`)) {
    for (let row = 0; row < rows; row++) memory.move(Number(columns[0]?.[row]), Number(columns[1]?.[row]))
  }
  for await (const { rows, columns } of tx.chunks(sqlText`select a, b from event_link where graph = ${graph}`)) {
    for (let row = 0; row < rows; row++) memory.link(Number(columns[0]?.[row]), Number(columns[1]?.[row]))
  }
  const table = name(tableOf(memory.graph))
  const touched = sqlText`select id from touched where entity = ${graph}`
  for await (const { rows, columns } of tx.chunks(sqlText`select t.id, p._id is not null as there from (${touched}) t left join (select _id from ${table} where _id in (${touched})) p on p._id = t.id`)) {
    for (let row = 0; row < rows; row++) memory.noteRow(Number(columns[0]?.[row]), columns[1]?.[row] === true)
  }
}

/** The nodes of the records that came, deleted ones included. */
async function noteOwnNodes(tx: Connection, schema: EntitySchema, afterSeq: number): Promise<number> {
  const graph = param(schema.name)
  const gone = sqlText`select _source_key from ${name(`part_${tableOf(schema.name)}`)} where _seq > ${param(afterSeq)} and _deleted`
  const live = await tx.insert('own_node', sqlText`select distinct ${graph} as graph, nid from claimed where origin = 'record' and rank = 0`)
  const deleted = await tx.temporaryFrom('deleted_record', gone)
  if (deleted === 0) return live
  return live + (await tx.insert('own_node', sqlText`select ${graph} as graph, nid from identity where graph = ${graph} and namespace = ${param(schema.namespace)} and value in (select _source_key from deleted_record)`))
}

async function rewriteNodes(tx: Connection, request: StitchRequest): Promise<void> {
  const { schema, at, limits } = request
  const graph = param(schema.name)
  await collectArea(tx, schema.name, request.everywhere)
  const area = await readArea(tx)
  const { components, refused } = await findComponents(tx, { schema, limits, area })
  await writeMoved(tx, schema.name, area, components)
  if (refused.length === 0) return
  await tx.temporaryTable(refusedPair)
  await tx.append(refusedPair, refused.map((each) => [each.a, each.b, each.code]))
  const pairs = sqlText`(select a.value as record, b.namespace, b.value, p.code from refused_pair p join identity a on a.graph = ${graph} and a.nid = p.a join identity b on b.graph = ${graph} and b.nid = p.b)`
  await tx.run(rememberRefused(schema.name, pairs, at))
}

/** The nodes of the area, ascending, with the profiles that they belonged to; `placeOf` a node is its index. */
interface Area {
  readonly nids: Int32Array
  readonly ids: Int32Array
  placeOf(nid: number): number
}

async function readArea(tx: Connection): Promise<Area> {
  const [nids, ids] = await readPairs(tx, sqlText`select nid, id from area_node order by nid`)
  return { nids, ids, placeOf: toPlaceOf(nids) }
}

// Where the area is most of the graph an array over all numbers is the smaller of the two.
function toPlaceOf(nids: Int32Array): Area['placeOf'] {
  const last = nids.at(-1) ?? 0
  if (nids.length * 8 < last) {
    const places = new Map<number, number>()
    nids.forEach((nid, place) => places.set(nid, place))
    return (nid) => places.get(nid) ?? -1
  }
  const places = new Int32Array(last + 1).fill(-1)
  nids.forEach((nid, place) => { places[nid] = place })
  return (nid) => places[nid] ?? -1
}

async function readPairs(tx: Connection, query: SqlText): Promise<readonly [Int32Array, Int32Array]> {
  const parts: { readonly rows: number; readonly columns: readonly ArrayLike<unknown>[] }[] = []
  for await (const { rows, columns } of tx.chunks(query)) parts.push({ rows, columns })
  const total = parts.reduce((sum, each) => sum + each.rows, 0)
  const [left, right] = [new Int32Array(total), new Int32Array(total)]
  let at = 0
  for (const { rows, columns } of parts) {
    for (let row = 0; row < rows; row++, at++) {
      left[at] = Number(columns[0]?.[row])
      right[at] = Number(columns[1]?.[row])
    }
  }
  return [left, right]
}

interface RefusedPair {
  readonly a: number
  readonly b: number
  readonly code: LinkRefusal
}

// Newest links first: where a rule allows only one of two, the newer holds (Adobe's identity optimization algorithm).
async function findComponents(tx: Connection, { schema, limits, area }: Pick<StitchRequest, 'schema' | 'limits'> & { readonly area: Area }): Promise<{ readonly components: Components; readonly refused: readonly RefusedPair[] }> {
  const unique = limits['unique-namespace'] === undefined ? [] : schema.identities.filter((each) => each.unique)
  const uniqueNodes: Int32Array[] = []
  for (const { namespace } of unique) uniqueNodes.push(await readPlaces(tx, schema.name, namespace, area))
  const components = new Components(area.nids.length, { maxNodes: maxNodesOf(schema, limits), uniqueNodes })
  const refused: RefusedPair[] = []
  const [left, right] = await readPairs(tx, sqlText`select a, b from area_link order by seq desc, a, b`)
  left.forEach((a, index) => {
    const b = right[index] ?? -1
    const code = components.link(area.placeOf(a), area.placeOf(b))
    if (code) refused.push({ a, b, code })
  })
  return { components, refused }
}

// A large graph of an account is counted after the run (guardrail/account-identities), not cut: Adobe's limit for accounts is soft.
function maxNodesOf({ name: graph }: EntitySchema, limits: RunTimeLimits): number {
  return graph === 'account' ? Infinity : (limits['graph-size'] ?? Infinity)
}

/** Places of the area's nodes that are values of a namespace. */
async function readPlaces(tx: Connection, graph: string, namespace: string, area: Area): Promise<Int32Array> {
  const [nids] = await readPairs(tx, sqlText`select nid, nid as again from identity where graph = ${param(graph)} and namespace = ${param(namespace)} and nid in (select nid from area_node)`)
  return nids.map((nid) => area.placeOf(nid))
}

const appendAtOnce = 100_000

async function writeMoved(tx: Connection, graph: string, { nids, ids }: Area, components: Components): Promise<void> {
  const moved: (readonly [string, number, number, number])[] = []
  nids.forEach((nid, place) => {
    const id = ids[place] ?? -1
    const root = nids[components.find(place)] ?? -1
    if (root !== id) moved.push([graph, nid, id, root])
  })
  if (moved.length === 0) return
  for (let from = 0; from < moved.length; from += appendAtOnce) await tx.append(movedNode, moved.slice(from, from + appendAtOnce))
  await tx.run(sqlText`delete from node where graph = ${param(graph)} and nid in (select nid from moved_node where graph = ${param(graph)})`)
  await tx.run(sqlText`insert into node select graph, nid, new_id as id from moved_node where graph = ${param(graph)} order by nid`)
}
