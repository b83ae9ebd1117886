// Typed form → SQL. A condition becomes a triple (must, may, fails); a scalar becomes SQL with what is not sure about it.
// What has no form widens the triple, so that the rows in question are decided by the closure.
import { type SqlText, joined, param, sqlText } from '../../kernel/sql-text.js'
import { functions } from '../functions/index.js'
import { isTrue } from '../is-true.js'
import { type Ir, type RowScope, type Rows, type ScalarType, typeOfField } from '../ir.js'
import { allParts } from '../ir-parts.js'
import { type Condition, type Truth, allTrue, and, anyTrue, bothTrue, chosen, conditionSql, exactly, negated, not, or, undecided, unknown, yesOrNo } from './condition.js'
import { operators, oddOf, toleranceOf } from './arithmetic-sql.js'
import { guarded, truthOf } from './cast-sql.js'
import { compareSql } from './compare-sql.js'
import type { Dialect } from './dialect.js'
import { toSqlPattern } from './regex-sql.js'
import type { AggregateSpec, RowPlan, ValueKind } from './row-plan.js'
import { findSince } from './since.js'
import { type SqlScalar, isAsciiText, plain } from './value.js'

export interface SqlContext {
  readonly plan: RowPlan
  readonly dialect: Dialect
}

/** @example toTruthSql(lower(…), {plan, dialect}).must // SQL of who is surely in */
export function toTruthSql(ir: Ir, context: SqlContext): Truth {
  return new Writer(context, false).truth(ir)
}

class Writer {
  constructor(
    private readonly context: SqlContext,
    /** Inside an aggregate there is no second one. */
    private readonly inRow: boolean,
  ) {}

  truth(ir: Ir): Truth {
    switch (ir.kind) {
      case 'missing':
        return exactly(false)
      case 'constant':
        // Casting an infinite number is an error (D1001).
        return typeof ir.value === 'number' && Math.abs(ir.value) === Infinity ? exactly(false, true) : exactly(isTrue(ir.value))
      case 'after':
        return this.after(ir)
      case 'compare':
        return this.compare(ir)
      case 'logic':
        return this.chain(ir)
      case 'cast':
        return ir.negated ? negated(this.truth(ir.truth), this.truth(ir.present)) : this.truth(ir.truth)
      case 'truth':
        return this.truth(ir.of)
      case 'exists':
        return this.exists(ir.of)
      case 'choose':
        return chosen(this.truth(ir.condition), this.truth(ir.then), this.truth(ir.else))
      case 'in-values':
        return this.inValues(ir)
      case 'in-strings':
        return this.inStrings(ir)
      case 'matches':
        return this.matches(ir)
      case 'strings-truth':
        return this.ofList(ir.list, (list) => sqlText`array_to_string(${list}, '') <> ''`)
      case 'strings-equal':
        return this.ofList(ir.list, (list) => sqlText`${list} = ${param(ir.values)}`)
      case 'object-present':
        return exactly(or(...this.context.plan.fieldsUnder(ir).map((each): Condition => sqlText`${each} is not null`)))
      case 'any':
        return this.any(ir.rows)
      case 'member':
        return exactly(this.context.plan.member(ir.segment))
      case 'single':
        return this.singleTruth(ir)
      case 'opaque':
        return unknown
      case 'field':
      case 'id':
      case 'arithmetic':
      case 'join-text':
      case 'call':
      case 'strings-length':
      case 'count':
      case 'aggregate':
      case 'pick':
        return this.scalarTruth(ir)
    }
  }

  /** What comes first is evaluated, whether it is needed or not, and may fail. */
  private after({ first, then }: Extract<Ir, { kind: 'after' }>): Truth {
    const truth = this.truth(then)
    return { ...truth, fails: or(truth.fails, ...first.map((each) => this.truth(each).fails)) }
  }

  /** `a and b and c`: written at once, however long. */
  private chain(ir: Extract<Ir, { kind: 'logic' }>): Truth {
    const operands: Ir[] = []
    let left: Ir = ir
    for (; left.kind === 'logic' && left.op === ir.op; left = operandOf(left.left)) operands.unshift(left.right)
    const truths = [left, ...operands].map((each) => this.truth(each))
    return ir.op === 'and' ? allTrue(truths) : anyTrue(truths)
  }

  private scalarTruth(ir: Ir): Truth {
    const value = this.value(ir)
    return value ? truthOf(value, this.context.dialect) : unknown
  }

  /** Several values are true when any of them is. */
  private singleTruth({ rows, item }: Extract<Ir, { kind: 'single' }>): Truth {
    return this.any({ ...rows, where: [...rows.where, { kind: 'truth', of: item }] })
  }

  private exists(of: Ir): Truth {
    // A segment that somebody is not in has no entry.
    if (of.kind === 'member') return this.truth(of)
    if (of.kind === 'after') return this.after({ ...of, then: { kind: 'exists', of: of.then } })
    if (of.kind === 'single') return this.any({ ...of.rows, where: [...of.rows.where, { kind: 'exists', of: of.item }] })
    if (of.kind === 'field' && typeOfField(of.stored) === undefined) return exactly(sqlText`${this.context.plan.field(of)} is not null`)
    const value = this.value(of)
    if (!value) return of.kind === 'missing' ? exactly(false) : unknown
    const present: Condition = value.nullable ? sqlText`${value.sql} is not null` : true
    return guarded(present, value)
  }

  private compare({ op, left, right }: Extract<Ir, { kind: 'compare' }>): Truth {
    const [a, b] = [this.value(left), this.value(right)]
    // Whatever the other side: nothing equals what is missing.
    if ((left.kind === 'missing' && b) || (right.kind === 'missing' && a)) return exactly(false, or(a?.fails ?? false, b?.fails ?? false))
    return a && b ? compareSql(op, a, b, this.context.dialect) : unknown
  }

  private inValues({ item, values }: Extract<Ir, { kind: 'in-values' }>): Truth {
    const value = this.value(item)
    if (!value) return item.kind === 'missing' ? exactly(false) : unknown
    const alike = values.filter((each) => typeof each === value.type)
    if (alike.length === 0) return exactly(false, or(value.fails, value.unsure))
    const list = joined(alike.map((each) => param(each)), ', ')
    const found = sqlText`${this.text(value)} in (${list})`
    const mapped: Condition = value.mappedFrom !== undefined && !alike.every((each) => isAsciiText(String(each))) ? sqlText`not ${this.context.dialect.isLatin(value.mappedFrom)}` : false
    const several: Condition = value.several ?? false
    return guarded(and(not(several), found), { ...value, unsure: or(value.unsure, mapped, value.tolerance === undefined ? false : true) })
  }

  private inStrings({ item, list }: Extract<Ir, { kind: 'in-strings' }>): Truth {
    const value = this.value(item)
    if (!value) return item.kind === 'missing' ? exactly(false) : unknown
    if (value.type !== 'string') return exactly(false, or(value.fails, value.unsure))
    if (value.mappedFrom !== undefined) return unknown
    return this.ofList(list, (column) => this.context.dialect.listContains(column, this.text(value)), value)
  }

  private matches({ text, pattern, flags }: Extract<Ir, { kind: 'matches' }>): Truth {
    const value = this.value(text)
    const found = toSqlPattern(pattern, flags)
    if (text.kind === 'missing') return exactly(false)
    if (!value || !found || value.type !== 'string' || value.mappedFrom !== undefined) return unknown
    const sql = this.text(value)
    const matched = this.context.dialect.matches(sql, found.pattern)
    return guarded(matched, found.exactFor === 'ascii' ? { ...value, unsure: or(value.unsure, this.notAscii(sql)) } : value)
  }

  private ofList(list: Ir, form: (column: SqlText) => SqlText, operand?: SqlScalar): Truth {
    if (list.kind === 'missing') return exactly(false)
    if (list.kind !== 'field') return unknown
    const condition = form(this.context.plan.field(list))
    return operand ? guarded(condition, operand) : exactly(condition)
  }

  private any(rows: Rows): Truth {
    if (this.inRow) return unknown
    const passed = this.passes(rows)
    const since = findSince(rows)
    const any = (condition: Condition): Condition => this.context.plan.any(rows.scopes, condition, since?.ms)
    const must = any(passed.must)
    return { must, may: passed.may === passed.must ? must : any(passed.may), fails: this.anyFails(rows, passed.fails) }
  }

  /** Old rows may fail, too, unless the time is asked first. */
  private anyFails(rows: Rows, fails: Condition): Condition {
    const since = findSince(rows)
    // Side by side with no other row, a row is asked all the same.
    const before = rows.scopes.slice(1).map((_, index) => {
      const scopes = rows.scopes.slice(0, index + 1)
      return this.context.plan.any(scopes, this.passes({ scopes, where: rows.where.filter((each) => readsOnly(each, scopes)) }).fails)
    })
    return or(...before, this.context.plan.any(rows.scopes, fails, since?.isSafe === true ? since.ms : undefined))
  }

  /** All conditions of the rows, in the context of a row. */
  private passes(rows: Rows): Truth {
    const row = new Writer(this.context, true)
    return rows.where.reduce((all, each) => bothTrue(all, row.truth(each)), exactly(true))
  }

  value(ir: Ir): SqlScalar | undefined {
    switch (ir.kind) {
      case 'constant':
        return constantValue(ir.value)
      case 'field':
        return this.fieldValue(ir)
      case 'id':
        return { ...plain(this.context.plan.id(), 'string'), nullable: false }
      case 'arithmetic':
        return this.arithmetic(ir)
      case 'join-text':
        return this.joinText(ir)
      case 'call':
        return this.call(ir)
      case 'choose':
        return this.choose(ir)
      case 'strings-length':
        return ir.list.kind === 'field' ? { ...plain(sqlText`coalesce(len(${this.context.plan.field(ir.list)}), 0)::double`, 'number'), nullable: false, tame: true } : undefined
      case 'count':
        return this.count(ir)
      case 'aggregate':
        return this.aggregate(ir)
      case 'single':
        return this.single(ir)
      case 'pick':
        return this.pick(ir)
      case 'after': {
        const value = this.value(ir.then)
        return value ? { ...value, fails: or(value.fails, ...ir.first.map((each) => this.truth(each).fails)) } : undefined
      }
      case 'missing':
      case 'opaque':
        return undefined
      case 'compare':
      case 'logic':
      case 'cast':
      case 'truth':
      case 'exists':
      case 'in-values':
      case 'in-strings':
      case 'matches':
      case 'strings-truth':
      case 'strings-equal':
      case 'object-present':
      case 'any':
      case 'member':
        return this.booleanValue(ir)
    }
  }

  private fieldValue(ir: Extract<Ir, { kind: 'field' }>): SqlScalar | undefined {
    const type = typeOfField(ir.stored)
    if (type === undefined) return undefined
    const value: SqlScalar = { ...plain(this.context.plan.field(ir), type), form: ir.stored === 'timestamp' ? 'instant' : 'plain' }
    return ir.stored === 'date' ? { ...value, isDate: true } : value
  }

  /** A yes or no as a value: missing where its operands say so. */
  private booleanValue(ir: Ir): SqlScalar | undefined {
    const truth = this.truth(ir)
    if (truth.must !== truth.may && truth.must === false && truth.may === true) return undefined
    const sql = yesOrNo(truth.must)
    const present = this.presence(ir)
    if (present === undefined) return undefined
    const value: SqlScalar = { ...plain(sql, 'boolean'), nullable: false, unsure: or(undecided({ ...truth, fails: false }), undecided({ ...present, fails: false })), fails: or(truth.fails, present.fails) }
    return present.must === true ? value : { ...value, nullable: true, sql: sqlText`case when ${conditionSql(present.must)} then ${sql} end` }
  }

  private presence(ir: Ir): Truth | undefined {
    if (ir.kind === 'cast') return this.truth(ir.present)
    if (ir.kind === 'compare' && ir.op !== '=' && ir.op !== '!=') return bothTrue(this.exists(ir.left), this.exists(ir.right))
    if (ir.kind === 'matches') return this.exists(ir.text)
    if (ir.kind === 'member') return this.truth(ir)
    return exactly(true)
  }

  private arithmetic({ op, left, right }: Extract<Ir, { kind: 'arithmetic' }>): SqlScalar | undefined {
    const [a, b] = [this.value(left), this.value(right)]
    if (!a || !b || a.type !== 'number' || b.type !== 'number') return undefined
    const tolerance = toleranceOf(op, a, b)
    if (tolerance === undefined && (a.tolerance ?? b.tolerance) !== undefined) return undefined
    const strange = [a, b].filter((each) => each.odd !== undefined).map((each): Condition => sqlText`not ${this.context.dialect.isFinite(each.sql)}`)
    const value = plain(sqlText`(${a.sql} ${operators[op]} ${b.sql})`, 'number', [a, b])
    const odd = oddOf(op, a, b)
    return { ...value, fails: or(value.fails, a.several ?? false, b.several ?? false, ...strange), ...(odd === undefined ? {} : { odd }), ...(tolerance === undefined ? {} : { tolerance }) }
  }

  private joinText({ left, right }: Extract<Ir, { kind: 'join-text' }>): SqlScalar | undefined {
    const [a, b] = [left, right].map((each): SqlScalar | undefined => (each.kind === 'missing' ? { ...plain(param(''), 'string'), nullable: false } : this.value(each)))
    if (!a || !b || a.type !== 'string' || b.type !== 'string' || a.mappedFrom !== undefined || b.mappedFrom !== undefined) return undefined
    const text = (value: SqlScalar): SqlText => (value.nullable ? sqlText`coalesce(${this.text(value)}, '')` : this.text(value))
    return { ...plain(sqlText`(${text(a)} || ${text(b)})`, 'string', [a, b]), nullable: false }
  }

  private call({ name, args }: Extract<Ir, { kind: 'call' }>): SqlScalar | undefined {
    const values = args.map((each) => this.value(each))
    const known = values.filter((each) => each !== undefined)
    if (known.length < values.length) return undefined
    // Several values for one parameter are an error of the call.
    const several = or(...known.map((each) => each.several ?? false))
    const value = functions.get(name)?.sql?.(known, { dialect: this.context.dialect, text: (each) => this.text(each) })
    return value && several !== false ? { ...value, fails: or(value.fails, several) } : value
  }

  private choose({ condition, then, else: otherwise }: Extract<Ir, { kind: 'choose' }>): SqlScalar | undefined {
    const picked = this.truth(condition)
    const [a, b] = [this.value(then), this.value(otherwise)]
    if ((!a && then.kind !== 'missing') || (!b && otherwise.kind !== 'missing')) return undefined
    const type = a?.type ?? b?.type
    if (type === undefined || (a && b && a.type !== b.type)) return undefined
    if (a?.tolerance ?? b?.tolerance ?? a?.mappedFrom ?? b?.mappedFrom) return undefined
    const [x, y] = [a ? this.text(a) : sqlText`null`, b ? this.text(b) : sqlText`null`]
    const keepsForm = a && b ? a.form === b.form : true
    const one = a ?? b
    const odd = a?.odd ?? b?.odd
    return {
      sql: sqlText`case when ${conditionSql(picked.must)} then ${keepsForm && a ? a.sql : x} else ${keepsForm && b ? b.sql : y} end`,
      type, form: keepsForm ? (one?.form ?? 'plain') : 'plain', nullable: !a || !b || a.nullable || b.nullable,
      unsure: or(undecided({ ...picked, fails: false }), and(picked.may, a?.unsure ?? false), and(not(picked.must), b?.unsure ?? false)),
      fails: or(picked.fails, and(picked.may, a?.fails ?? false), and(not(picked.must), b?.fails ?? false)),
      ...(odd === undefined ? {} : { odd }),
    }
  }

  private count({ rows, item, distinct }: Extract<Ir, { kind: 'count' }>): SqlScalar | undefined {
    return this.overRows(rows, item, (filter, value) => {
      const sql = this.grouped(rows, { how: distinct ? 'count-distinct' : 'count', filter, gives: 'number', ...(value ? { item: value.sql } : {}) })
      return { ...plain(sql, 'number'), nullable: false, tame: true, withoutRows: 0 }
    })
  }

  private aggregate({ how, rows, item }: Extract<Ir, { kind: 'aggregate' }>): SqlScalar | undefined {
    return this.overRows(rows, item, (filter, value) => {
      if (value?.type !== 'number' || value.odd === 'nan' || value.tolerance !== undefined) return undefined
      if (how === 'max' || how === 'min') return { ...plain(this.grouped(rows, { how, item: value.sql, filter, gives: 'number' }), 'number'), withoutRows: null }
      const sum = this.grouped(rows, { how: 'sum', item: value.sql, filter, gives: 'number' })
      const sizes = isWhole(item) || (item.kind === 'field' && this.context.plan.addsUpExactly(item)) ? undefined : item.kind === 'field' && this.context.plan.isNonNegative(item) ? sum : this.grouped(rows, { how: 'sum-of-sizes', item: value.sql, filter, gives: 'number' })
      // Adding up in another order moves a sum by less than this (n times the unit of rounding, for a million terms).
      const tolerance = sizes === undefined ? {} : { tolerance: sqlText`(${sizes} * 1e-10)`, ...(sizes === sum ? { toleranceShare: 1e-10 } : {}) }
      if (how === 'sum') return { ...plain(sum, 'number'), odd: 'infinite', withoutRows: null, ...tolerance }
      const count = this.grouped(rows, { how: 'count', item: value.sql, filter, gives: 'number' })
      const perRow = sizes === undefined ? {} : { tolerance: sqlText`(${sizes} / greatest(${count}, 1) * 1e-10)` }
      return { ...plain(sqlText`(${sum} / nullif(${count}, 0))`, 'number'), odd: 'infinite', ...perRow }
    })
  }

  private grouped(rows: Rows, spec: AggregateSpec): SqlText {
    return this.context.plan.aggregate(rows.scopes, { ...spec, sinceMs: findSince(rows)?.ms })
  }

  private single({ rows, item, more }: Extract<Ir, { kind: 'single' }>): SqlScalar | undefined {
    return this.overRows(rows, item, (filter, value) => {
      if (!value || value.mappedFrom !== undefined || value.tolerance !== undefined) return undefined
      const sql = value.type === 'boolean' ? sqlText`(${value.sql})::integer` : value.sql
      const count = this.grouped(rows, { how: 'count', item: value.sql, filter, gives: 'number' })
      const lowest = this.grouped(rows, { how: 'min', item: sql, filter, gives: value.type === 'boolean' ? 'number' : kindOf(value) })
      const several: Condition = sqlText`${count} > 1`
      const only = sqlText`case when ${count} = 1 then ${value.type === 'boolean' ? sqlText`(${lowest} <> 0)` : lowest} end`
      const found: SqlScalar = { ...plain(only, value.type), form: value.form, ...(value.odd === undefined ? {} : { odd: value.odd }) }
      if (more === 'fails') return { ...found, fails: several }
      return more === 'matches nothing' ? found : { ...found, several }
    })
  }

  private pick({ rows, order, position, item }: Extract<Ir, { kind: 'pick' }>): SqlScalar | undefined {
    const [row, ...others] = rows.scopes
    if (!row || others.length > 0 || (position !== 0 && position !== -1)) return undefined
    const writer = new Writer(this.context, true)
    const keys = order.map(({ by, descending }) => ({ value: writer.value(by), descending }))
    // Text is sorted by code units in JSONata and by bytes in the store: dates and numbers alone are the same in both.
    const sortable = keys.every(({ value }, index) => value?.unsure === false && value.fails === false && (value.type === 'number' || value.form === 'instant' || isDate(order[index]?.by)))
    if (!sortable) return undefined
    const needed = order.filter((each) => each.needed === true).map((each) => each.by)
    return this.overRows(rows, undefined, (filter) => {
      const value = writer.value(item)
      if (!value || value.unsure !== false || value.fails !== false) return undefined
      const placeless = or(...needed.map((each): Condition => and(filter, not(writer.truth({ kind: 'exists', of: each }).must))))
      const by = keys.flatMap(({ value: key, descending }) => (key ? [{ by: key.sql, descending }] : []))
      return { ...plain(this.context.plan.first(row, { item: value.sql, filter, order: by, gives: kindOf(value), end: position === 0 ? 'first' : 'last', sinceMs: findSince(rows)?.ms }), value.type), form: value.form, unsure: this.context.plan.any(rows.scopes, placeless) }
    })
  }

  /** What an aggregate shares with the others: rows of which it is not known whether they pass make the whole unsure. */
  private overRows(rows: Rows, item: Ir | undefined, make: (filter: Condition, value: SqlScalar | undefined) => SqlScalar | undefined): SqlScalar | undefined {
    if (this.inRow) return undefined
    const value = item ? new Writer(this.context, true).value(item) : undefined
    if (item && !value) return undefined
    const passed = this.passes(rows)
    const found = make(passed.must, value)
    if (!found) return undefined
    const unsure = this.context.plan.any(rows.scopes, or(undecided({ ...passed, fails: false }), and(passed.may, value?.unsure ?? false)), findSince(rows)?.ms)
    const fails = this.anyFails(rows, or(passed.fails, and(passed.may, value?.fails ?? false)))
    return { ...found, unsure: or(found.unsure, unsure), fails: or(found.fails, fails) }
  }

  private text(value: SqlScalar): SqlText {
    return value.form === 'instant' ? this.context.dialect.instantText(value.sql) : value.sql
  }

  private notAscii(text: SqlText): Condition {
    return sqlText`not (${this.context.dialect.isAscii(text)})`
  }
}

function readsOnly(ir: Ir, scopes: readonly RowScope[]): boolean {
  return [...allParts(ir)].every((each) => (each.kind !== 'field' && each.kind !== 'object-present') || each.scope === 'root' || scopes.some(({ scope }) => scope === each.scope))
}

/** A yes or no is its own truth. */
function operandOf(ir: Ir): Ir {
  return ir.kind === 'truth' && ir.of.kind === 'logic' ? ir.of : ir
}

function constantValue(value: string | number | boolean | null): SqlScalar | undefined {
  if (value === null) return { ...plain(sqlText`null`, 'null'), nullable: false }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return undefined
    const number: SqlScalar = { ...plain(sqlText`${param(value)}::double`, 'number'), nullable: false, constant: value }
    return Math.abs(value) < tameLimit ? { ...number, tame: true } : number
  }
  return { ...plain(param(value), typeof value as ScalarType), nullable: false, constant: value }
}

const tameLimit = 1e16

/** Adding up whole numbers is exact in any order. */
function isWhole(item: Ir): boolean {
  return item.kind === 'strings-length' || item.kind === 'count' || (item.kind === 'field' && item.stored === 'integer') || (item.kind === 'constant' && Number.isInteger(item.value))
}

function kindOf({ type, form }: SqlScalar): ValueKind {
  if (form === 'instant') return 'instant'
  return type === 'number' || type === 'boolean' ? type : 'text'
}

function isDate(ir: Ir | undefined): boolean {
  return ir?.kind === 'field' && ir.stored === 'date'
}
