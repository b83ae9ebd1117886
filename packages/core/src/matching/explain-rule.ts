// How a segment would be matched, before any data is looked at: its statement, who decides, what of the expression the store cannot
// decide and why, and which events it reads.
import { conditionsOf, toClauses } from '../expressions/clauses.js'
import { type EventReads, findEventReads } from '../expressions/event-reads.js'
import type { Expression, TextRange } from '../expressions/expression.js'
import type { Ir } from '../expressions/ir.js'
import { lower } from '../expressions/lowering/lower.js'
import { toRootShape } from '../expressions/root-shape.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import type { SqlContext } from '../expressions/sql/to-sql.js'
import { type Doubt, findDoubts } from '../expressions/sql/why-undecided.js'
import type { SyntaxNode } from '../expressions/syntax-tree.js'
import type { SqlText } from '../kernel/sql-text.js'
import { AtomPlan } from './atom-plan.js'
import type { HowMatched, SegmentRule } from './match.js'
import { howItRuns, writeMatchStatement } from './match-statement.js'
import type { Entities } from './row-sources.js'
import { memberColumns } from './seen-members.js'

export interface ExplainRequest {
  readonly entities: Entities
  readonly rule: SegmentRule
  readonly expression: Expression
  readonly nowMs: number
  readonly dialect: Dialect
}

export interface RuleExplanation {
  readonly ran: HowMatched['ran']
  readonly statement: SqlText
  /** Parts that the closure decides where the store cannot. */
  readonly doubts: readonly PlacedDoubt[]
  readonly events?: EventReads
}

export interface PlacedDoubt {
  readonly reason: string
  readonly range: TextRange
}

export function explainRule(request: ExplainRequest): RuleExplanation {
  const { entities, rule, expression, nowMs, dialect } = request
  const columns = memberColumns([...new Set(rule.readsSegments)].sort())
  const statement = writeMatchStatement({ entities, entity: rule.entity, rules: [{ rule, bit: 0, tree: expression.tree }], nowMs, dialect, memberColumns: columns })
  const ran = howItRuns(statement.truths[0])
  const context: SqlContext = { plan: new AtomPlan({ dialect, memberColumns: columns }).for({ entities, entity: rule.entity, paths: rule.paths }), dialect }
  const events = findEventReads(lowered(expression.tree, request), { tree: expression.tree, text: expression.text })
  return { ran, statement: statement.sql, doubts: ran === 'sql' ? [] : findPlacedDoubts(request, context), ...(events ? { events } : {}) }
}

/** Condition by condition, so that each reason has a place; what shows only in the whole stands for the whole. */
function findPlacedDoubts(request: ExplainRequest, context: SqlContext): readonly PlacedDoubt[] {
  const { tree, text } = request.expression
  const found = conditionsOf(toClauses(tree, text)).flatMap((clause) => findDoubts(lowered(clause.tree, request), context).map((doubt) => placed(doubt, clause.range)))
  const all = found.length > 0 ? found : findDoubts(lowered(tree, request), context).map((doubt) => placed(doubt, { from: 0, to: text.length }))
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()].sort((a, b) => a.range.from - b.range.from)
}

function placed({ reason, at }: Doubt, around: TextRange): PlacedDoubt {
  return { reason, range: at ?? around }
}

function lowered(tree: SyntaxNode, { entities, rule, nowMs }: ExplainRequest): Ir {
  return lower({ tree, text: rule.expression, shape: toRootShape(entities, rule.entity), bindings: { nowMs, vars: rule.vars } })
}
