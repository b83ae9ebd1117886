// The part of a graph that a change of links can reach: the components at the ends of the changed links and, because a link that
// was refused may be accepted now, those that any link of theirs leads to. Components elsewhere cannot change.
import { param, sqlText } from '../../kernel/sql-text.js'
import type { Connection } from '../../stores/store.js'

/** From `changed_link(a, b)` to `area_node(nid, id)` and `area_link(a, b, seq)`; the whole graph when `everywhere`. */
export async function collectArea(tx: Connection, graphName: string, everywhere: boolean): Promise<void> {
  const graph = param(graphName)
  if (everywhere) {
    await tx.temporaryFrom('area_node', sqlText`select nid, id from node where graph = ${graph}`)
    await tx.temporaryFrom('area_link', sqlText`select a, b, seq from link where graph = ${graph}`)
    return
  }
  await tx.temporaryFrom('area', sqlText`select distinct id from node where graph = ${graph} and nid in (select a from changed_link union all select b from changed_link)`)
  for (;;) {
    await tx.temporaryFrom('area_node', sqlText`select nid, id from node where graph = ${graph} and id in (select id from area)`)
    await tx.temporaryFrom('area_link', sqlText`select a, b, seq from link where graph = ${graph} and (a in (select nid from area_node) or b in (select nid from area_node))`)
    const beyond = await tx.temporaryFrom('beyond', sqlText`select nid from (select a as nid from area_link union select b from area_link) where nid not in (select nid from area_node)`)
    if (beyond === 0) return
    await tx.run(sqlText`insert into area select distinct id from node where graph = ${graph} and nid in (select nid from beyond)`)
  }
}
