// Signatures such as `<s-n?:s>`: which arguments a function takes. As the reference checks them, with its errors (T0410, T0411,
// T0412), its wrapping of single values into lists, and the context for what is left out; without its stack traces.
import { raise } from './failure.js'

export interface Signature {
  validate(args: readonly unknown[], context: unknown): readonly unknown[]
}

interface Parameter {
  /** The type letters that match, with the mark for how often. */
  pattern: string
  readonly type: string
  itemType?: string
  /** Types of the context that stand in for a missing argument. */
  context?: RegExp
}

const cache = new Map<string, Signature>()

export function toSignature(definition: string): Signature {
  const known = cache.get(definition)
  if (known) return known
  const parameters = parametersOf(definition)
  const whole = new RegExp(`^${parameters.map(({ pattern }) => `(${pattern})`).join('')}$`)
  const made: Signature = { validate: (args, context) => validate({ parameters, whole }, args, context) }
  cache.set(definition, made)
  return made
}

const anyType = '[asnblfom]'
const patterns: Readonly<Record<string, string>> = { a: anyType, x: anyType, f: 'f', j: '[asnblom]' }

function parametersOf(definition: string): readonly Parameter[] {
  const parameters: Parameter[] = []
  for (let at = 1; at < definition.length && definition[at] !== ':'; at++) {
    const symbol = definition.charAt(at)
    const last = parameters.at(-1)
    if ('asnblofjx'.includes(symbol)) {
      parameters.push({ pattern: patterns[symbol] ?? `[${symbol}m]`, type: symbol })
    } else if (symbol === '(') {
      const end = closing(definition, at, ')')
      const choice = definition.slice(at + 1, end)
      parameters.push({ pattern: `[${choice}m]`, type: `(${choice})` })
      at = end
    } else if (symbol === '<' && last) {
      const end = closing(definition, at, '>')
      last.itemType = definition.slice(at + 1, end)
      at = end
    } else if (symbol === '-' && last) {
      last.context = new RegExp(last.pattern)
      last.pattern += '?'
    } else if ((symbol === '?' || symbol === '+') && last) {
      last.pattern += symbol
    }
  }
  return parameters
}

function closing(text: string, start: number, close: string): number {
  const open = text.charAt(start)
  let depth = 0
  for (let at = start; at < text.length; at++) {
    if (text[at] === open) depth++
    if (text[at] === close && --depth === 0) return at
  }
  return text.length
}

/** The letter that stands for a value's type; `m` for missing. */
export function letterOf(value: unknown): string {
  if (typeof value === 'function') return 'f'
  if (typeof value === 'string') return 's'
  if (typeof value === 'number') return 'n'
  if (typeof value === 'boolean') return 'b'
  if (value === null) return 'l'
  if (value === undefined) return 'm'
  return Array.isArray(value) ? 'a' : 'o'
}

interface Rule {
  readonly parameters: readonly Parameter[]
  readonly whole: RegExp
}

function validate({ parameters, whole }: Rule, args: readonly unknown[], context: unknown): readonly unknown[] {
  const supplied = args.map(letterOf).join('')
  const match = whole.exec(supplied)
  if (!match) return raiseMismatch(parameters, args, supplied)
  const checked: unknown[] = []
  let at = 0
  for (const [index, parameter] of parameters.entries()) {
    const letters = match[index + 1] ?? ''
    if (letters === '') {
      if (parameter.context) checked.push(contextFor(parameter.context, context, at))
      else checked.push(args[at++])
    }
    for (const letter of letters) checked.push(fitted(parameter, { letter, letters, arg: args[at], index: ++at }))
  }
  return checked
}

function contextFor(types: RegExp, context: unknown, at: number): unknown {
  return types.test(letterOf(context)) ? context : raise({ code: 'T0411', value: context, index: at + 1 })
}

interface Supplied {
  readonly letter: string
  readonly letters: string
  readonly arg: unknown
  readonly index: number
}

const plurals: Readonly<Record<string, string>> = { a: 'arrays', b: 'booleans', f: 'functions', n: 'numbers', o: 'objects', s: 'strings' }

function fitted({ type, itemType }: Parameter, { letter, letters, arg, index }: Supplied): unknown {
  if (type !== 'a') return arg
  if (letter === 'm') return undefined
  if (itemType !== undefined && !hasItems(itemType, letter, letters, arg)) raise({ code: 'T0412', value: arg, index, type: plurals[itemType] })
  return letter === 'a' ? arg : [arg]
}

function hasItems(itemType: string, letter: string, letters: string, arg: unknown): boolean {
  if (letter !== 'a') return letters === itemType
  const items = arg as readonly unknown[]
  // As the reference has it, only the first letter of the items' type is looked at.
  return items.every((item) => letterOf(item) === itemType.charAt(0))
}

// Which argument is the first that does not fit.
function raiseMismatch(parameters: readonly Parameter[], args: readonly unknown[], supplied: string): never {
  let pattern = '^'
  let goodTo = 0
  for (const parameter of parameters) {
    pattern += parameter.pattern
    const match = new RegExp(pattern).exec(supplied)
    if (!match) break
    goodTo = match[0].length
  }
  return raise({ code: 'T0410', value: args[goodTo], index: goodTo + 1 })
}
