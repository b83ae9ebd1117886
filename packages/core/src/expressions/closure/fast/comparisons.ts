// `=`, `!=`, `<` and so on, and `in`: inline where the types are the usual ones. As a condition a missing result is just false.
import { isPairs } from '../../syntax-tree.js'
import { type TreeNode, child, textOf } from '../tree-node.js'
import { type Kinds, areWithin, boolean, kindsOf, missing, nothing, number, text } from './kinds.js'
import { emitPath, namesOf } from './paths.js'
import { emitIncludes } from './sinks.js'
import { type Code, type Generate, type Lines, type Scope, literal } from './unit.js'

export interface As {
  readonly out: Lines
  readonly isCondition: boolean
}

const ordered: Readonly<Record<string, string>> = { '<': 'less', '<=': 'atMost', '>': 'greater', '>=': 'atLeast' }

export function emitComparison(generate: Generate, node: TreeNode, scope: Scope, as: As): Code | undefined {
  const operator = textOf(node.value)
  if (node.lhs === undefined || isPairs(node.lhs)) return undefined
  const lhs = node.lhs
  const rhs = child(node.rhs)
  if (operator === 'in') return emitIn(generate, lhs, rhs, { scope, as })
  const isEquality = operator === '=' || operator === '!='
  const name = ordered[operator]
  if (!isEquality && name === undefined) return undefined
  // A list is neither equal to a text, number or boolean nor does it compare with one, whatever is in it.
  const side = (node: TreeNode, other: TreeNode): Code => (node.type === 'path' && !node.predicate && !node.group && !node.keepArray && areWithin(kindsOf(other), simple) ? emitPath(generate, { node, scope, out: as.out }, true) : generate.value(node, scope, as.out))
  const left = side(lhs, rhs)
  const right = side(rhs, lhs)
  if (isEquality) return { js: equality(left, right, operator === '='), kinds: boolean }
  return ordering(left, right, { operator, name: name ?? '' }, as.isCondition)
}

const simple = boolean | number | text | nothing

function equality(left: Code, right: Code, isEqual: boolean): string {
  const [l, r] = [left.js, right.js]
  // A value that is neither list nor object equals only itself.
  const oneIsSimple = areWithin(left.kinds, simple) || areWithin(right.kinds, simple)
  if (oneIsSimple) {
    if (isEqual) return `${l} === ${r}`
    const present = [left, right].filter((each) => (each.kinds & missing) !== 0).map((each) => `${each.js} !== undefined && `).join('')
    return `(${present}${l} !== ${r})`
  }
  const areSimple = areWithin(left.kinds, simple | missing) || areWithin(right.kinds, simple | missing)
  if (areSimple) return isEqual ? `(${l} === ${r} && ${l} !== undefined)` : `(${l} !== undefined && ${r} !== undefined && ${l} !== ${r})`
  if (!isEqual) return `R.differs(${l}, ${r})`
  return `(${l} === ${r} ? ${l} !== undefined : typeof ${l} === 'object' && typeof ${r} === 'object' && R.equals(${l}, ${r}))`
}

function ordering(left: Code, right: Code, { operator, name }: { readonly operator: string; readonly name: string }, isCondition: boolean): Code {
  const [l, r] = [left.js, right.js]
  const types = [['number', number], ['string', text]] as const
  for (const [type, kind] of types) {
    if (!areWithin(left.kinds, kind | missing) || !areWithin(right.kinds, kind | missing)) continue
    // Comparing undefined with a number is false; with a text it would be compared as one.
    const mayMiss = [left, right].filter((each) => (each.kinds & missing) !== 0).map((each) => each.js)
    if (mayMiss.length === 0 || (isCondition && type === 'number')) return { js: `(${l} ${operator} ${r})`, kinds: boolean }
    if (isCondition) return { js: `(${mayMiss.map((each) => `${each} !== undefined && `).join('')}${l} ${operator} ${r})`, kinds: boolean }
    return { js: `(${mayMiss.map((each) => `${each} === undefined`).join(' || ')} ? undefined : ${l} ${operator} ${r})`, kinds: boolean | missing }
  }
  const fits = (type: string, kind: Kinds): string | undefined => {
    if (((left.kinds | missing) & kind) === 0 || ((right.kinds | missing) & kind) === 0) return undefined
    const tests = [left, right].filter((each) => !areWithin(each.kinds, kind)).map((each) => `typeof ${each.js} === '${type}'`)
    return `(${tests.join(' && ')})`
  }
  const usual = types.flatMap(([type, kind]) => fits(type, kind) ?? []).join(' || ')
  const exact = `R.${name}(${l}, ${r})${isCondition ? ' === true' : ''}`
  if (usual === '') return { js: exact, kinds: boolean | missing }
  return { js: `(${usual} ? ${l} ${operator} ${r} : ${exact})`, kinds: isCondition ? boolean : boolean | missing }
}

const fewItems = 8

function emitIn(generate: Generate, lhs: TreeNode, rhs: TreeNode, { scope, as: { out } }: { readonly scope: Scope; readonly as: As }): Code {
  const left = generate.value(lhs, scope, out)
  const constants = constantItems(rhs)
  if (constants) return { js: isOneOf(generate, left.js, constants), kinds: boolean }
  if (rhs.type === 'path' && (namesOf(rhs)?.length ?? 2) > 0) {
    const found = emitIncludes(generate, left.js, { node: rhs, scope, out })
    if (found) return found
  }
  const right = generate.value(rhs, scope, out)
  return { js: `R.includes(${left.js}, ${right.js})`, kinds: boolean }
}

type Constant = string | number | boolean | null

function constantItems(node: TreeNode): readonly Constant[] | undefined {
  if (node.type !== 'unary' || node.value !== '[' || node.predicate || node.group || node.keepArray) return undefined
  const items = node.expressions ?? []
  return items.every((item) => (item.type === 'string' || item.type === 'number' || item.type === 'value') && !item.predicate && !item.group && !item.keepArray) ? items.map((item) => item.value as Constant) : undefined
}

function isOneOf(generate: Generate, value: string, constants: readonly Constant[]): string {
  if (constants.length === 0) return 'false'
  if (constants.length <= fewItems) return `(${constants.map((each) => `${value} === ${literal(each)}`).join(' || ')})`
  return `${generate.unit.constant(new Set(constants))}.has(${value})`
}
