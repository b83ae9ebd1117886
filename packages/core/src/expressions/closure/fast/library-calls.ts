// Which library function a call means, and whether it is the library's at all.
import { functions } from '../../functions/index.js'
import { type TreeNode, textOf } from '../tree-node.js'
import type { Scope, Unit } from './unit.js'

const alwaysOurs: ReadonlySet<string> = new Set(['now', 'millis', 'daysAgo', 'hoursAgo'])

/** Undefined when something else of that name stands before the library's. */
export function libraryName(unit: Unit, node: TreeNode, scope: Scope): string | undefined {
  if (node.type !== 'function' || node.procedure?.type !== 'variable' || node.procedure.predicate) return undefined
  const name = textOf(node.procedure.value)
  return functions.has(name) && !scope.variables.has(name) && (!unit.hostNames.has(name) || alwaysOurs.has(name)) ? name : undefined
}

export function isLibraryCall(unit: Unit, node: TreeNode, name: string, scope: Scope): boolean {
  return libraryName(unit, node, scope) === name
}
