// The only importer of the package `jsonata`: its parser, its evaluator as the reference, and the functions of its library.
import jsonata from 'jsonata'

export type JsonataExpression = jsonata.Expression
export type JsonataOptions = NonNullable<Parameters<typeof jsonata>[1]>

/** Throws what the package throws: an object with a `code`. */
export function compileJsonata(text: string, options?: JsonataOptions): JsonataExpression {
  return jsonata(text, options)
}

export interface LibraryFunction {
  /** Synchronous for all but those that call functions or regexes. */
  readonly implementation: (...args: readonly unknown[]) => unknown
  readonly signature: { readonly definition: string }
}

const names = [
  'sum', 'count', 'max', 'min', 'average', 'string', 'substring', 'substringBefore', 'substringAfter', 'lowercase', 'uppercase', 'length', 'trim', 'pad', 'match', 'contains',
  'replace', 'split', 'join', 'formatNumber', 'formatBase', 'formatInteger', 'parseInteger', 'number', 'floor', 'ceil', 'round', 'abs', 'sqrt', 'power', 'random', 'boolean', 'not',
  'map', 'zip', 'filter', 'single', 'reduce', 'sift', 'keys', 'lookup', 'append', 'exists', 'spread', 'merge', 'reverse', 'each', 'error', 'assert', 'type', 'sort', 'shuffle',
  'distinct', 'base64encode', 'base64decode', 'encodeUrlComponent', 'encodeUrl', 'decodeUrlComponent', 'decodeUrl', 'eval', 'toMillis', 'fromMillis', 'clone', 'now', 'millis',
] as const

/** Names of the functions that JSONata 2.2 brings along (docs.jsonata.org, function library). */
export const libraryFunctionNames: ReadonlySet<string> = new Set(names)

// A function's own name evaluates to its definition; evaluation is asynchronous even for that.
const library = new Map<string, LibraryFunction>(await Promise.all(names.map(async (name) => [name, (await jsonata(`$${name}`).evaluate(null)) as LibraryFunction] as const)))

export function libraryFunction(name: string): LibraryFunction {
  const found = library.get(name)
  if (!found) throw new TypeError(`JSONata has no function ${name}`)
  return found
}
