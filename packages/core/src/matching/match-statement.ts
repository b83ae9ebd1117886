// The statement that finds who matches: one word of bits per 50 segments and profile, and a second one with the bits that
// the store cannot decide. All segments of a group go through the tables together.
import { type Truth, exactly, undecided } from '../expressions/sql/condition.js'
import { lower } from '../expressions/lowering/lower.js'
import { type RootShape, toRootShape } from '../expressions/root-shape.js'
import type { SyntaxNode } from '../expressions/syntax-tree.js'
import { toTruthSql } from '../expressions/sql/to-sql.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import type { SqlText } from '../kernel/sql-text.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import { AtomPlan } from './atom-plan.js'
import { placeOf } from './bit-places.js'
import { type Facts, noFacts } from './facts.js'
import { type ProfilePart, writeLastPass } from './last-pass.js'
import type { HowMatched, SegmentRule } from './match.js'
import type { Entities } from './row-sources.js'

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
  readonly profilePart?: ProfilePart
}

/** `select id, w0 …, u0 …`, a row per profile. */
export function writeMatchStatement(request: StatementRequest): MatchStatement {
  const plan = new AtomPlan(request)
  const shape = toRootShape(request.entities, request.entity)
  const truths = request.rules.map((placed) => toTruth(placed, { plan, shape }, request))
  const bits = request.rules.map(({ bit }, index) => ({ bit, truth: truths[index] ?? exactly(false) }))
  const words = [...new Set(bits.map(({ bit }) => placeOf(bit).word))].sort((a, b) => a - b)
  const doubts = bits.map(({ bit, truth }) => ({ bit, condition: undecided(truth) })).filter(({ condition }) => condition !== false)
  const undecidedWords = words.filter((word) => doubts.some(({ bit }) => placeOf(bit).word === word))
  const pass = writeLastPass({
    ...request, groups: plan.groups,
    matches: bits.map(({ bit, truth }) => ({ ...placeOf(bit), condition: truth.must })),
    doubts: doubts.map(({ bit, condition }) => ({ ...placeOf(bit), condition })),
  })
  return { ...pass, truths, words, undecidedWords }
}

/** Who decides, by what is known of a segment before any data is looked at. */
export function howItRuns(truth: Truth | undefined): HowMatched['ran'] {
  if (!truth || undecided(truth) === false) return 'sql'
  return truth.must === false && truth.may === true ? 'closure' : 'guarded'
}

function toTruth({ rule, tree }: PlacedRule, { plan, shape }: { readonly plan: AtomPlan; readonly shape: RootShape }, { entities, entity, nowMs, dialect, facts = noFacts }: StatementRequest): Truth {
  if (!tree) return exactly(false)
  const ir = lower({ tree, text: rule.expression, shape, bindings: { nowMs, vars: rule.vars } })
  return toTruthSql(ir, { plan: plan.for({ entities, entity, paths: rule.paths, ...facts }), dialect })
}
