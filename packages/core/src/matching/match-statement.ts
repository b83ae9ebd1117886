// The statement that finds who matches: one word of bits per 50 segments and profile, and a second one with the bits that
// the store cannot decide. All segments of a group go through the tables together.
import type { Truth } from '../expressions/sql/condition.js'
import { type Condition, conditionSql, exactly, undecided } from '../expressions/sql/condition.js'
import { lower } from '../expressions/lowering/lower.js'
import { toRootShape } from '../expressions/root-shape.js'
import type { SyntaxNode } from '../expressions/syntax-tree.js'
import { toTruthSql } from '../expressions/sql/to-sql.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import { type SqlText, joined, name, param, sqlText } from '../kernel/sql-text.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import { bitOf } from './atom-group.js'
import { AtomPlan } from './atom-plan.js'
import { type Facts, noFacts } from './facts.js'
import { writeLastPass } from './last-pass.js'
import type { HowMatched, SegmentRule } from './match.js'
import type { Entities } from './row-sources.js'

/** Bits of a word: so many that a word is a whole number of JavaScript, too. */
export const bitsPerWord = 50

/** A segment's place in the words: `bit` counts over all words. */
export interface PlacedRule {
  readonly rule: SegmentRule
  readonly bit: number
  readonly tree: SyntaxNode | undefined
}

export interface StatementRequest {
  readonly entities: Entities
  readonly entity: ProfileEntity
  readonly rules: readonly PlacedRule[]
  readonly nowMs: number
  readonly dialect: Dialect
  readonly memberColumns: Readonly<Record<string, string>>
  readonly scopeTable?: string
  readonly facts?: Facts
}

export interface MatchStatement {
  readonly sql: SqlText
  /** What is known of each segment, in the order of the rules. */
  readonly truths: readonly Truth[]
  /** Words that have bits (`w0`), and those with bits that may be undecided (`u0`). */
  readonly words: readonly number[]
  readonly undecidedWords: readonly number[]
}

/** `select id, w0 …, u0 …`, a row per profile. */
export function writeMatchStatement(request: StatementRequest): MatchStatement {
  const plan = new AtomPlan(request)
  const truths = request.rules.map((placed) => toTruth(placed, plan, request))
  const bits = request.rules.map(({ bit }, index) => ({ bit, truth: truths[index] ?? exactly(false) }))
  const words = [...new Set(bits.map(({ bit }) => Math.floor(bit / bitsPerWord)))].sort((a, b) => a - b)
  const doubts = bits.map(({ bit, truth }) => ({ bit, condition: undecided(truth) })).filter(({ condition }) => condition !== false)
  const undecidedWords = words.filter((word) => doubts.some(({ bit }) => Math.floor(bit / bitsPerWord) === word))
  const musts = bits.map(({ truth }) => truth.must)
  const sql = writeLastPass([...musts, ...doubts.map((each) => each.condition)], (rewritten) => {
    const must = bits.map(({ bit }, index) => ({ bit, condition: rewritten[index] ?? false }))
    const doubt = doubts.map(({ bit }, index) => ({ bit, condition: rewritten[musts.length + index] ?? false }))
    return joined([
      ...words.map((word) => sqlText`, ${wordSql(word, must)} as ${name(`w${String(word)}`)}`),
      ...undecidedWords.map((word) => sqlText`, ${wordSql(word, doubt)} as ${name(`u${String(word)}`)}`),
    ], ' ')
  }, { ...request, groups: plan.groups })
  return { sql, truths, words, undecidedWords }
}

/** Who decides, by what is known of a segment before any data is looked at. */
export function howItRuns(truth: Truth | undefined): HowMatched['ran'] {
  if (!truth || undecided(truth) === false) return 'sql'
  return truth.must === false && truth.may === true ? 'closure' : 'guarded'
}

function toTruth({ rule, tree }: PlacedRule, plan: AtomPlan, { entities, entity, nowMs, dialect, facts = noFacts }: StatementRequest): Truth {
  if (!tree) return exactly(false)
  const ir = lower({ tree, text: rule.expression, shape: toRootShape(entities, entity), bindings: { nowMs, vars: rule.vars } })
  return toTruthSql(ir, { plan: plan.for({ entities, entity, paths: rule.paths, ...facts }), dialect })
}

function wordSql(word: number, bits: readonly { readonly bit: number; readonly condition: Condition }[]): SqlText {
  const own = bits.filter(({ bit, condition }) => Math.floor(bit / bitsPerWord) === word && condition !== false)
  if (own.length === 0) return sqlText`0::bigint`
  const terms = own.map(({ bit, condition }) => (condition === true ? bitOf(bit % bitsPerWord) : sqlText`case when ${conditionSql(condition)} then ${bitOf(bit % bitsPerWord)} else ${param(0n)} end`))
  return sqlText`(${joined(terms, ' + ')})::bigint`
}
