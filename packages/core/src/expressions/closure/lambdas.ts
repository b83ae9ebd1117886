// `function($x){…}`: a function value that remembers its variables and its context.
import { apply } from './apply.js'
import type { Frame } from './frame.js'
import { type Compile, type Evaluator, type FunctionValue, type Lambda, TailCall } from './function-value.js'
import { toSignature } from './signature.js'
import { type TreeNode, child, textOf } from './tree-node.js'

export function toLambdaEvaluator(node: TreeNode, compile: Compile): Evaluator {
  if (node.thunk) return toTailCallEvaluator(child(node.body), compile)
  const parameters = (node.arguments ?? []).map((each) => textOf(each.value))
  const body = compile(child(node.body))
  const signature = node.signature && toSignature(node.signature.definition)
  return (input, env) => toFunctionValue({ kind: 'lambda', parameters, body, input, env, signature })
}

export function toFunctionValue(about: Lambda): FunctionValue {
  const value: FunctionValue = (...args) => apply(value, args, { input: about.input, env: about.env })
  value.about = about
  return value
}

// A call that is the last thing a body does comes back to `apply` as a value.
function toTailCallEvaluator(node: TreeNode, compile: Compile): Evaluator {
  const procedure = child(node.procedure)
  const call = {
    procedure: compile(procedure),
    arguments: (node.arguments ?? []).map(compile),
    token: procedure.type === 'variable' ? procedure.value : undefined,
    position: procedure.position,
  }
  return (input: unknown, env: Frame) => new TailCall(call, input, env)
}
