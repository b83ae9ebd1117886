// The grouped pass over the rows of one relation: a word of yes-or-no atoms and the counts, sums … of each owner.
import type { RowScope } from '../expressions/ir.js'
import { type Condition, conditionSql, or, sqlKey } from '../expressions/sql/condition.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import type { AggregateSpec, ValueKind } from '../expressions/sql/row-plan.js'
import { type SqlText, empty, joined, name, param, sqlText } from '../kernel/sql-text.js'
import { type LinkedSource, type RowSource, type SourceRequest, rowSource } from './row-sources.js'
import { usesOf } from './uses.js'

export type AtomValue =
  | { readonly how: AggregateSpec['how']; readonly filter: Condition; readonly item?: SqlText; readonly gives: ValueKind; readonly domain?: readonly string[] }
  | { readonly how: 'first'; readonly filter: Condition; readonly item: SqlText; readonly order: readonly { readonly by: SqlText; readonly descending: boolean }[]; readonly end: 'first' | 'last'; readonly gives: ValueKind }

export interface AtomGroup {
  readonly alias: string
  readonly rows: readonly RowScope[]
  /** `thing`: atoms read nothing but the linked thing's own fields, so they are worked out once per thing. */
  readonly level: 'thing' | 'row'
  readonly source: SourceRequest
  readonly bits: { readonly key: string; readonly condition: Condition }[]
  readonly values: { readonly key: string; readonly value: AtomValue }[]
  /** No earlier event is asked for by any atom. */
  readonly sinceMs: number | undefined
  /** It does no harm to see a row twice. */
  readonly repeatable: boolean
}

/** Words of groups never leave the engine, so they may be as wide as its integers. */
export const bitsPerGroupWord = 60

export interface GroupContext {
  readonly dialect: Dialect
  readonly scopeTable?: string
}

/** `select owner, …` with the columns of a group whose atoms belong to single rows. */
export function writeRowPass(group: AtomGroup, context: GroupContext): SqlText {
  const [row, ...others] = group.rows
  if (!row) throw new RangeError('a group without rows')
  if (others.length > 0) return writeJoin(group, context)
  return writeRows(group, row, rowSource(row.relation, group.source), context)
}

/** Atoms from the rows themselves, which name their owner. */
function writeRows(group: AtomGroup, row: RowScope, source: RowSource, context: GroupContext): SqlText {
  const rows = rowsOf(group, row, source, context)
  return sqlText`select ${name(row.scope)}.owner, ${joined(atomColumns(group, context, row.scope), ', ')} from ${rows} ${profileJoins(group, row.scope)} ${prefilter(group)} group by ${name(row.scope)}.owner`
}

function writeJoin(group: AtomGroup, context: GroupContext): SqlText {
  const [first, ...others] = group.rows
  if (!first) return empty
  const from = rowsOf(group, first, rowSource(first.relation, group.source), context)
  const joins = others.map((each) => sqlText`join ${rowsOf(group, each, rowSource(each.relation, group.source), context)} on ${name(each.scope)}.owner = ${name(first.scope)}.owner`)
  return sqlText`select ${name(first.scope)}.owner, ${joined(atomColumns(group, context, first.scope), ', ')} from ${from} ${joined(joins, ' ')} ${profileJoins(group, first.scope)} ${prefilter(group)} group by ${name(first.scope)}.owner`
}

/** `(select owner, "field", … ) r0` with the fields that the atoms read. */
function rowsOf(group: AtomGroup, row: RowScope, source: RowSource, context: GroupContext): SqlText {
  const fields = [...(usesOf(everything(group), group.source).fields.get(row.scope) ?? [])]
  const ordered = group.values.some(({ value }) => value.how === 'first')
  const order = ordered ? source.order.map((each, index) => sqlText`, ${each} as ${name(`_o${String(index)}`)}`) : []
  const scoped = (owner: SqlText): SqlText => (context.scopeTable === undefined ? empty : sqlText` and ${owner} in (select id from ${name(context.scopeTable)})`)
  if (source.kind === 'direct') {
    const columns = fields.map((each) => sqlText`, ${source.columns[each] ?? sqlText`null`} as ${name(each)}`)
    const since = group.sinceMs === undefined || row.relation !== 'events' ? empty : sqlText` and b."timestamp" >= ${context.dialect.instantOf(group.sinceMs)}`
    return sqlText`(select ${source.owner} as owner${joined([...columns, ...order], ' ')} from ${source.from} where ${source.owner} is not null${scoped(source.owner)}${since}) ${name(row.scope)}`
  }
  const columns = fields.map((each) => sqlText`, ${source.columns[each] ?? source.extraColumns[each] ?? sqlText`null`} as ${name(each)}`)
  const needsExtras = source.extras !== undefined && fields.some((each) => source.columns[each] === undefined)
  const pairs = needsExtras ? sqlText`(${source.extras?.(fields) ?? empty}) x` : sqlText`(${group.repeatable ? source.links : source.pairs}) x`
  return sqlText`(select x.owner as owner${joined([...columns, ...order], ' ')} from ${pairs} join ${source.base} on b._id = x.item where true${scoped(sqlText`x.owner`)}) ${name(row.scope)}`
}

function everything(group: AtomGroup): SqlText {
  const values = group.values.flatMap(({ value }) => [conditionSql(value.filter), ...(value.item ? [value.item] : []), ...(value.how === 'first' ? value.order.map((each) => each.by) : [])])
  return joined([...group.bits.map((each) => conditionSql(each.condition)), ...values], ' ')
}

function profileJoins(group: AtomGroup, scope: string): SqlText {
  const { readsProfile, readsMembers } = usesOf(everything(group), group.source)
  const profile = readsProfile ? sqlText`join ${name(group.source.entity)} p on p._id = ${name(scope)}.owner left join account parent on parent._id = ${group.source.entity === 'account' ? sqlText`p."parentKey_id"` : sqlText`null`}` : empty
  return readsMembers ? sqlText`${profile} left join ${name(`seen_${group.source.entity}`)} seen on seen.id = ${name(scope)}.owner` : profile
}

/** Rows that no atom takes need not be grouped. */
function prefilter(group: AtomGroup): SqlText {
  const all = [...group.bits.map((each) => each.condition), ...group.values.map(({ value }) => value.filter)]
  // Within a window most rows are taken by some atom, and asking twice costs more than it saves.
  if (group.sinceMs !== undefined && all.length > 3) return empty
  const any = or(...all)
  return any === true ? empty : sqlText`where ${conditionSql(any)}`
}

function atomColumns(group: AtomGroup, { dialect }: GroupContext, scope: string): readonly SqlText[] {
  const words = wordsOf(group).map((word, index) => sqlText`${dialect.anyBit(word)} as ${wordName(group, index)}`)
  const order = rowSource(group.rows[0]?.relation ?? '', group.source).order.map((_, index) => sqlText`${name(scope)}.${name(`_o${String(index)}`)}`)
  const values = group.values.map(({ value }, index) => sqlText`${valueSql(value, order, dialect)} as ${valueName(group, index)}`)
  return [...words, ...values]
}

/** The yes-or-no atoms of a row, each a bit. */
function wordsOf({ bits }: AtomGroup): readonly SqlText[] {
  const words: SqlText[] = []
  for (let from = 0; from < bits.length; from += bitsPerGroupWord) {
    const part = bits.slice(from, from + bitsPerGroupWord).map(({ condition }, bit) => (condition === true ? bitOf(bit) : sqlText`case when ${conditionSql(condition)} then ${bitOf(bit)} else 0 end`))
    words.push(joined(part, ' + '))
  }
  return words
}

export function bitOf(bit: number): SqlText {
  return sqlText`${param(2n ** BigInt(bit))}`
}

/** Few different values: a bit for each. */
function numbered(item: SqlText, domain: readonly string[]): SqlText {
  return sqlText`case ${item} ${joined(domain.map((each, bit) => sqlText`when ${param(each)} then ${bitOf(bit)}`), ' ')} end`
}

function valueSql(value: AtomValue, naturalOrder: readonly SqlText[], dialect: Dialect): SqlText {
  const filter = value.filter === true ? empty : sqlText` filter (where ${conditionSql(value.filter)})`
  switch (value.how) {
    case 'count':
      return sqlText`count(${value.item ?? sqlText`*`})${filter}`
    case 'count-distinct':
      return value.domain ? dialect.countBits(dialect.anyBit(sqlText`${numbered(value.item ?? sqlText`1`, value.domain)}`), filter) : sqlText`count(distinct ${value.item ?? sqlText`1`})${filter}`
    case 'sum':
      return sqlText`sum(${value.item ?? sqlText`1`})${filter}`
    case 'sum-of-sizes':
      return sqlText`sum(abs(${value.item ?? sqlText`1`}))${filter}`
    case 'max':
      return sqlText`max(${value.item ?? sqlText`1`})${filter}`
    case 'min':
      return sqlText`min(${value.item ?? sqlText`1`})${filter}`
    case 'first': {
      // JSONata sorts rows without the key last, in either direction, and leaves equals in their natural order.
      const [up, down] = value.end === 'first' ? ([sqlText`asc nulls last`, sqlText`desc nulls last`] as const) : ([sqlText`desc nulls first`, sqlText`asc nulls first`] as const)
      const keys = value.order.map(({ by, descending }) => sqlText`${by} ${descending ? down : up}`)
      const natural = naturalOrder.map((each) => sqlText`${each} ${value.end === 'first' ? sqlText`asc nulls last` : sqlText`desc nulls first`}`)
      return dialect.firstBy(value.item, joined([...keys, ...natural], ', '), conditionSql(value.filter))
    }
  }
}

export function wordName({ alias }: AtomGroup, index: number): SqlText {
  return name(`${alias}w${String(index)}`)
}

/** Whether a profile has the bit, from the group's own columns. */
export function bitOfGroup(group: AtomGroup, bit: number, dialect: Dialect): SqlText {
  return dialect.hasBit(wordName(group, Math.floor(bit / bitsPerGroupWord)), bit % bitsPerGroupWord)
}

export function valueName({ alias }: AtomGroup, index: number): SqlText {
  return name(`${alias}v${String(index)}`)
}

/** Linked things whose atoms are worked out once per thing, and how these get to the owners. */
export interface ThingPass {
  /** `item` and the atoms' columns, a row per thing, or per middle thing that the things hang on. */
  readonly perItem: SqlText
  readonly pairs: SqlText
  /** Passes with the same pairs go to the owners together. */
  readonly key: string
  /** The columns as they come out for an owner. */
  readonly gathered: readonly SqlText[]
}

/** Undefined where atoms belong to single rows of the relation. */
export function toThingPass(group: AtomGroup, { dialect }: GroupContext): ThingPass | undefined {
  const [row] = group.rows
  const source = row ? rowSource(row.relation, group.source) : undefined
  if (!row || source?.kind !== 'linked' || group.level !== 'thing') return undefined
  const through = source.through && group.values.every(({ value }) => value.how !== 'count-distinct' && value.how !== 'first') ? source.through : undefined
  const things = thingsOf(group, row, source)
  if (!through) {
    const pairs = group.repeatable ? source.links : source.pairs
    return { perItem: things, pairs, key: sqlKey(pairs), gathered: gather(group, dialect, 'things') }
  }
  const perItem = sqlText`select t.item, ${joined(gather(group, dialect, 'things'), ', ')} from (${things}) t where t.item is not null group by t.item`
  return { perItem, pairs: through.pairs, key: sqlKey(through.pairs), gathered: gather(group, dialect, 'sums') }
}

function thingsOf(group: AtomGroup, row: RowScope, source: LinkedSource): SqlText {
  const fields = [...(usesOf(everything(group), group.source).fields.get(row.scope) ?? [])]
  const columns = fields.map((each) => sqlText`, ${source.columns[each] ?? sqlText`null`} as ${name(each)}`)
  const item = source.through && group.values.every(({ value }) => value.how !== 'count-distinct' && value.how !== 'first') ? source.through.column : sqlText`b._id`
  const rows = sqlText`(select ${item} as item${joined(columns, ' ')} from ${source.base}) ${name(row.scope)}`
  const words = wordsOf(group).map((each, index) => sqlText`, ${each} as ${wordName(group, index)}`)
  const values = group.values.map(({ value }, index) => sqlText`, ${perThing(value)} as ${valueName(group, index)}`)
  return sqlText`select ${name(row.scope)}.item${joined([...words, ...values], ' ')} from ${rows} ${prefilter(group)}`
}

/** What one thing adds to a value: the item where the filter lets it, NULL where not. */
function perThing(value: AtomValue): SqlText {
  const item = value.how === 'sum-of-sizes' ? sqlText`abs(${value.item ?? sqlText`1`})` : (value.item ?? sqlText`1`)
  return value.filter === true ? item : sqlText`case when ${conditionSql(value.filter)} then ${item} end`
}

/** `things`: from single things. `sums`: from what was gathered of them before. */
function gather(group: AtomGroup, dialect: Dialect, from: 'things' | 'sums'): readonly SqlText[] {
  const words = wordsOf(group).map((_, index) => sqlText`${dialect.anyBit(sqlText`t.${wordName(group, index)}`)} as ${wordName(group, index)}`)
  const values = group.values.map(({ value }, index) => sqlText`${gatherValue(value.how, sqlText`t.${valueName(group, index)}`, from)} as ${valueName(group, index)}`)
  return [...words, ...values]
}

function gatherValue(how: AtomValue['how'], column: SqlText, from: 'things' | 'sums'): SqlText {
  switch (how) {
    case 'count':
      return from === 'things' ? sqlText`count(${column})::double` : sqlText`sum(${column})`
    case 'count-distinct':
      return sqlText`count(distinct ${column})`
    case 'sum':
    case 'sum-of-sizes':
      return sqlText`sum(${column})`
    case 'max':
    case 'first':
      return sqlText`max(${column})`
    case 'min':
      return sqlText`min(${column})`
  }
}
