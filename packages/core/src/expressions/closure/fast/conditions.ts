// Nodes as conditions: JavaScript expressions that are true where the node's value counts as true. Missing counts as false, so
// that most checks for it fall away.
import { isPairs } from '../../syntax-tree.js'
import { type TreeNode, child, textOf } from '../tree-node.js'
import { defaultWhen } from './choices.js'
import { emitComparison } from './comparisons.js'
import { isLibraryCall } from './library-calls.js'
import { type Kinds, areWithin, boolean, callable, kindsOf, missing, nothing, text } from './kinds.js'
import { namesOf } from './paths.js'
import { emitAny, emitExists } from './sinks.js'
import type { Generate, Lines, Scope } from './unit.js'

export function emitCondition(generate: Generate, node: TreeNode, scope: Scope, out: Lines): string {
  if (!node.predicate && !node.group) {
    const found = emitSpecial(generate, node, scope, out)
    if (found !== undefined) return found
  }
  const { js, kinds } = generate.value(node, scope, out)
  return truthOf(js, kinds)
}

function emitSpecial(generate: Generate, node: TreeNode, scope: Scope, out: Lines): string | undefined {
  switch (node.type) {
    case 'value': return node.value === true ? 'true' : 'false'
    case 'binary': return emitOperator(generate, node, scope, out)
    case 'path': return namesOf(node) ? undefined : emitAny(generate, { node, scope, out })
    case 'condition': return emitChoice(generate, node, scope, out)
    case 'function': return emitCall(generate, node, scope, out)
    default: return undefined
  }
}

export function truthOf(js: string, kinds: Kinds): string {
  if (areWithin(kinds, boolean)) return js
  if (areWithin(kinds, boolean | missing)) return `${js} === true`
  if (areWithin(kinds, boolean | missing | nothing | text)) return `!!${js}`
  if (areWithin(kinds, callable)) return 'false'
  return `(${js} === true || (${js} !== false && ${js} !== undefined && R.truth(${js})))`
}

function emitOperator(generate: Generate, node: TreeNode, scope: Scope, out: Lines): string | undefined {
  const operator = textOf(node.value)
  if (operator !== 'and' && operator !== 'or') return emitComparison(generate, node, scope, { out, isCondition: true })?.js
  if (node.lhs === undefined || isPairs(node.lhs)) return undefined
  const left = generate.condition(node.lhs, scope, out)
  const lines: Lines = []
  const right = generate.condition(child(node.rhs), scope, lines)
  if (lines.length === 0) return `(${left} ${operator === 'and' ? '&&' : '||'} ${right})`
  const result = generate.unit.name('b')
  out.push(`let ${result} = ${left};`, `if (${operator === 'and' ? '' : '!'}${result}) {`, ...lines, `${result} = ${right};`, '}')
  return result
}

function emitChoice(generate: Generate, node: TreeNode, scope: Scope, out: Lines): string | undefined {
  if (defaultWhen(node)) return undefined
  const result = generate.unit.name('b')
  const condition = generate.condition(child(node.condition), scope, out)
  out.push(`let ${result} = false;`, `if (${condition}) {`)
  out.push(`${result} = ${generate.condition(child(node.then), scope, out)};`, '} else {')
  if (node.else) out.push(`${result} = ${generate.condition(node.else, scope, out)};`)
  out.push('}')
  return result
}

function emitCall(generate: Generate, node: TreeNode, scope: Scope, out: Lines): string | undefined {
  const [arg, ...more] = node.arguments ?? []
  if (arg === undefined || more.length > 0) return undefined
  if (isLibraryCall(generate.unit, node, 'boolean', scope)) return generate.condition(arg, scope, out)
  if (isLibraryCall(generate.unit, node, 'not', scope)) return emitNot(generate, arg, scope, out)
  if (isLibraryCall(generate.unit, node, 'exists', scope)) return namesOf(arg) ? undefined : emitExists(generate, { node: arg, scope, out })
  return undefined
}

// $not of something missing is missing. A comparison may be that; what is certainly true or false is just turned round.
function emitNot(generate: Generate, arg: TreeNode, scope: Scope, out: Lines): string | undefined {
  if (areWithin(kindsOf(arg), boolean)) return `!(${generate.condition(arg, scope, out)})`
  return undefined
}
