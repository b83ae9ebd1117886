// What is known about a value before anything is evaluated, from the operator or function that gives it: a set of kinds.
import { functions } from '../../functions/index.js'
import { type TreeNode, textOf } from '../tree-node.js'

export const missing = 1
export const nothing = 2
export const boolean = 4
export const number = 8
export const text = 16
export const list = 32
export const object = 64
export const callable = 128
export const anything = 255

/** A set of kinds, as bits. */
export type Kinds = number

export function areWithin(kinds: Kinds, allowed: Kinds): boolean {
  return (kinds & ~allowed) === 0
}

/** Whether $boolean of it can be an error: an infinite number, alone or in a list. */
export function castMayFail(kinds: Kinds): boolean {
  return (kinds & (number | list)) !== 0
}

const givesAlways: ReadonlySet<string> = new Set(['exists', 'count', 'millis', 'now', 'daysAgo', 'hoursAgo'])
const kindOfResult: Readonly<Record<string, Kinds>> = { boolean, number, string: text, any: anything }

export function kindsOfCall(name: string): Kinds {
  const spec = functions.get(name)
  if (!spec || spec.gives === 'any') return anything
  return (kindOfResult[spec.gives] ?? anything) | (givesAlways.has(name) ? 0 : missing)
}

export function kindsOf(node: TreeNode): Kinds {
  if (node.predicate || node.group) return anything
  switch (node.type) {
    case 'string': return text
    case 'number': return number
    case 'value': return typeof node.value === 'boolean' ? boolean : nothing
    case 'regex':
    case 'lambda': return callable
    case 'binary': return kindsOfOperator(textOf(node.value))
    case 'unary': return node.value === '[' ? list : node.value === '{' ? object : number | missing
    case 'condition': return (node.then ? kindsOf(node.then) : anything) | (node.else ? kindsOf(node.else) : missing)
    case 'block': {
      const last = node.expressions?.at(-1)
      return last ? kindsOf(last) : missing
    }
    case 'function': return node.procedure?.type === 'variable' ? kindsOfCall(textOf(node.procedure.value)) : anything
    default: return anything
  }
}

function kindsOfOperator(operator: string): Kinds {
  if (['=', '!=', 'in', 'and', 'or'].includes(operator)) return boolean
  if (['<', '<=', '>', '>='].includes(operator)) return boolean | missing
  if (operator === '&') return text
  return operator === '..' ? anything : number | missing
}
