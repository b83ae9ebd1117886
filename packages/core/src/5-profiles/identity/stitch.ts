// One graph brought up to date: identities numbered, links of the new records replaced, components found, nodes rewritten
// where they moved. What moved is left in the temporary table `moved_node` for the rest of the stage.
import { type EntitySchema, tableOf } from '../../entities/entity-schema.js'
import type { Instant } from '../../kernel/clock.js'
import { name, param, sqlText } from '../../kernel/sql-text.js'
import type { Connection, Table } from '../../stores/store.js'
import { collectClaims, rememberRefused } from './claims.js'
import { Components, type LinkRefusal } from './components.js'

export interface StitchRequest {
  readonly schema: EntitySchema
  readonly event?: EntitySchema
  readonly afterSeq: number
  readonly at: Instant
}

// Fact sheet row 70.
const maxNodesPerGraph = 50

const movedNode: Table = { name: 'moved_node', columns: [{ name: 'graph', type: 'text' }, { name: 'nid', type: 'int' }, { name: 'old_id', type: 'int' }, { name: 'new_id', type: 'int' }] }

export async function prepareStitching(tx: Connection): Promise<void> {
  await tx.temporaryTable(movedNode)
}

/** Gives the number of links that were refused. */
export async function stitchGraph(tx: Connection, request: StitchRequest): Promise<number> {
  const { schema, afterSeq } = request
  await collectClaims(tx, request)
  await numberIdentities(tx, schema.name)
  await replaceLinks(tx, schema, afterSeq)
  return rewriteNodes(tx, request)
}

// Numbers follow the order in which identities were first heard of, so they do not depend on how records came in batches.
async function numberIdentities(tx: Connection, graph: string): Promise<void> {
  await tx.insert(
    'identity',
    sqlText`select ${param(graph)} as graph, (select coalesce(max(nid), 0) from identity where graph = ${param(graph)}) + row_number() over (order by seq, rank, namespace, value) as nid, namespace, value
      from (select namespace, value, min(seq) as seq, arg_min(rank, seq) as rank from claim group by namespace, value) c
      where not exists (select 1 from identity i where i.graph = ${param(graph)} and i.namespace = c.namespace and i.value = c.value)`,
  )
}

async function replaceLinks(tx: Connection, schema: EntitySchema, afterSeq: number): Promise<void> {
  const graph = param(schema.name)
  await tx.run(sqlText`create or replace temporary table claimed as select c.record, c.seq, c.origin, c.rank, i.nid from claim c join identity i on i.graph = ${graph} and i.namespace = c.namespace and i.value = c.value`)
  await tx.run(
    sqlText`delete from link where graph = ${graph} and origin = 'record' and a in
      (select i.nid from ${name(`part_${tableOf(schema.name)}`)} p join identity i on i.graph = ${graph} and i.namespace = ${param(schema.namespace)} and i.value = p._source_key where p._seq > ${param(afterSeq)})`,
  )
  await tx.insert(
    'link',
    sqlText`select ${graph} as graph, f.nid as a, c.nid as b, c.seq, c.origin from claimed c
      join (select record, origin, arg_min(nid, rank) as nid, min(rank) as rank from claimed group by record, origin) f on f.record = c.record and f.origin = c.origin
      where c.nid <> f.nid and (c.origin = 'record' or not exists (select 1 from link l where l.graph = ${graph} and l.origin = 'event' and l.a = f.nid and l.b = c.nid))`,
  )
}

async function rewriteNodes(tx: Connection, { schema, at }: StitchRequest): Promise<number> {
  const graph = param(schema.name)
  await tx.insert('node', sqlText`select ${graph} as graph, nid, nid as id from identity where graph = ${graph} and nid > (select coalesce(max(nid), 0) from node where graph = ${graph}) order by nid`)
  const { nodes } = await tx.row<{ nodes: number }>(sqlText`select coalesce(max(nid), 0) + 1 as nodes from node where graph = ${graph}`)
  const { components, refused } = await findComponents(tx, schema, nodes)
  await writeMoved(tx, schema.name, components)
  await tx.temporaryTable({ name: 'refused_pair', columns: [{ name: 'a', type: 'int' }, { name: 'b', type: 'int' }, { name: 'code', type: 'text' }] })
  await tx.append({ name: 'refused_pair', columns: [{ name: 'a', type: 'int' }, { name: 'b', type: 'int' }, { name: 'code', type: 'text' }] }, refused.map((each) => [each.a, each.b, each.code]))
  const pairs = sqlText`(select a.value as record, b.namespace, b.value, p.code from refused_pair p join identity a on a.graph = ${graph} and a.nid = p.a join identity b on b.graph = ${graph} and b.nid = p.b)`
  if (refused.length > 0) await tx.run(rememberRefused(schema.name, pairs, at))
  return refused.length
}

interface RefusedPair {
  readonly a: number
  readonly b: number
  readonly code: LinkRefusal
}

// Newest links first: where a rule allows only one of two, the newer holds (Adobe's identity optimization algorithm).
async function findComponents(tx: Connection, schema: EntitySchema, nodes: number): Promise<{ readonly components: Components; readonly refused: readonly RefusedPair[] }> {
  const uniqueNodes: Int32Array[] = []
  for (const { namespace } of schema.identities.filter((each) => each.unique)) uniqueNodes.push(await readNodes(tx, schema.name, namespace))
  const components = new Components(nodes, { maxNodes: maxNodesPerGraph, uniqueNodes })
  const refused: RefusedPair[] = []
  for await (const { rows, columns } of tx.chunks(sqlText`select a, b from link where graph = ${param(schema.name)} order by seq desc, a, b`)) {
    for (let row = 0; row < rows; row++) {
      const [a, b] = [Number(columns[0]?.[row]), Number(columns[1]?.[row])]
      const code = components.link(a, b)
      if (code) refused.push({ a, b, code })
    }
  }
  return { components, refused }
}

async function readNodes(tx: Connection, graph: string, namespace: string): Promise<Int32Array> {
  const found: number[] = []
  for await (const { columns } of tx.chunks(sqlText`select nid from identity where graph = ${param(graph)} and namespace = ${param(namespace)}`)) for (const nid of columns[0] ?? []) found.push(Number(nid))
  return Int32Array.from(found)
}

const appendAtOnce = 100_000

async function writeMoved(tx: Connection, graph: string, components: Components): Promise<void> {
  const moved: (readonly [string, number, number, number])[] = []
  for await (const { rows, columns } of tx.chunks(sqlText`select nid, id from node where graph = ${param(graph)}`)) {
    for (let row = 0; row < rows; row++) {
      const [nid, id] = [Number(columns[0]?.[row]), Number(columns[1]?.[row])]
      const root = components.find(nid)
      if (root !== id) moved.push([graph, nid, id, root])
    }
  }
  for (let from = 0; from < moved.length; from += appendAtOnce) await tx.append(movedNode, moved.slice(from, from + appendAtOnce))
  if (moved.length === 0) return
  await tx.run(sqlText`delete from node where graph = ${param(graph)} and nid in (select nid from moved_node where graph = ${param(graph)})`)
  await tx.insert('node', sqlText`select graph, nid, new_id as id from moved_node where graph = ${param(graph)} order by nid`)
}
