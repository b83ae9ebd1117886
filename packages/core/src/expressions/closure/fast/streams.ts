// Loops over the items of a path, written out inline: what is done with an item is up to the sink. Where an item is of a shape
// that the loop does not deal with (a list inside a list), the stream gives up, and the exact evaluator does it all again.
import type { TreeNode } from '../tree-node.js'
import { boundIn } from './bindings.js'
import { type Kinds, anything, list, missing } from './kinds.js'
import { type Part, isStep, toParts, toRuns } from './stream-parts.js'
import { type Generate, type Lines, type Scope, fieldOf, inContext, isObjectTest, withVariable } from './unit.js'
import { usesContextNames } from './uses.js'

export interface Sink {
  /** Code for one item; nested loops around it end with `stop`. */
  item(item: string, out: Lines): void
  /** Code for what the last step gave when no predicate follows it: it counts as a whole when it is the only one and a list. */
  result?(value: string, out: Lines, isPicked: boolean): void
}

export interface Stream {
  /** Set when the stream gave up. */
  readonly odd: string
  readonly giveUp: string
  readonly stop: string
  /** That no item can make it fail. */
  readonly isTotal: boolean
  /** Whether what the last step gives comes as it is, not through a predicate. */
  readonly endsAsIs: boolean
}

export interface StreamRequest {
  readonly node: TreeNode
  readonly scope: Scope
  readonly out: Lines
  readonly sink: (stream: Stream) => Sink
}

/** False when the node is nothing to loop over. */
export function emitStream(generate: Generate, { node, scope, out, sink }: StreamRequest): Stream | undefined {
  const parts = toParts(node)
  if (!parts) return undefined
  const { unit } = generate
  const odd = unit.name('odd')
  const label = unit.name('L')
  const last = parts.at(-1)
  const stream: Stream = { odd, giveUp: `{ ${odd} = true; break ${label}; }`, stop: `break ${label};`, isTotal: !parts.some((part) => part.mayFail), endsAsIs: last?.is !== 'filter' }
  out.push(`let ${odd} = false;`, `${label}: {`)
  new StreamWriter(generate, stream, sink(stream)).runs(toRuns(parts), { scope, isAbsolute: node.predicate !== undefined || node.steps?.[0]?.type === 'variable' }, out)
  out.push('}')
  return stream
}

class StreamWriter {
  constructor(
    private readonly generate: Generate,
    private readonly stream: Stream,
    private readonly sink: Sink,
  ) {}

  runs(runs: readonly (readonly Part[])[], { scope, isAbsolute }: { readonly scope: Scope; readonly isAbsolute: boolean }, out: Lines): void {
    let items: string | undefined
    for (const [index, run] of runs.entries()) {
      const isLast = index === runs.length - 1
      const collected = isLast ? undefined : this.name('c')
      if (collected !== undefined) out.push(`const ${collected} = [];`)
      const walk = new RunWriter({ generate: this.generate, stream: this.stream, run, scope, isLast, sink: collected === undefined ? this.sink : { item: (item, lines) => lines.push(`${collected}.push(${item});`) } })
      if (items === undefined) walk.start(isAbsolute, out)
      else walk.continue(items, out)
      items = collected
    }
  }

  private name(prefix: string): string {
    return this.generate.unit.name(prefix)
  }
}

interface RunContext {
  readonly generate: Generate
  readonly stream: Stream
  readonly run: readonly Part[]
  readonly scope: Scope
  readonly isLast: boolean
  readonly sink: Sink
}

class RunWriter {
  readonly #generate: Generate
  readonly #stream: Stream
  readonly #parts: readonly Part[]
  readonly #scope: Scope
  readonly #sink: Sink
  readonly #isLast: boolean

  constructor({ generate, stream, run, scope, isLast, sink }: RunContext) {
    this.#generate = generate
    this.#stream = stream
    this.#parts = run
    this.#scope = scope
    this.#sink = sink
    this.#isLast = isLast
  }

  /** From the context, which is one item. */
  start(isAbsolute: boolean, out: Lines): void {
    const { context, isObject } = this.#scope
    if (!isObject && !isAbsolute) out.push(`if (isList(${context})) ${this.#stream.giveUp}`)
    this.#step(0, { js: context, isObject }, out)
  }

  /** From the items that an earlier run collected. */
  continue(items: string, out: Lines): void {
    const [first] = this.#parts
    if (first?.is === 'sort') {
      this.#sortedItems(this.#sorted(first, items, out), out)
      return
    }
    this.#loop(items, `${items}.length`, out, (index, lines) => {
      const item = this.#name()
      lines.push(`const ${item} = ${items}[${index}];`)
      this.#step(0, { js: item, isObject: false }, lines)
    })
  }

  #name(prefix = 't'): string {
    return this.#generate.unit.name(prefix)
  }

  #loop(_items: string, length: string, out: Lines, body: (index: string, lines: Lines) => void): void {
    const index = this.#name('i')
    const count = this.#name('n')
    out.push(`const ${count} = ${length};`, `if ((run.steps -= ${count}) < 0) R.tooLong();`, `for (let ${index} = 0; ${index} < ${count}; ${index}++) {`)
    body(index, out)
    out.push('}')
  }

  #sorted(part: Extract<Part, { is: 'sort' }>, items: string, out: Lines): string {
    const next = this.#parts[1]
    const isFirstOnly = next?.is === 'pick' && next.position === 0
    const sorted = this.#name()
    out.push(`const ${sorted} = ${items}.length < 2 ? ${items} : R.${isFirstOnly ? 'firstSorted' : 'sorted'}(${items}, {keyOf: ${this.#keyFunction(part.key)}, descending: ${part.descending}, takesMissing: true});`, `if (${sorted} === undefined || (${items}.length === 1 && isList(${items}[0]))) ${this.#stream.giveUp}`)
    return sorted
  }

  // A list in order is a list of its own, unless there was nothing to order.
  #sortedItems(sorted: string, out: Lines): void {
    const isEnd = this.#parts.length === 1 && this.#isLast
    if (!isEnd) {
      this.#value(1, sorted, { kinds: list, out, isPicked: true })
      return
    }
    const lines: Lines = []
    this.#sink.result?.(sorted, lines, false)
    if (lines.length > 0) out.push(`if (${sorted}.length > 1) {`, ...lines, '}')
    this.#items(sorted, { kinds: list, none: '0' }, out, (item, inner) => {
      this.#sink.item(item, inner)
    })
  }

  #keyFunction(key: TreeNode): string {
    const item = this.#name('x')
    const lines: Lines = []
    const { js } = this.#generate.value(key, inContext(this.#scope, item, false), lines)
    return `(${item}) => { ${lines.join('\n')} return ${js}; }`
  }

  /** The step at an index, of an item. */
  #step(at: number, item: { readonly js: string; readonly isObject: boolean }, out: Lines): void {
    const part = this.#parts[at]
    if (part === undefined) {
      this.#sink.item(item.js, out)
      return
    }
    if (part.is === 'name') {
      const value = this.#name()
      out.push(item.isObject ? `const ${value} = ${fieldOf(item.js, part.name)};` : `const ${value} = ${this.#field(item.js, part.name)};`)
      this.#value(at + 1, value, { kinds: anything, out })
    } else if (part.is === 'map') {
      this.#map(at, part.node, item, out)
    }
  }

  #field(item: string, name: string): string {
    return `(typeof ${item} === 'object' && ${item} !== null ? (isList(${item}) ? R.find(${item}, ${JSON.stringify(name)}) : ${fieldOf(item, name)}) : undefined)`
  }

  #map(at: number, node: TreeNode, item: { readonly js: string; readonly isObject: boolean }, out: Lines): void {
    const scope = inContext(this.#scope, item.js, item.isObject)
    const inner = this.#parts[at + 1] === undefined || isStep(this.#parts[at + 1] as Part) ? innerStream(node) : undefined
    if (inner) {
      this.#nested(at, inner, scope, out)
      return
    }
    if (item.isObject || !usesContextNames(node)) {
      const { js, kinds } = this.#generate.value(node, scope, out)
      this.#value(at + 1, js, { kinds, out })
      return
    }
    const value = this.#name()
    const lines: Lines = []
    const { js } = this.#generate.value(node, { ...scope, isObject: true }, lines)
    out.push(`let ${value};`, `if (${isObjectTest(item.js)}) {`, ...lines, `${value} = ${js};`, `} else ${value} = ${this.#generate.unit.exact(node, scope)};`)
    this.#value(at + 1, value, { kinds: anything, out })
  }

  /** `a.($x := …; b[…])`: the inner items become items of the outer path. */
  #nested(at: number, { binds, path }: InnerStream, scope: Scope, out: Lines): void {
    if (!scope.isObject) out.push(`if (!(${isObjectTest(scope.context)})) ${this.#stream.giveUp}`)
    let inner: Scope = { ...scope, isObject: true }
    for (const bind of binds) inner = withVariable(inner, bind.name, this.#generate.value(bind.value, inner, out))
    const found = emitStream(this.#generate, { node: path, scope: inner, out, sink: () => ({
      item: (item, lines) => {
        lines.push(`if (${item} === undefined || isList(${item})) ${this.#stream.giveUp}`)
        this.#step(at + 1, { js: item, isObject: false }, lines)
      },
    }) })
    if (found) out.push(`if (${found.odd}) ${this.#stream.giveUp}`)
  }

  /** What a step gave: predicates of the step come next, or its items. */
  #value(at: number, value: string, { kinds, out, isPicked = false }: { readonly kinds: Kinds; readonly out: Lines; readonly isPicked?: boolean }): void {
    const part = this.#parts[at]
    if (part?.is === 'pick') {
      const picked = this.#name()
      out.push(`const ${picked} = R.pick(${value}, ${part.position});`)
      this.#value(at + 1, picked, { kinds: anything, out, isPicked: true })
    } else if (part?.is === 'filter') {
      this.#filter(at, part, { value, kinds, isPicked }, out)
    } else {
      if (part === undefined && this.#isLast) this.#sink.result?.(value, out, isPicked)
      this.#items(value, { kinds, none: `${value} === undefined ? 0 : 1` }, out, (item, lines) => {
        this.#step(at, { js: item, isObject: false }, lines)
      })
    }
  }

  #items(value: string, { kinds, none }: { readonly kinds: Kinds; readonly none: string }, out: Lines, body: (item: string, lines: Lines, index: string, length: string) => void): void {
    if ((kinds & list) === 0) {
      out.push((kinds & missing) === 0 || none === '1' ? '{' : `if (${value} !== undefined) {`)
      body(value, out, '0', '1')
      out.push('}')
      return
    }
    const isMany = this.#name('m')
    const length = this.#name('n')
    out.push(`const ${isMany} = isList(${value});`, `const ${length} = ${isMany} ? ${value}.length : ${none};`)
    this.#loop(value, length, out, (index, lines) => {
      const item = this.#name()
      lines.push(`const ${item} = ${isMany} ? ${value}[${index}] : ${value};`)
      body(item, lines, index, length)
    })
  }

  #filter(at: number, part: Extract<Part, { is: 'filter' }>, { value, kinds, isPicked }: { readonly value: string; readonly kinds: Kinds; readonly isPicked: boolean }, out: Lines): void {
    // A missing value counts as one item, which is missing; what a position picked does not.
    const none = isPicked ? `${value} === undefined ? 0 : 1` : '1'
    const next = this.#parts[at + 1]
    const collects = next !== undefined && !isStep(next)
    const collected = collects ? this.#name('c') : ''
    if (collects) out.push(`const ${collected} = [];`)
    this.#items(value, { kinds, none }, out, (item, lines, index, length) => {
      this.#selected(part, { item, index, length }, lines, (isObject) => {
        if (collects) lines.push(`${collected}.push(${item});`)
        else this.#step(at + 1, { js: item, isObject }, lines)
      })
    })
    if (collects) this.#value(at + 1, collected, { kinds: list, out, isPicked: true })
  }

  #selected(part: Extract<Part, { is: 'filter' }>, { item, index, length }: { readonly item: string; readonly index: string; readonly length: string }, out: Lines, body: (isObject: boolean) => void): void {
    const scope = inContext(this.#scope, item, false)
    const guards = usesContextNames(part.node)
    const lines: Lines = []
    const inner = guards ? { ...scope, isObject: true } : scope
    const times = this.#name('s')
    const selected = part.isCondition ? this.#generate.condition(part.node, inner, lines) : timesOf(this.#generate.value(part.node, inner, lines).js, index, length)
    const exact = `R.timesSelected(${this.#generate.unit.exact(part.node, scope)}, ${index}, ${length})`
    if (guards) out.push(`let ${times};`, `if (${isObjectTest(item)}) {`, ...lines, `${times} = ${selected};`, `} else ${times} = ${exact}${part.isCondition ? ' === 1' : ''};`)
    else out.push(...lines, `const ${times} = ${selected};`)
    if (part.isCondition) {
      out.push(`if (${times}) {`)
      body(false)
      out.push('}')
    } else {
      const time = this.#name('j')
      out.push(`for (let ${time} = ${times}; ${time} > 0; ${time}--) {`)
      body(false)
      out.push('}')
    }
  }
}

function timesOf(value: string, index: string, length: string): string {
  return `${value} === true ? 1 : ${value} === false || ${value} === undefined ? 0 : R.timesSelected(${value}, ${index}, ${length})`
}

interface InnerStream {
  readonly binds: readonly { readonly name: string; readonly value: TreeNode }[]
  readonly path: TreeNode
}

/** A block of bindings that ends with a path whose last step has a predicate: what it gives is no list of the data itself. */
function innerStream(node: TreeNode): InnerStream | undefined {
  if (node.type !== 'block' || node.predicate || node.group || node.keepArray) return undefined
  const bound = boundIn(node)
  const parts = bound && toParts(bound.last)
  return parts && parts.at(-1)?.is === 'filter' ? { binds: bound.binds, path: bound.last } : undefined
}
