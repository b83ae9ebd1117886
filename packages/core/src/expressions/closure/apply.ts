// Calling a function value: arguments are checked against its signature, tail calls run in a loop.
import type { Failure } from './failure.js'
import { raise } from './failure.js'
import { frameIn } from './frame.js'
import { type CallSite, type FunctionValue, type Lambda, TailCall, aboutOf, arityOf } from './function-value.js'
import { enterCall, run, spend } from './run.js'
import { isFunctionValue } from './values.js'

const costOfCall = 3

export function apply(procedure: unknown, args: readonly unknown[], site: CallSite): unknown {
  let result = applyOnce(procedure, args, site)
  while (result instanceof TailCall) {
    const { call, input, env } = result
    const next = call.procedure(input, env) as FunctionValue
    if (call.token !== undefined) next.token = call.token
    next.position = call.position
    result = applyOnce(next, call.arguments.map((each) => each(input, env)), site)
  }
  return result
}

function applyOnce(procedure: unknown, args: readonly unknown[], site: CallSite): unknown {
  if (!isFunctionValue(procedure)) raise({ code: 'T1006' })
  try {
    return invoke(procedure, args, site)
  } catch (error) {
    const failure = error as Failure
    if (failure.token === undefined && procedure.token !== undefined) failure.token = procedure.token
    failure.position = procedure.position ?? failure.position
    throw error
  }
}

function invoke(procedure: FunctionValue, args: readonly unknown[], site: CallSite): unknown {
  spend(costOfCall)
  const about = aboutOf(procedure)
  if (about.kind === 'plain') return Reflect.apply(procedure, site.input, args)
  if (about.kind === 'lambda') return applyLambda(about, about.signature ? about.signature.validate(args, site.input) : args)
  const checked = !about.signature || about.needsCheck?.(args) === false ? args : about.signature.validate(args, site.input)
  return about.implementation(site, ...checked)
}

function applyLambda(lambda: Lambda, args: readonly unknown[]): unknown {
  const frame = frameIn(lambda.env)
  for (const [index, name] of lambda.parameters.entries()) frame[name] = args[index]
  if (lambda.partial) return lambda.partial.implementation({ input: undefined, env: frame }, ...lambda.partial.names.map((name) => frame[name]))
  enterCall()
  const value = lambda.body?.(lambda.input, frame)
  run.depth--
  return value
}

/** A function that is given to another as an argument: called later, with no context of its own. */
export function handedOn(value: FunctionValue, site: CallSite): FunctionValue {
  const handed: FunctionValue = (...args) => apply(value, args, { input: null, env: site.env })
  handed.about = { kind: 'plain', arity: arityOf(value), parameters: ['...params'] }
  return handed
}
