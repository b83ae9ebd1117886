// The outermost frame: all functions of the library as values, $eval included.
import { explain, isFailure, raise } from './failure.js'
import { type Frame, frameIn } from './frame.js'
import type { CallSite, FunctionValue, Implementation } from './function-value.js'
import { callBorrowed } from '../functions/borrowed.js'
import { functions } from '../functions/index.js'
import { compileJsonata, libraryFunction, libraryFunctionNames } from '../jsonata.js'
import { toSignature } from './signature.js'
import { toNeedsCheck } from './signature-check.js'
import type { SyntaxNode } from '../syntax-tree.js'
import { toEvaluator } from './to-evaluator.js'
import { asTree } from './tree-node.js'
import { isSequence, wrapped } from './values.js'

// What calls functions or matchers waits for them in the reference, and cannot be borrowed.
const isAsynchronous: ReadonlySet<string> = new Set(['match', 'contains', 'replace', 'split', 'map', 'filter', 'single', 'reduce', 'sift', 'each', 'sort', 'eval', 'now', 'millis'])

function toNative(name: string, implementation: Implementation, signature: string | undefined): FunctionValue {
  if (!libraryFunctionNames.has(name)) {
    const own: FunctionValue = (...args) => implementation({ input: undefined, env: library }, ...args)
    own.about = { kind: 'plain', arity: 1, parameters: ['value'] }
    return own
  }
  const reference = libraryFunction(name)
  const parameters = /\(([^)]*)\)/.exec(reference.implementation.toString())?.[1]?.split(',').map((each) => each.trim()) ?? []
  // In the reference a function of the library is an object, which only becomes callable when it is handed on.
  const value: FunctionValue = () => {
    throw new TypeError('func.apply is not a function')
  }
  value.about = { kind: 'native', name, implementation, unchecked: isAsynchronous.has(name) ? implementation : (_site, ...args) => callBorrowed(name, args), signature: signature === undefined ? undefined : toSignature(signature), needsCheck: signature === undefined ? undefined : toNeedsCheck(signature), arity: reference.implementation.length, parameters }
  return value
}

function evaluateText(site: CallSite, text: unknown, focus: unknown): unknown {
  if (text === undefined) return undefined
  const input = focus === undefined ? site.input : asInput(focus)
  const evaluate = failingWith('D3120', () => toEvaluator(asTree(compileJsonata(text as string).ast() as unknown as SyntaxNode)))
  return failingWith('D3121', () => evaluate(input, site.env))
}

const runaway: ReadonlySet<string> = new Set(['D1011', 'D1012', 'D2015'])

function failingWith<T>(code: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    // What runs away is told by its own code, also from inside: it has to be stopped.
    if (isFailure(error) && runaway.has(error.code)) throw error
    if (isFailure(error)) explain(error)
    return raise({ code, value: (error as Error).message, error })
  }
}

/** A list as the whole input counts as one value. */
export function asInput(document: unknown): unknown {
  return Array.isArray(document) && !isSequence(document) ? wrapped(document) : document
}

const library: Frame = frameIn(null)
for (const spec of functions.values()) library[spec.name] = toNative(spec.name, spec.closure, spec.signature)
library['eval'] = toNative('eval', evaluateText, '<sx?:x>')

export function libraryValue(name: string): FunctionValue {
  return library[name] as FunctionValue
}

/** The library, and what the host lends. */
export function toBaseFrame(hostFunctions: Readonly<Record<string, unknown>> | undefined): Frame {
  // Ours win over the host's: the clock and the sandbox variables are not to be replaced.
  const frame = Object.assign(frameIn(library), hostFunctions)
  for (const name of ['now', 'millis', 'daysAgo', 'hoursAgo']) frame[name] = library[name]
  return frame
}
