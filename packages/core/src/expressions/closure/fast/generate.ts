// Which code stands for which node. What is not written out here, or is of an unusual form, is a call of the exact evaluator.
import { isPairs } from '../../syntax-tree.js'
import { type TreeNode, child, textOf } from '../tree-node.js'
import { emitArithmetic, emitMinus } from './arithmetic.js'
import { bindsLoosely, boundIn } from './bindings.js'
import { emitCall } from './calls.js'
import { defaultWhen } from './choices.js'
import { emitComparison } from './comparisons.js'
import { emitCondition } from './conditions.js'
import { Hoisted, isHoistable } from './hoisting.js'
import { anything, boolean, kindsOf, list, missing, nothing, number, object, text } from './kinds.js'
import { emitGrouped, emitObject } from './objects.js'
import { emitPath } from './paths.js'
import { emitValue } from './sinks.js'
import { type Code, type Generate, type Lines, type Scope, type Unit, literal, withVariable } from './unit.js'
import type { Evaluator } from '../function-value.js'

export class Generator implements Generate {
  constructor(
    readonly unit: Unit,
    private readonly compile: (node: TreeNode) => Evaluator,
  ) {}

  condition(node: TreeNode, scope: Scope, out: Lines): string {
    return emitCondition(this, node, scope, out)
  }

  value(node: TreeNode, scope: Scope, out: Lines): Code {
    if (node.keepArray || (node.group && node.type !== 'path')) return this.unit.fallback(node, scope, out)
    if (node.predicate) return emitValue(this, { node, scope, out }) ?? this.unit.fallback(node, scope, out)
    if (isHoistable(node, this.unit, scope.variables)) return this.hoisted(node, out)
    return this.core(node, scope, out) ?? this.unit.fallback(node, scope, out, kindsOf(node))
  }

  private core(node: TreeNode, scope: Scope, out: Lines): Code | undefined {
    switch (node.type) {
      case 'string': return { js: literal(node.value), kinds: text }
      case 'number': return { js: literal(node.value), kinds: number }
      case 'value': return { js: literal(node.value), kinds: typeof node.value === 'boolean' ? boolean : nothing }
      case 'variable': return this.variable(textOf(node.value), scope)
      case 'path': return node.group ? emitGrouped(this, { node, scope, out }) : emitPath(this, { node, scope, out })
      case 'parent': return scope.variables.get(node.slot?.label ?? '')
      case 'binary': return this.binary(node, scope, out)
      case 'unary': return node.value === '-' ? emitMinus(this, node, scope, out) : node.value === '[' ? this.list(node, scope, out) : emitObject(this, { node, scope, out })
      case 'condition': return this.choice(node, scope, out)
      case 'block': return this.block(node, scope, out)
      case 'function': return emitCall(this, node, scope, out)
      case 'apply': return this.applied(node, scope, out)
      default: return undefined
    }
  }

  private variable(name: string, scope: Scope): Code | undefined {
    if (name === '') return { js: scope.context, kinds: scope.isObject ? object : anything }
    const bound = scope.variables.get(name)
    if (bound) return bound
    if (name === '$') return { js: 'd', kinds: object }
    return name === 'vars' ? { js: 'V', kinds: anything } : undefined
  }

  private binary(node: TreeNode, scope: Scope, out: Lines): Code | undefined {
    if (node.value === 'and' || node.value === 'or') return this.unit.keep(this.condition(node, scope, out), boolean, out)
    const found = emitArithmetic(this, node, scope, out)
    if (found) return found
    const compared = emitComparison(this, node, scope, { out, isCondition: false })
    return compared && this.unit.keep(compared.js, compared.kinds, out)
  }

  private list(node: TreeNode, scope: Scope, out: Lines): Code | undefined {
    if (node.consarray) return undefined
    const items = node.expressions ?? []
    if (items.every((item) => (item.type === 'string' || item.type === 'number' || item.type === 'value') && !item.predicate && !item.group)) return { js: this.unit.constant(items.map((item) => item.value)), kinds: list }
    const made = this.unit.name('l')
    out.push(`const ${made} = [];`)
    for (const item of items) {
      const { js } = this.value(item, scope, out)
      out.push(item.value === '[' ? `if (${js} !== undefined) ${made}.push(${js});` : `R.addTo(${made}, ${js});`)
    }
    return { js: made, kinds: list }
  }

  private choice(node: TreeNode, scope: Scope, out: Lines): Code {
    const value = this.unit.name('v')
    const when = defaultWhen(node)
    let kinds = node.else ? 0 : missing
    const branch = (part: TreeNode): void => {
      const code = this.value(part, scope, out)
      kinds |= code.kinds
      out.push(`${value} = ${code.js};`)
    }
    out.push(`let ${value};`)
    if (when) {
      branch(child(node.then))
      if (when === 'missing') kinds &= ~missing
      out.push(when === 'missing' ? `if (${value} === undefined) {` : `if (!R.truth(${value})) {`)
    } else {
      out.push(`if (${this.condition(child(node.condition), scope, out)}) {`)
      branch(child(node.then))
      out.push('} else {')
    }
    if (node.else) branch(node.else)
    out.push('}')
    return { js: value, kinds }
  }

  private block(node: TreeNode, scope: Scope, out: Lines): Code | undefined {
    const bound = boundIn(node)
    if (!bound) return undefined
    let inner = scope
    for (const { name, value } of bound.binds) inner = withVariable(inner, name, this.value(value, inner, out))
    return this.value(bound.last, inner, out)
  }

  /** `x ~> $f(y)` is `$f(x, y)`. */
  private applied(node: TreeNode, scope: Scope, out: Lines): Code | undefined {
    const { lhs, rhs } = node
    if (lhs === undefined || isPairs(lhs) || rhs?.type !== 'function' || rhs.predicate || rhs.group || rhs.keepArray) return undefined
    const first = lhs
    // A function on the left is handed on in another way than as an argument.
    if (!['path', 'string', 'number', 'binary', 'unary'].includes(first.type) || first.keepArray) return undefined
    return emitCall(this, { ...rhs, arguments: [first, ...(rhs.arguments ?? [])] }, scope, out)
  }

  private hoisted(node: TreeNode, out: Lines): Code {
    const holder = this.unit.constant(new Hoisted(this.compile(node), this.unit.base))
    return this.unit.keep(`${holder}.at === N ? ${holder}.value : ${holder}.renew()`, kindsOf(node), out)
  }
}

/** Whether code can be generated for the tree at all, with its variables as those of JavaScript. */
export function isGeneratable(tree: TreeNode): boolean {
  return !bindsLoosely(tree)
}
