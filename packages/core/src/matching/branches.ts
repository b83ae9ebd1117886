// The passes over relations, as parts of one statement: groups that reach the owners by the same pairs go together.
import { type SqlText, empty, joined, name, sqlText } from '../kernel/sql-text.js'
import { type AtomGroup, type GroupContext, type ThingPass, toThingPass, writeRowPass } from './atom-group.js'

/** `select owner, …` with the columns of one or several groups. */
export interface Branch {
  readonly alias: string
  readonly groups: readonly AtomGroup[]
  readonly sql: SqlText
}

export function toBranches(groups: readonly AtomGroup[], context: GroupContext): readonly Branch[] {
  const together = new Map<string, { readonly group: AtomGroup; readonly pass: ThingPass }[]>()
  const alone: Branch[] = []
  for (const group of groups) {
    const pass = toThingPass(group, context)
    if (pass) together.set(pass.key, [...(together.get(pass.key) ?? []), { group, pass }])
    else alone.push({ alias: `b${group.alias}`, groups: [group], sql: writeRowPass(group, context) })
  }
  const merged = [...together.values()].map((passes): Branch => ({ alias: `b${passes[0]?.group.alias ?? ''}`, groups: passes.map((each) => each.group), sql: writeThingPasses(passes.map((each) => each.pass), context) }))
  return [...merged, ...alone]
}

function writeThingPasses(passes: readonly ThingPass[], { scopeTable }: GroupContext): SqlText {
  const [first] = passes
  if (!first) return empty
  const scoped = scopeTable === undefined ? empty : sqlText`where l.owner in (select id from ${name(scopeTable)})`
  const perItem = passes.map((each) => each.perItem).reduce((left, right) => sqlText`select * from (${left}) full outer join (${right}) using (item)`)
  return sqlText`select l.owner, ${joined(passes.flatMap((each) => each.gathered), ', ')} from (${perItem}) t join (${first.pairs}) l on l.item = t.item ${scoped} group by l.owner`
}
