// How a condition is built, in the terms of Adobe's segment builder: a container is a run of rules joined by `and` or `or`, a choice, or
// the filter of a list; a rule is a single condition in it.
import { type ClauseTree, toClauses } from '../../expressions/clauses.js'
import type { TextRange } from '../../expressions/expression.js'
import { type SyntaxNode, childrenOf } from '../../expressions/syntax-tree.js'

export interface Container {
  /** The outermost one is at 1. */
  readonly depth: number
  readonly rules: number
  readonly range: TextRange
}

export function findContainers(tree: SyntaxNode, text: string): readonly Container[] {
  return containersOf(toClauses(tree, text), text, 1)
}

function containersOf(clause: ClauseTree, text: string, depth: number): readonly Container[] {
  const parts = isContainer(clause) ? clause.parts : [clause]
  const inner = parts.flatMap((each) => (isContainer(positive(each)) ? containersOf(positive(each), text, depth + 1) : filtersOf(each.node).flatMap((filter) => containersOf(toClauses(filter, text), text, depth + 1))))
  return [{ depth, rules: parts.filter((each) => !isContainer(positive(each))).length, range: clause.range }, ...inner]
}

function isContainer({ kind }: ClauseTree): boolean {
  return kind === 'and' || kind === 'or' || kind === 'choice'
}

/** `$not(a and b)` is the container a and b. */
function positive(clause: ClauseTree): ClauseTree {
  const [only] = clause.parts
  return clause.kind === 'not' && only ? positive(only) : clause
}

/** The filters right inside a condition; what is inside them is theirs. */
function filtersOf(node: SyntaxNode): readonly SyntaxNode[] {
  const own = [...(node.stages ?? []), ...(node.predicate ?? [])].flatMap((each) => (each.expr ? [each.expr] : []))
  return [...own, ...childrenOf({ ...node, stages: [], predicate: [] }).flatMap(filtersOf)]
}
