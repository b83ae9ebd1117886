// One statement for all segments of a pass: what they ask of each relation is computed once (its atoms), in one grouped pass
// over its rows; a last pass over the profiles combines the atoms. Yes-or-no atoms share the bits of a word.
import type { RowScope } from '../expressions/ir.js'
import { type Condition, conditionSql, or, sqlKey } from '../expressions/sql/condition.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import type { AggregateSpec, FieldIr, FirstSpec, ObjectPart, RowPlan } from '../expressions/sql/row-plan.js'
import { type SqlText, empty, joined, name, sqlText } from '../kernel/sql-text.js'
import { type AtomGroup, type AtomValue, writeGroup } from './atom-group.js'
import { type SourceRequest, columnsOf, parentColumns, rootColumns, rowSource } from './row-sources.js'
import { usesOf } from './uses.js'

export interface AtomPlanRequest {
  readonly dialect: Dialect
  /** The column of `seen` that has the memberships of another segment. */
  readonly memberColumns: Readonly<Record<string, string>>
  /** A table with the ids to look at; everybody when absent. */
  readonly scopeTable?: string
}

const bitsPerWord = 60

/** Collects atoms while segments are turned into SQL, then writes what comes before the last pass. */
export class AtomPlan {
  readonly #groups = new Map<string, AtomGroup>()
  #usesParent = false
  #usesMembers = false
  #entity = 'person'

  constructor(private readonly request: AtomPlanRequest) {}

  /** The plan as one segment sees it, with its own ways to accounts and opportunities. */
  for(source: SourceRequest): RowPlan {
    this.#entity = source.entity
    return {
      field: (field) => this.field(field, source),
      fieldsUnder: (part) => this.fieldsUnder(part, source),
      id: () => sqlText`p._id::varchar`,
      member: (segment) => this.member(segment),
      any: (rows, condition, sinceMs) => this.any(rows, condition, { source, sinceMs }),
      aggregate: (rows, spec) => this.aggregate(rows, spec, source),
      first: (row, spec) => this.first(row, spec, source),
    }
  }

  /** `with` clauses and joins of the last pass over the profiles `p`. */
  write(): { readonly groups: SqlText; readonly joins: SqlText } {
    const groups = [...this.#groups.values()]
    const written = groups.map((each) => sqlText`${name(each.alias)} as (${writeGroup(each, this.request)})`)
    const joins = [
      ...groups.map((each) => sqlText`left join ${name(each.alias)} on ${name(each.alias)}.owner = p._id`),
      ...(this.#usesParent ? [sqlText`left join account parent on parent._id = p."parentKey_id"`] : []),
      ...(this.#usesMembers ? [sqlText`left join ${name(`seen_${this.#entity}`)} seen on seen.id = p._id`] : []),
    ]
    return { groups: written.length === 0 ? empty : sqlText`with ${joined(written, ', ')}`, joins: joined(joins, ' ') }
  }

  private field({ scope, object, relation, field }: FieldIr, source: SourceRequest): SqlText {
    if (scope !== 'root') return relation !== undefined && Object.hasOwn(columnsOf(rowSource(relation, source)), field) ? sqlText`${name(scope)}.${name(field)}` : sqlText`null`
    if (object === 'parent') this.#usesParent = true
    const columns = object === 'parent' ? parentColumns(source.entities) : rootColumns(source.entities, source.entity)
    return columns[field] ?? sqlText`null`
  }

  private fieldsUnder({ scope, object, relation, prefix }: ObjectPart, source: SourceRequest): readonly SqlText[] {
    if (scope !== 'root') {
      const fields = Object.keys(relation === undefined ? {} : columnsOf(rowSource(relation, source)))
      return fields.filter((each) => each.startsWith(prefix)).map((each) => sqlText`${name(scope)}.${name(each)}`)
    }
    if (object === 'parent') this.#usesParent = true
    const columns = object === 'parent' ? parentColumns(source.entities) : rootColumns(source.entities, source.entity)
    return Object.entries(columns).filter(([each]) => each.startsWith(prefix)).map(([, column]) => column)
  }

  private member(segment: string): Condition {
    const column = this.request.memberColumns[segment]
    if (column === undefined) return false
    this.#usesMembers = true
    return sqlText`coalesce(seen.${name(column)}, false)`
  }

  private any(rows: readonly RowScope[], condition: Condition, { source, sinceMs }: { readonly source: SourceRequest; readonly sinceMs: number | undefined }): Condition {
    if (condition === false) return false
    const [row, ...others] = rows
    if (row?.relation === 'opportunities' && others.length === 0 && source.paths.opportunities === 'any' && source.entity === 'person' && usesOf(conditionSql(condition), source).isOfThing) {
      // Through either way: no need to know which opportunities come through both.
      const [byRole, byAccount] = (['role', 'account'] as const).map((opportunities) => this.any(rows, condition, { source: { ...source, paths: { ...source.paths, opportunities } }, sinceMs }))
      return or(byRole ?? false, byAccount ?? false)
    }
    const group = this.group(rows, { sql: conditionSql(condition), source, sinceMs, repeatable: true })
    const key = sqlKey(conditionSql(condition))
    const known = group.bits.findIndex((each) => each.key === key)
    const bit = known >= 0 ? known : group.bits.push({ key, condition }) - 1
    return sqlText`coalesce(${this.request.dialect.hasBit(sqlText`${name(group.alias)}.${name(`w${String(Math.floor(bit / bitsPerWord))}`)}`, bit % bitsPerWord)}, false)`
  }

  private aggregate(rows: readonly RowScope[], spec: AggregateSpec, source: SourceRequest): SqlText {
    const isCount = spec.how === 'count' || spec.how === 'count-distinct'
    if (spec.filter === false) return isCount ? sqlText`0::double` : sqlText`null::double`
    const sql = spec.item ? sqlText`${conditionSql(spec.filter)} ${spec.item}` : conditionSql(spec.filter)
    const group = this.group(rows, { sql, source, sinceMs: spec.sinceMs, repeatable: spec.how === 'max' || spec.how === 'min' || spec.how === 'count-distinct' })
    const column = this.value(group, { how: spec.how, filter: spec.filter, ...(spec.item ? { item: spec.item } : {}) })
    return isCount ? sqlText`coalesce(${column}, 0)::double` : column
  }

  private first(row: RowScope, spec: FirstSpec, source: SourceRequest): SqlText {
    if (spec.filter === false) return sqlText`null`
    const order = spec.order.map((each) => each.by)
    const sql = joined([conditionSql(spec.filter), spec.item, ...order], ' ')
    const group = this.group([row], { sql, source, sinceMs: spec.sinceMs, repeatable: true, needsOrder: true })
    return this.value(group, { how: 'first', filter: spec.filter, item: spec.item, order: spec.order, end: spec.end })
  }

  private value(group: AtomGroup, value: AtomValue): SqlText {
    const key = `${value.how} ${value.how === 'first' ? value.end : ''} ${sqlKey(conditionSql(value.filter))} ${value.item ? sqlKey(value.item) : ''} ${value.how === 'first' ? value.order.map((each) => `${sqlKey(each.by)} ${String(each.descending)}`).join() : ''}`
    const known = group.values.findIndex((each) => each.key === key)
    const index = known >= 0 ? known : group.values.push({ key, value }) - 1
    return sqlText`${name(group.alias)}.${name(`v${String(index)}`)}`
  }

  /** The group that an atom belongs to: one per relation, way and kind of pass; joins of several relations stand alone. */
  private group(rows: readonly RowScope[], atom: { readonly sql: SqlText; readonly source: SourceRequest; readonly sinceMs: number | undefined; readonly repeatable: boolean; readonly needsOrder?: boolean }): AtomGroup {
    const uses = usesOf(atom.sql, atom.source)
    const isJoin = rows.length > 1
    const level = isJoin || !uses.isOfThing || atom.needsOrder === true ? 'row' : 'thing'
    const { paths } = atom.source
    const ways = rows.map(({ relation }) => (relation === 'opportunities' ? `${relation}:${paths.opportunities}:${paths.opportunities === 'role' ? '' : paths.accounts}` : relation === 'accounts' || relation === 'people' ? `${relation}:${paths.accounts}` : relation))
    const key = `${level} ${ways.join(' ')} ${rows.map((each) => each.scope).join(' ')} ${isJoin ? sqlKey(atom.sql) : ''}`
    const known = this.#groups.get(key)
    const group: AtomGroup = known ?? { alias: `g${String(this.#groups.size)}`, rows, level, source: atom.source, bits: [], values: [], sinceMs: atom.sinceMs, repeatable: atom.repeatable, bitsPerWord }
    const widened: AtomGroup = { ...group, sinceMs: group.sinceMs === undefined || atom.sinceMs === undefined ? undefined : Math.min(group.sinceMs, atom.sinceMs), repeatable: group.repeatable && atom.repeatable }
    this.#groups.set(key, widened)
    return widened
  }
}
