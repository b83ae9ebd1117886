// Calls `$f(x)`, partial application `$f(?, x)` and the chain operator `x ~> $f`.
import { apply, handedOn } from './apply.js'
import { type Failure, raise } from './failure.js'
import { type Frame, frameIn } from './frame.js'
import { type Compile, type Evaluator, type FunctionValue, aboutOf } from './function-value.js'
import { compileJsonata } from '../jsonata.js'
import type { SyntaxNode } from '../syntax-tree.js'
import type { toFunctionValue } from './lambdas.js'
import { type TreeNode, asTree, child, left } from './tree-node.js'
import { isFunctionValue } from './values.js'

type Call = (input: unknown, env: Frame, ...first: readonly unknown[]) => unknown

export function toCallEvaluator(node: TreeNode, compile: Compile): Evaluator {
  const call = toCall(node, compile)
  return (input, env) => call(input, env)
}

/** `first`: what stands left of `~>`. */
function toCall(node: TreeNode, compile: Compile): Call {
  const procedureNode = child(node.procedure)
  const procedure = compile(procedureNode)
  const args = (node.arguments ?? []).map(compile)
  const name = nameOf(procedureNode)
  const place = (failure: Failure): void => {
    failure.position ||= node.position
    failure.token ||= name
  }
  return (input, env, ...first) => {
    const called = procedure(input, env)
    if (called === undefined) checkSigil(procedureNode, env, { code: 'T1005', position: node.position })
    const values = [...first]
    for (const arg of args) {
      const value = arg(input, env)
      values.push(isFunctionValue(value) ? handedOn(value, { input, env }) : value)
    }
    try {
      if (called === null) throw new TypeError("Cannot set properties of null (setting 'token')")
      note(called, name, node.position)
      return apply(called, values, { input, env })
    } catch (error) {
      place(error as Failure)
      throw error
    }
  }
}

// The reference keeps the name on the function itself, but not on those handed on.
function note(called: unknown, name: unknown, position: number | undefined): void {
  if (!isFunctionValue(called) || aboutOf(called).kind === 'plain') return
  called.token = name
  called.position = position
}

function nameOf(procedure: TreeNode): unknown {
  return procedure.type === 'path' ? procedure.steps?.[0]?.value : procedure.value
}

function checkSigil(procedure: TreeNode, env: Frame, failure: Failure): void {
  if (procedure.type !== 'path') return
  const token = procedure.steps?.[0]?.value
  if (typeof token === 'string' && env[token]) raise({ ...failure, token })
}

const blank = Symbol('?')

export function toPartialEvaluator(node: TreeNode, compile: Compile): Evaluator {
  const procedureNode = child(node.procedure)
  const procedure = compile(procedureNode)
  const args = (node.arguments ?? []).map((each) => (each.type === 'operator' && each.value === '?' ? undefined : compile(each)))
  return (input, env) => {
    const values = args.map((each) => (each ? each(input, env) : blank))
    const called = procedure(input, env)
    if (called === undefined) checkSigil(procedureNode, env, { code: 'T1007', position: node.position })
    if (!isFunctionValue(called)) raise({ code: 'T1008', position: node.position, token: nameOf(procedureNode) })
    return partially(called, values, env)
  }
}

function partially(called: FunctionValue, values: readonly unknown[], env: Frame): FunctionValue {
  const about = aboutOf(called)
  const names = about.parameters
  if (about.kind !== 'lambda') checkNames(names)
  const frame = frameIn(about.kind === 'lambda' ? about.env : env)
  const open: string[] = []
  for (const [index, name] of names.entries()) {
    if (values[index] === blank) open.push(name)
    else frame[name] = values[index]
  }
  if (about.kind === 'lambda') return withoutApply({ kind: 'lambda', parameters: open, body: about.body, ...(about.partial ? { partial: about.partial } : {}), input: about.input, env: frame })
  const implementation = about.kind === 'native' ? about.unchecked : (_site: unknown, ...args: readonly unknown[]) => called(...args)
  return withoutApply({ kind: 'lambda', parameters: open, body: undefined, partial: { implementation, names }, input: undefined, env: frame })
}

// What is applied in part cannot be called by another function, unless it is handed to it as an argument.
function withoutApply(about: Parameters<typeof toFunctionValue>[0]): FunctionValue {
  const value: FunctionValue = () => {
    throw new TypeError('func.apply is not a function')
  }
  value.about = about
  return value
}

// The reference writes the parameters of a native function into an expression and parses it.
function checkNames(names: readonly string[]): void {
  if (names.every((name) => /^\w*$/.test(name))) return
  compileJsonata(`function(${names.map((name) => `$${name}`).join(', ')}){ _ }`)
}

const chainTree = asTree(compileJsonata('function($f, $g) { function($x){ $g($f($x)) } }').ast() as unknown as SyntaxNode)

export function toApplyEvaluator(node: TreeNode, compile: Compile): Evaluator {
  const value = compile(left(node))
  const right = child(node.rhs)
  if (right.type === 'function') {
    const call = toCall(right, compile)
    return (input, env) => call(input, env, value(input, env))
  }
  const procedure = compile(right)
  const chain = compile(chainTree)
  return (input, env) => {
    const first = value(input, env)
    const called = procedure(input, env)
    if (!isFunctionValue(called)) raise({ code: 'T2006', position: node.position, value: called })
    const site = { input: null, env }
    return isFunctionValue(first) ? apply(chain(null, env), [first, called], site) : apply(called, [first], site)
  }
}
