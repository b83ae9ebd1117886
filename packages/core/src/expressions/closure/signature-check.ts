// A quick look at arguments: whether they are, one by one, what the signature names. Then the full check, which also wraps
// single values into lists and fills in the context, is not needed.
import { letterOf } from './signature.js'

interface Parameter {
  readonly types: string
  readonly itemType: string | undefined
  readonly isOptional: boolean
}

/** Gives false when the arguments are certainly fine as they are. Undefined for a signature that is too rich to look at. */
export function toNeedsCheck(signature: string): ((args: readonly unknown[]) => boolean) | undefined {
  const parameters = parametersOf(signature)
  if (!parameters) return undefined
  const needed = parameters.findLastIndex((each) => !each.isOptional) + 1
  return (args) => args.length < needed || args.length > parameters.length || !args.every((arg, index) => fits(arg, parameters[index]))
}

const parameter = /(?:\(([a-z]+)\)|([a-z]))(?:<([^<>]*(?:<[^<>]*>)?[^<>]*)>)?([-?+]*)/y

function parametersOf(signature: string): readonly Parameter[] | undefined {
  const text = signature.slice(1, signature.lastIndexOf(':') < 0 ? -1 : signature.lastIndexOf(':'))
  const found: Parameter[] = []
  let at = 0
  while (at < text.length) {
    parameter.lastIndex = at
    const match = parameter.exec(text)
    if (!match) return undefined
    const [whole, choice, single, item, marks = ''] = match
    if (marks.includes('+')) return undefined
    const types = choice ?? single ?? ''
    found.push({ types, itemType: types === 'a' ? item : undefined, isOptional: marks.includes('?') && !marks.includes('-') })
    at += whole.length
  }
  return found
}

function fits(arg: unknown, parameter: Parameter | undefined): boolean {
  if (!parameter) return false
  const { types, itemType } = parameter
  if (types === 'x') return true
  const letter = letterOf(arg)
  if (types === 'j') return letter !== 'f'
  if (letter === 'm') return types !== 'f'
  if (!types.includes(letter)) return false
  return itemType === undefined || (arg as readonly unknown[]).every((item) => letterOf(item) === itemType)
}
