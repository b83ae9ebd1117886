// `+ - * / %`, `&` and unary minus: inline on numbers that stay numbers, the exact operation where something is missing, is of
// another type, or has no end.
import { isPairs } from '../../syntax-tree.js'
import { type TreeNode, child, textOf } from '../tree-node.js'
import { type Kinds, areWithin, missing, number, text } from './kinds.js'
import type { Code, Generate, Lines, Scope } from './unit.js'

const operations: Readonly<Record<string, string>> = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '%': 'remainder', '&': 'concatenate', '..': 'range' }

export function emitArithmetic(generate: Generate, node: TreeNode, scope: Scope, out: Lines): Code | undefined {
  const operator = textOf(node.value)
  const name = operations[operator]
  if (name === undefined || node.lhs === undefined || isPairs(node.lhs)) return undefined
  const left = generate.value(node.lhs, scope, out)
  const right = generate.value(child(node.rhs), scope, out)
  const general = `R.${name}(${left.js}, ${right.js})`
  if (operator === '..') return generate.unit.keep(`R.unwrap(${general})`, 255, out)
  if (operator === '&') return generate.unit.keep(areWithin(left.kinds | right.kinds, text) ? `${left.js} + ${right.js}` : general, text, out)
  const result = generate.unit.name()
  const tests = [left, right].filter((each) => !areWithin(each.kinds, number)).map((each) => `typeof ${each.js} === 'number'`)
  // A sum or product without end tells of an operand without end as well; a quotient does not.
  const ends = operator === '/' || operator === '%' ? [`${right.js} - ${right.js} === 0`] : []
  const test = [...tests, ...ends, `(${result} = ${left.js} ${operator} ${right.js}) - ${result} === 0`].join(' && ')
  out.push(`let ${result};`, `if (!(${test})) ${result} = ${general};`)
  return { js: result, kinds: (left.kinds | right.kinds) & missing ? number | missing : (number satisfies Kinds) }
}

export function emitMinus(generate: Generate, node: TreeNode, scope: Scope, out: Lines): Code {
  const { js } = generate.value(child(node.expression), scope, out)
  return generate.unit.keep(`typeof ${js} === 'number' && ${js} - ${js} === 0 ? -${js} : R.negate(${js})`, number | missing, out)
}
