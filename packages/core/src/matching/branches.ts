// The passes over relations, as parts of one statement: groups that reach the owners by the same pairs go together.
import { sqlKey } from '../expressions/sql/condition.js'
import { type SqlText, empty, joined, name, sqlText } from '../kernel/sql-text.js'
import { type AtomGroup, type GroupContext, type ThingPass, findThingPairs, toThingPass, writeRowPass } from './atom-group.js'

/** `select owner, …` with the columns of one or several groups. */
export interface Branch {
  readonly alias: string
  readonly sql: SqlText
}

/** The branch that each group belongs to, by their aliases. */
export function toPlaces(groups: readonly AtomGroup[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>()
  return new Map(groups.map((group) => {
    const pairs = findThingPairs(group)
    const key = pairs ? sqlKey(pairs.sql) : group.alias
    const alias = first.get(key) ?? `from_${group.alias}`
    first.set(key, alias)
    return [group.alias, alias]
  }))
}

export function toBranches(groups: readonly AtomGroup[], context: GroupContext): readonly Branch[] {
  const places = toPlaces(groups)
  return [...new Set(places.values())].map((alias) => {
    const own = groups.filter((each) => places.get(each.alias) === alias)
    const passes = own.flatMap((each) => toThingPass(each, context) ?? [])
    const [first] = own
    return { alias, sql: passes.length > 0 || !first ? writeThingPasses(passes, context) : writeRowPass(first, context) }
  })
}

function writeThingPasses(passes: readonly ThingPass[], { scopeTable }: GroupContext): SqlText {
  const [first] = passes
  if (!first) return empty
  const scoped = scopeTable === undefined ? empty : sqlText`where l.owner in (select id from ${name(scopeTable)})`
  const perItem = passes.map((each) => each.perItem).reduce((left, right) => sqlText`select * from (${left}) full outer join (${right}) using (item)`)
  return sqlText`select l.owner, ${joined(passes.flatMap((each) => each.gathered), ', ')} from (${perItem}) t join (${first.pairs}) l on l.item = t.item ${scoped} group by l.owner`
}
