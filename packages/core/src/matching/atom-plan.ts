// Collects what segments ask of each relation while they are turned into SQL: their atoms, each known once, in groups that one
// pass over the rows works out. Their columns have names of their own wherever they are used: `g2v1` is a value, `g2b7` a yes or no,
// which is a bit of some word in the end.
import type { RowScope } from '../expressions/ir.js'
import { type Condition, conditionSql, or, sqlKey } from '../expressions/sql/condition.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import type { AggregateSpec, FieldIr, FirstSpec, ObjectPart, RowPlan } from '../expressions/sql/row-plan.js'
import { type SqlText, joined, name, sqlText } from '../kernel/sql-text.js'
import { type AtomGroup, type AtomValue, bitColumn, nulls } from './atom-group.js'
import { type SourceRequest, columnsOf, parentColumns, rootColumns, rowSource } from './row-sources.js'
import { usesOf } from './uses.js'

export interface AtomPlanRequest {
  readonly dialect: Dialect
  /** The column of `seen` that has the memberships of another segment. */
  readonly memberColumns: Readonly<Record<string, string>>
}

interface AtomPlace {
  readonly source: SourceRequest
  readonly sinceMs: number | undefined
  /** It does no harm to see a row twice. */
  readonly repeatable: boolean
  readonly needsOrder?: boolean
}

export class AtomPlan {
  readonly #groups = new Map<string, AtomGroup>()

  constructor(private readonly request: AtomPlanRequest) {}

  get groups(): readonly AtomGroup[] {
    return [...this.#groups.values()]
  }

  /** The plan as one segment sees it, with its own ways to accounts and opportunities. */
  for(source: SourceRequest): RowPlan {
    return {
      field: (field) => toColumn(field, source),
      fieldsUnder: (part) => toColumnsUnder(part, source),
      id: () => sqlText`p._id::varchar`,
      isNonNegative: ({ relation, field }) => source.nonNegative?.has(`${relation ?? ''}.${field}`) === true,
      addsUpExactly: ({ relation, field }) => source.exactSums?.has(`${relation ?? ''}.${field}`) === true,
      member: (segment) => this.member(segment),
      any: (rows, condition, sinceMs) => this.any(rows, condition, { source, sinceMs, repeatable: true }),
      aggregate: (rows, spec) => this.aggregate(rows, spec, source),
      first: (row, spec) => this.first(row, spec, source),
    }
  }

  private member(segment: string): Condition {
    const column = this.request.memberColumns[segment]
    return column === undefined ? false : sqlText`seen.${name(column)}`
  }

  private any(rows: readonly RowScope[], condition: Condition, place: AtomPlace): Condition {
    if (condition === false) return false
    const { source } = place
    const [row, ...others] = rows
    if (row?.relation === 'opportunities' && others.length === 0 && source.paths.opportunities === 'any' && source.entity === 'person' && usesOf(conditionSql(condition), source).isOfThing) {
      // Through either way: no need to know which opportunities come through both.
      return or(...(['role', 'account'] as const).map((opportunities) => this.any(rows, condition, { ...place, source: { ...source, paths: { ...source.paths, opportunities } } })))
    }
    const group = this.group(rows, conditionSql(condition), place)
    const key = sqlKey(conditionSql(condition))
    const known = group.bits.findIndex((each) => each.key === key)
    const bit = known >= 0 ? known : group.bits.push({ key, condition }) - 1
    return bitColumn(group, bit)
  }

  private aggregate(rows: readonly RowScope[], spec: AggregateSpec, source: SourceRequest): SqlText {
    const isCount = spec.how === 'count' || spec.how === 'count-distinct'
    if (spec.filter === false) return isCount ? sqlText`0::double` : nulls[spec.gives]
    const sql = spec.item ? sqlText`${conditionSql(spec.filter)} ${spec.item}` : conditionSql(spec.filter)
    const group = this.group(rows, sql, { source, sinceMs: spec.sinceMs, repeatable: spec.how === 'max' || spec.how === 'min' || spec.how === 'count-distinct' })
    const domain = spec.how === 'count-distinct' && spec.item ? domainOf(spec.item, group) : undefined
    const column = addValue(group, { how: spec.how, filter: spec.filter, gives: spec.gives, ...(spec.item ? { item: spec.item } : {}), ...(domain ? { domain } : {}) })
    return isCount ? sqlText`coalesce(${column}, 0)::double` : column
  }

  private first(row: RowScope, spec: FirstSpec, source: SourceRequest): SqlText {
    if (spec.filter === false) return nulls[spec.gives]
    const sql = joined([conditionSql(spec.filter), spec.item, ...spec.order.map((each) => each.by)], ' ')
    const group = this.group([row], sql, { source, sinceMs: spec.sinceMs, repeatable: true, needsOrder: true })
    return addValue(group, { how: 'first', filter: spec.filter, item: spec.item, order: spec.order, end: spec.end, gives: spec.gives })
  }

  /** The group that an atom belongs to: one per relation, way and kind of pass; joins of several relations stand alone. */
  private group(rows: readonly RowScope[], sql: SqlText, { source, sinceMs, repeatable, needsOrder = false }: AtomPlace): AtomGroup {
    const isJoin = rows.length > 1
    const level = isJoin || needsOrder || !usesOf(sql, source).isOfThing ? 'row' : 'thing'
    const ways = rows.map(({ relation, scope }) => `${scope} ${relation} ${wayOf(relation, source)}`)
    const key = `${level} ${ways.join(' ')} ${isJoin ? sqlKey(sql) : ''}`
    const group = this.#groups.get(key) ?? { alias: `g${String(this.#groups.size)}`, rows, level, source, bits: [], values: [], sinceMs, repeatable }
    const widened: AtomGroup = { ...group, sinceMs: group.sinceMs === undefined || sinceMs === undefined ? undefined : Math.min(group.sinceMs, sinceMs), repeatable: group.repeatable && repeatable }
    this.#groups.set(key, widened)
    return widened
  }
}

/** All values that the field can have, where they are few and known. */
function domainOf(item: SqlText, { rows, source, level }: AtomGroup): readonly string[] | undefined {
  const [, field] = /^"r\d+"\."((?:[^"]|"")+)"$/.exec(sqlKey(item)) ?? []
  const relation = rows[0]?.relation ?? ''
  if (field === undefined || (level === 'thing' && rowSource(relation, source).kind === 'linked')) return undefined
  return source.domains?.get(`${relation}.${field.replaceAll('""', '"')}`)
}

function wayOf(relation: string, { paths }: SourceRequest): string {
  if (relation === 'opportunities') return paths.opportunities === 'role' ? 'role' : `${paths.opportunities} ${paths.accounts}`
  return relation === 'accounts' || relation === 'people' ? paths.accounts : ''
}

function addValue(group: AtomGroup, value: AtomValue): SqlText {
  const order = value.how === 'first' ? [value.end, ...value.order.map((each) => `${sqlKey(each.by)} ${String(each.descending)}`)] : []
  const key = [value.how, sqlKey(conditionSql(value.filter)), value.item ? sqlKey(value.item) : '', ...order].join(' | ')
  const known = group.values.findIndex((each) => each.key === key)
  const index = known >= 0 ? known : group.values.push({ key, value }) - 1
  return name(`${group.alias}v${String(index)}`)
}

function toColumn({ scope, object, relation, field }: FieldIr, source: SourceRequest): SqlText {
  if (scope !== 'root') return relation !== undefined && Object.hasOwn(columnsOf(rowSource(relation, source)), field) ? sqlText`${name(scope)}.${name(field)}` : sqlText`null`
  return (object === 'parent' ? parentColumns(source.entities) : rootColumns(source.entities, source.entity))[field] ?? sqlText`null`
}

function toColumnsUnder({ scope, object, relation, prefix }: ObjectPart, source: SourceRequest): readonly SqlText[] {
  if (scope !== 'root') {
    const fields = Object.keys(relation === undefined ? {} : columnsOf(rowSource(relation, source)))
    return fields.filter((each) => each.startsWith(prefix)).map((each) => sqlText`${name(scope)}.${name(each)}`)
  }
  const columns = object === 'parent' ? parentColumns(source.entities) : rootColumns(source.entities, source.entity)
  return Object.entries(columns).filter(([each]) => each.startsWith(prefix)).map(([, column]) => column)
}
