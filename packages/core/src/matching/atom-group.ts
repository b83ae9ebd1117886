// The grouped pass over the rows of one relation: a word of yes-or-no atoms and the counts, sums … of each owner.
import type { RowScope } from '../expressions/ir.js'
import { type Condition, conditionSql, or } from '../expressions/sql/condition.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import type { AggregateSpec, ValueKind } from '../expressions/sql/row-plan.js'
import { type SqlText, empty, joined, name, param, sqlText } from '../kernel/sql-text.js'
import { type LinkedSource, type RowSource, type SourceRequest, columnsOf, rowSource } from './row-sources.js'
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

/** Where the yes-or-no atoms of a group are kept: by their index, the column and the bit. */
export type BitLayout = ReadonlyMap<number, { readonly column: string; readonly bit: number }>

export interface GroupContext {
  readonly dialect: Dialect
  readonly layoutOf: (group: AtomGroup) => BitLayout
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
  const columns = fields.map((each) => sqlText`, ${columnsOf(source)[each] ?? sqlText`null`} as ${name(each)}`)
  const pairs = source.extras && fields.some((each) => source.columns[each] === undefined) ? sqlText`(${source.extras(fields)}) x` : sqlText`(${group.repeatable ? source.links : source.pairs}) x`
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

function atomColumns(group: AtomGroup, context: GroupContext, scope: string): readonly SqlText[] {
  const { dialect } = context
  const words = wordsOf(group, context).map(({ column, sql }) => sqlText`${dialect.anyBit(sql)} as ${name(column)}`)
  const order = rowSource(group.rows[0]?.relation ?? '', group.source).order.map((_, index) => sqlText`${name(scope)}.${name(`_o${String(index)}`)}`)
  const values = group.values.map(({ value }, index) => sqlText`${valueSql(value, order, dialect)} as ${valueName(group, index)}`)
  return [...words, ...values]
}

/** The columns that the bits of a group are in. */
export function wordColumnsOf(layout: BitLayout): readonly string[] {
  return [...new Set([...layout.values()].map((each) => each.column))].sort()
}

/** The yes-or-no atoms of a row, each a bit. */
function wordsOf(group: AtomGroup, { layoutOf }: GroupContext): readonly { readonly column: string; readonly sql: SqlText }[] {
  const layout = layoutOf(group)
  return wordColumnsOf(layout).map((column) => {
    const bits = group.bits.flatMap(({ condition }, index) => {
      const place = layout.get(index)
      if (place?.column !== column) return []
      return [condition === true ? bitOf(place.bit) : sqlText`case when ${conditionSql(condition)} then ${bitOf(place.bit)} else 0 end`]
    })
    return { column, sql: joined(bits, ' + ') }
  })
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
      return value.domain && value.domain.length > 0 ? dialect.countBits(dialect.anyBit(sqlText`${numbered(value.item ?? sqlText`1`, value.domain)}`), filter) : sqlText`count(distinct ${value.item ?? sqlText`1`})${filter}`
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

/** Stands for a yes-or-no atom until it has its place. */
export function bitColumn({ alias }: AtomGroup, bit: number): SqlText {
  return name(`${alias}b${String(bit)}`)
}

export const nulls: Readonly<Record<ValueKind, SqlText>> = { number: sqlText`null::double`, text: sqlText`null::varchar`, instant: sqlText`null::timestamp`, boolean: sqlText`null::boolean` }

export function valueName({ alias }: AtomGroup, index: number): SqlText {
  return name(`${alias}v${String(index)}`)
}

/** Linked things whose atoms are worked out once per thing, and how these get to the owners. */
export interface ThingPass {
  /** `item` and the atoms' columns, a row per thing, or per middle thing that the things hang on. */
  readonly perItem: SqlText
  readonly pairs: SqlText
  /** The columns as they come out for an owner. */
  readonly gathered: readonly SqlText[]
}

export interface ThingPairs {
  readonly sql: SqlText
  /** They are pairs of owners and middle things. */
  readonly isThrough: boolean
}

/** The pairs by which a group's things get to their owners; undefined where atoms belong to single rows of the relation. */
export function findThingPairs(group: AtomGroup): ThingPairs | undefined {
  const [row] = group.rows
  const source = row ? rowSource(row.relation, group.source) : undefined
  if (source?.kind !== 'linked' || group.level !== 'thing') return undefined
  const canAddUp = group.values.every(({ value }) => value.how !== 'count-distinct' && value.how !== 'first')
  if (source.through && canAddUp) return { sql: source.through.pairs, isThrough: true }
  return { sql: group.repeatable ? source.links : source.pairs, isThrough: false }
}

export function toThingPass(group: AtomGroup, context: GroupContext): ThingPass | undefined {
  const [row] = group.rows
  const pairs = findThingPairs(group)
  const source = row ? rowSource(row.relation, group.source) : undefined
  if (!row || !pairs || source?.kind !== 'linked') return undefined
  const things = thingsOf(group, row, { item: pairs.isThrough && source.through ? source.through.column : sqlText`b._id`, source, context })
  if (!pairs.isThrough) return { perItem: things, pairs: pairs.sql, gathered: gather(group, context, 'things') }
  const perItem = sqlText`select t.item, ${joined(gather(group, context, 'things'), ', ')} from (${things}) t where t.item is not null group by t.item`
  return { perItem, pairs: pairs.sql, gathered: gather(group, context, 'sums') }
}

function thingsOf(group: AtomGroup, row: RowScope, { item, source, context }: { readonly item: SqlText; readonly source: LinkedSource; readonly context: GroupContext }): SqlText {
  const fields = [...(usesOf(everything(group), group.source).fields.get(row.scope) ?? [])]
  const columns = fields.map((each) => sqlText`, ${source.columns[each] ?? sqlText`null`} as ${name(each)}`)
  const rows = sqlText`(select ${item} as item${joined(columns, ' ')} from ${source.base}) ${name(row.scope)}`
  const words = wordsOf(group, context).map(({ column, sql }) => sqlText`, ${sql} as ${name(column)}`)
  const values = group.values.map(({ value }, index) => sqlText`, ${perThing(value)} as ${valueName(group, index)}`)
  return sqlText`select ${name(row.scope)}.item${joined([...words, ...values], ' ')} from ${rows} ${prefilter(group)}`
}

/** What one thing adds to a value: the item where the filter lets it, NULL where not. */
function perThing(value: AtomValue): SqlText {
  const item = value.how === 'sum-of-sizes' ? sqlText`abs(${value.item ?? sqlText`1`})` : (value.item ?? sqlText`1`)
  return value.filter === true ? item : sqlText`case when ${conditionSql(value.filter)} then ${item} end`
}

/** `things`: from single things. `sums`: from what was gathered of them before. */
function gather(group: AtomGroup, { dialect, layoutOf }: GroupContext, from: 'things' | 'sums'): readonly SqlText[] {
  const words = wordColumnsOf(layoutOf(group)).map((column) => sqlText`${dialect.anyBit(sqlText`t.${name(column)}`)} as ${name(column)}`)
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
