// Why a profile is in or not: each clause of a condition with its value for this profile, what it read, and whether it decides.
// The evaluation of a part is handed in; nothing here knows where the profile comes from.
import { type Json, isJsonArray, isJsonObject } from '../kernel/json.js'
import type { ClauseKind, ClauseRole, ClauseTree } from './clauses.js'
import type { Outcome, TextRange } from './expression.js'
import { toVerdict } from './is-true.js'
import { type ReadPath, findReadPaths } from './read-paths.js'
import type { SyntaxNode } from './syntax-tree.js'

/** `declined`: this part cannot be evaluated by itself. */
export type PartOutcome = Outcome | { readonly declined: string }

export type Evaluate = (part: SyntaxNode) => PartOutcome

export type ClauseValue =
  | { readonly is: 'true' | 'false'; readonly result?: Json }
  /** No value at all, which counts as false. */
  | { readonly is: 'missing' }
  | { readonly is: 'error'; readonly code: string; readonly message: string }
  | { readonly is: 'unknown'; readonly reason: string }

/** What a condition read of the profile. */
export type ClauseRead =
  | { readonly kind: 'value'; readonly text: string; readonly value?: Json }
  /** `sample`: of the rows that pass, or of all where none does, the fields that the filters read. */
  | { readonly kind: 'rows'; readonly text: string; readonly rows: number; readonly passing?: number; readonly sample: readonly Json[] }

export interface Clause {
  readonly kind: ClauseKind
  readonly role?: ClauseRole
  readonly range: TextRange
  readonly text: string
  readonly value: ClauseValue
  /** False where an earlier clause has settled it, so that the value does not matter. */
  readonly reached: boolean
  /** The verdict is what it is because of this one. */
  readonly decides: boolean
  readonly reads: readonly ClauseRead[]
  readonly parts: readonly Clause[]
}

/** @example explainClauses(toClauses(tree, text), evaluate).parts[0].value // {is: 'true'} */
export function explainClauses(clause: ClauseTree, evaluate: Evaluate): Clause {
  return explain(clause, { evaluate, reached: true, decides: true })
}

interface Context {
  readonly evaluate: Evaluate
  readonly reached: boolean
  readonly decides: boolean
}

function explain(clause: ClauseTree, context: Context): Clause {
  const { evaluate, reached, decides } = context
  const values = clause.parts.map((each) => toValue(evaluate(each.tree)))
  const value = toValue(evaluate(clause.tree))
  const own = { kind: clause.kind, ...(clause.role === undefined ? {} : { role: clause.role }), range: clause.range, text: clause.text, value, reached, decides }
  if (clause.parts.length === 0) return { ...own, reads: readsOf(clause, evaluate), parts: [] }
  const course = courseOf(clause.kind, values)
  const parts = clause.parts.map((each, index) => explain(each, { evaluate, reached: reached && course.reached(index), decides: decides && course.decides(index) }))
  return { ...own, reads: [], parts }
}

function toValue(outcome: PartOutcome): ClauseValue {
  if ('declined' in outcome) return { is: 'unknown', reason: outcome.declined }
  const verdict = toVerdict(outcome)
  if (!outcome.ok) return { is: 'error', code: outcome.code, message: outcome.message }
  if (verdict.is === 'error') return { is: 'error', code: verdict.code, message: 'Number out of range' }
  if (outcome.value === undefined) return { is: 'missing' }
  return { is: verdict.is === 'in' ? 'true' : 'false', ...(typeof outcome.value === 'boolean' ? {} : { result: outcome.value }) }
}

/** How the parts of a clause are gone through: which are reached, and which of those settle it. */
interface Course {
  reached(index: number): boolean
  decides(index: number): boolean
}

function courseOf(kind: ClauseKind, values: readonly ClauseValue[]): Course {
  switch (kind) {
    case 'and':
      return untilSettled(values, (each) => each.is === 'false' || each.is === 'missing')
    case 'or':
      return untilSettled(values, (each) => each.is === 'true')
    case 'choice': {
      const taken = values[0]?.is === 'true' ? 1 : values[0]?.is === 'error' ? 0 : 2
      const isOnTheWay = (index: number): boolean => index === 0 || index === taken
      return { reached: isOnTheWay, decides: isOnTheWay }
    }
    case 'not':
    case 'condition':
      return { reached: () => true, decides: () => true }
  }
}

/** The first part that settles it, or fails, decides alone; where none does, all of them do. */
function untilSettled(values: readonly ClauseValue[], settles: (value: ClauseValue) => boolean): Course {
  const end = values.findIndex((each) => each.is === 'error' || settles(each))
  return { reached: (index) => end < 0 || index <= end, decides: (index) => end < 0 || index === end }
}

const sampleSize = 3

function readsOf(clause: ClauseTree, evaluate: Evaluate): readonly ClauseRead[] {
  return findReadPaths(clause).flatMap((path) => toReads(path, evaluate))
}

function toReads(path: ReadPath, evaluate: Evaluate): readonly ClauseRead[] {
  const value = valueOf(path.tree, evaluate)
  if (value.declined) return []
  const all = path.list ? valueOf(path.list.all, evaluate) : undefined
  if (!path.list || !all || all.declined || !isList(all.value)) return [{ kind: 'value', text: path.text, ...(value.value === undefined ? {} : { value: value.value }) }]
  const passed = path.list.passing ? valueOf(path.list.passing, evaluate) : undefined
  const passing = passed ? countOf(passed) : undefined
  const fields = path.list.fields
  const sample = fields.length === 0 ? [] : sampleOf(all.value, passed).map((each) => pickFields(each, fields))
  const rows: ClauseRead = { kind: 'rows', text: path.list.text, rows: all.value.length, ...(passing === undefined ? {} : { passing }), sample }
  return path.list.goesOn ? [rows, { kind: 'value', text: path.text, ...(value.value === undefined ? {} : { value: value.value }) }] : [rows]
}

/** The first rows that pass; the last ones where none does, which of events are the latest. */
function sampleOf(all: readonly Json[], passed: Found | undefined): readonly Json[] {
  const value = passed?.value
  if (value === undefined) return all.slice(-sampleSize)
  return isJsonArray(value) ? value.slice(0, sampleSize) : [value]
}

interface Found {
  readonly value?: Json
  readonly declined: boolean
}

function valueOf(part: SyntaxNode, evaluate: Evaluate): Found {
  const outcome = evaluate(part)
  if ('declined' in outcome || !outcome.ok) return { declined: true }
  return { declined: false, ...(outcome.value === undefined ? {} : { value: outcome.value }) }
}

function countOf({ value, declined }: Found): number | undefined {
  if (declined) return undefined
  if (value === undefined) return 0
  return isJsonArray(value) ? value.length : 1
}

/** Rows rather than a list of plain values. */
function isList(value: Json | undefined): value is readonly Json[] {
  return value !== undefined && isJsonArray(value) && value.every(isJsonObject)
}

function pickFields(row: Json, fields: readonly string[]): Json {
  const found = fields.flatMap((field) => {
    const value = lookUp(row, field.split('.'))
    return value === undefined ? [] : [[field, value] as const]
  })
  return Object.fromEntries(found)
}

function lookUp(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [first, ...rest] = path
  if (first === undefined) return value
  return value !== undefined && isJsonObject(value) && Object.hasOwn(value, first) ? lookUp(value[first], rest) : undefined
}
