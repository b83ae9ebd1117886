// What functions take, read from JSONata's own signatures: `<s-n?:s>` takes text, and a number or nothing.

export interface Parameter {
  /** Letters of the types that it accepts: s, n, b, l (null), a (list), o, f; x and j accept anything. */
  readonly types: string
  /** Of a list: the type of its items, where that matters. */
  readonly items: string | undefined
  readonly isOptional: boolean
  /** The context takes its place when there are too few arguments. */
  readonly mayBeContext: boolean
}

const parameter = /(?:\(([a-z]+)\)|([a-z]))(?:<([a-z])?[^>]*>)?([-?+]*)/y

/** Undefined for a signature that is too rich to read. */
export function parametersOf(signature: string): readonly Parameter[] | undefined {
  const end = signature.lastIndexOf(':')
  const text = signature.slice(1, end < 0 ? -1 : end)
  const found: Parameter[] = []
  for (let at = 0; at < text.length; at = parameter.lastIndex) {
    parameter.lastIndex = at
    const match = parameter.exec(text)
    if (!match) return undefined
    const [, choice, single, items, marks = ''] = match
    if (marks.includes('+')) return undefined
    const types = choice ?? single ?? ''
    found.push({ types, items: types === 'a' ? items : undefined, isOptional: marks.includes('?'), mayBeContext: marks.includes('-') })
  }
  return found
}
