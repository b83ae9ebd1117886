// A syntax tree → generated functions for documents that are objects, as ajv makes of schemas. Where they are refused (a content
// security policy without `unsafe-eval`), the exact evaluator does everything.
import { functions } from '../../functions/index.js'
import { boundNames } from '../../reads.js'
import { type Frame, frameIn } from '../frame.js'
import { toEvaluator } from '../to-evaluator.js'
import type { TreeNode } from '../tree-node.js'
import { Generator, isGeneratable } from './generate.js'
import { runtime } from './runtime.js'
import { type Lines, type Scope, Unit } from './unit.js'
import { childrenOf } from './uses.js'

const alwaysOurs: ReadonlySet<string> = new Set(['now', 'millis', 'daysAgo', 'hoursAgo'])

/** Throws what the exact evaluator throws, though with fewer details. */
export type DocumentFunction<T> = (document: unknown, vars: unknown) => T

/** Generated when first asked for; undefined where no code can be made at run time. */
export interface Fast {
  value(): DocumentFunction<unknown> | undefined
  truth(): DocumentFunction<boolean> | undefined
}

export function toFast(tree: TreeNode, base: Frame, hostNames: ReadonlySet<string>): Fast | undefined {
  if (!isGeneratable(tree) || someNode(tree, (node) => node.consarray === true) || replacesLibrary(tree, hostNames)) return undefined
  const makesObjects = hostNames.size > 0 || someNode(tree, (node) => node.group !== undefined || (node.type === 'unary' && node.value === '{') || node.type === 'transform' || (node.type === 'variable' && node.value === 'eval'))
  const build = <T>(write: (generator: Generator, scope: Scope, out: Lines) => string): DocumentFunction<T> | undefined => {
    const unit = new Unit(toEvaluator, hostNames, base, makesObjects)
    const out: Lines = []
    const result = write(new Generator(unit, toEvaluator), { context: 'd', isObject: true, variables: new Map() }, out)
    return compile(unit, [...out, `return ${result};`], base)
  }
  return {
    value: () => build((generator, scope, out) => generator.value(tree, scope, out).js),
    truth: () => build((generator, scope, out) => generator.condition(tree, scope, out)),
  }
}

/** What a call gives is known by the function's name, so that name must mean the library's. */
function replacesLibrary(tree: TreeNode, hostNames: ReadonlySet<string>): boolean {
  return [...boundNames(tree)].some((name) => functions.has(name)) || [...hostNames].some((name) => functions.has(name) && !alwaysOurs.has(name))
}

function someNode(tree: TreeNode, holds: (node: TreeNode) => boolean): boolean {
  return holds(tree) || childrenOf(tree).some((child) => someNode(child, holds))
}

function compile<T>(unit: Unit, lines: readonly string[], base: Frame): DocumentFunction<T> | undefined {
  const names = unit.constants.map((_, index) => `k${index}`)
  const source = `"use strict"; const isList = R.isList, run = R.run; return function (d, V) { const N = run.nowMs; let frame;\n${lines.join('\n')}\n}`
  const frameOf = (document: unknown, vars: unknown): Frame => Object.assign(frameIn(base), { vars, $: document })
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- texts of the expression are in it as literals only
    return new Function('R', 'frameOf', ...names, source)(runtime, frameOf, ...unit.constants) as DocumentFunction<T>
  } catch (error) {
    if (error instanceof EvalError) return undefined
    throw error
  }
}
