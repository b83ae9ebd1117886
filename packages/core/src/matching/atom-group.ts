// The grouped pass over the rows of one relation: a word of yes-or-no atoms and the counts, sums … of each owner.
import type { RowScope } from '../expressions/ir.js'
import { type Condition, conditionSql, or } from '../expressions/sql/condition.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import type { AggregateSpec } from '../expressions/sql/row-plan.js'
import { type SqlText, empty, joined, name, param, sqlText } from '../kernel/sql-text.js'
import { type LinkedSource, type RowSource, type SourceRequest, rowSource } from './row-sources.js'
import { usesOf } from './uses.js'

export type AtomValue =
  | { readonly how: AggregateSpec['how']; readonly filter: Condition; readonly item?: SqlText }
  | { readonly how: 'first'; readonly filter: Condition; readonly item: SqlText; readonly order: readonly { readonly by: SqlText; readonly descending: boolean }[]; readonly end: 'first' | 'last' }

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
  readonly bitsPerWord: number
}

export interface GroupContext {
  readonly dialect: Dialect
  readonly scopeTable?: string
}

export function writeGroup(group: AtomGroup, context: GroupContext): SqlText {
  const [row, ...others] = group.rows
  if (!row) throw new RangeError('a group without rows')
  if (others.length > 0) return writeJoin(group, context)
  const source = rowSource(row.relation, group.source)
  return source.kind === 'linked' && group.level === 'thing' ? writeThings(group, row, source, context) : writeRows(group, row, source, context)
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
  const extras = needsExtras ? sqlText`join (${source.extras ?? empty}) x on x.owner = l.owner and x.item = l.item` : empty
  return sqlText`(select l.owner as owner${joined([...columns, ...order], ' ')} from (${group.repeatable ? source.links : source.pairs}) l join ${source.base} on b._id = l.item ${extras} where true${scoped(sqlText`l.owner`)}) ${name(row.scope)}`
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
  const any = or(...group.bits.map((each) => each.condition), ...group.values.map(({ value }) => value.filter))
  return any === true ? empty : sqlText`where ${conditionSql(any)}`
}

function atomColumns(group: AtomGroup, { dialect }: GroupContext, scope: string): readonly SqlText[] {
  const words = wordsOf(group).map((word, index) => sqlText`${dialect.anyBit(word)} as ${name(`w${String(index)}`)}`)
  const order = rowSource(group.rows[0]?.relation ?? '', group.source).order.map((_, index) => sqlText`${name(scope)}.${name(`_o${String(index)}`)}`)
  const values = group.values.map(({ value }, index) => sqlText`${valueSql(value, order, dialect)} as ${name(`v${String(index)}`)}`)
  return [...words, ...values]
}

/** The yes-or-no atoms of a row, each a bit. */
function wordsOf({ bits, bitsPerWord }: AtomGroup): readonly SqlText[] {
  const words: SqlText[] = []
  for (let from = 0; from < bits.length; from += bitsPerWord) {
    const part = bits.slice(from, from + bitsPerWord).map(({ condition }, bit) => (condition === true ? bitOf(bit) : sqlText`case when ${conditionSql(condition)} then ${bitOf(bit)} else 0 end`))
    words.push(joined(part, ' + '))
  }
  return words
}

export function bitOf(bit: number): SqlText {
  return sqlText`${param(2n ** BigInt(bit))}`
}

function valueSql(value: AtomValue, naturalOrder: readonly SqlText[], dialect: Dialect): SqlText {
  const filter = value.filter === true ? empty : sqlText` filter (where ${conditionSql(value.filter)})`
  switch (value.how) {
    case 'count':
      return sqlText`count(${value.item ?? sqlText`*`})${filter}`
    case 'count-distinct':
      return sqlText`count(distinct ${value.item ?? sqlText`1`})${filter}`
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

/** Atoms of linked things: worked out once per thing, then brought to the owners. */
function writeThings(group: AtomGroup, row: RowScope, source: LinkedSource, context: GroupContext): SqlText {
  const fields = [...(usesOf(everything(group), group.source).fields.get(row.scope) ?? [])]
  const columns = fields.map((each) => sqlText`, ${source.columns[each] ?? sqlText`null`} as ${name(each)}`)
  const through = source.through && group.values.every(({ value }) => value.how !== 'count-distinct' && value.how !== 'first') ? source.through : undefined
  const middle = through ? sqlText`, ${through.column} as _through` : empty
  const rows = sqlText`(select b._id as _id${middle}${joined(columns, ' ')} from ${source.base}) ${name(row.scope)}`
  const words = wordsOf(group).map((each, index) => sqlText`, ${each} as ${name(`w${String(index)}`)}`)
  const values = group.values.map(({ value }, index) => sqlText`, ${perThing(value)} as ${name(`x${String(index)}`)}`)
  const things = sqlText`select ${name(row.scope)}._id${through ? sqlText`, ${name(row.scope)}._through` : empty}${joined([...words, ...values], ' ')} from ${rows} ${prefilter(group)}`
  const scoped = context.scopeTable === undefined ? empty : sqlText`where l.owner in (select id from ${name(context.scopeTable)})`
  if (!through) {
    const pairs = group.repeatable ? source.links : source.pairs
    return sqlText`select l.owner, ${joined(gathered(group, context, 'things'), ', ')} from (${things}) t join (${pairs}) l on l.item = t._id ${scoped} group by l.owner`
  }
  const perMiddle = sqlText`select t._through, ${joined(gathered(group, context, 'things').map((each) => each), ', ')} from (${things}) t where t._through is not null group by t._through`
  return sqlText`select l.owner, ${joined(gathered(group, context, 'sums'), ', ')} from (${perMiddle}) t join (${through.pairs}) l on l.item = t._through ${scoped} group by l.owner`
}

/** What one thing adds to a value: the item where the filter lets it, NULL where not. */
function perThing(value: AtomValue): SqlText {
  const item = value.item ?? sqlText`1`
  return value.filter === true ? item : sqlText`case when ${conditionSql(value.filter)} then ${item} end`
}

/** `things`: from single things. `sums`: from what was gathered of them before. */
function gathered(group: AtomGroup, { dialect }: GroupContext, from: 'things' | 'sums'): readonly SqlText[] {
  const words = wordsOf(group).map((_, index) => sqlText`${dialect.anyBit(sqlText`t.${name(`w${String(index)}`)}`)} as ${name(`w${String(index)}`)}`)
  const values = group.values.map(({ value }, index) => {
    const column = sqlText`t.${name(`${from === 'things' ? 'x' : 'v'}${String(index)}`)}`
    return sqlText`${gather(value.how, column, from)} as ${name(`v${String(index)}`)}`
  })
  return [...words, ...values]
}

function gather(how: AtomValue['how'], column: SqlText, from: 'things' | 'sums'): SqlText {
  switch (how) {
    case 'count':
      return from === 'things' ? sqlText`count(${column})` : sqlText`sum(${column})`
    case 'count-distinct':
      return sqlText`count(distinct ${column})`
    case 'sum':
      return sqlText`sum(${column})`
    case 'sum-of-sizes':
      return from === 'things' ? sqlText`sum(abs(${column}))` : sqlText`sum(${column})`
    case 'max':
    case 'first':
      return sqlText`max(${column})`
    case 'min':
      return sqlText`min(${column})`
  }
}
