// One run of a stream's parts: nested loops, from an item of the first step inwards to what is done with each item of the last.
import type { TreeNode } from '../tree-node.js'
import { boundIn } from './bindings.js'
import { type Kinds, anything, areWithin, list, missing, number, object } from './kinds.js'
import { type Binds, type Part, isStep, toParts } from './stream-parts.js'
import { type Code, type Generate, type Lines, type Scope, type Sink, type Stream, type StreamRequest, fieldOf, inContext, isObjectTest, withVariable } from './unit.js'
import { usesContextNames } from './uses.js'

export interface RunContext {
  readonly generate: Generate
  /** Writes the loops of a path inside this one. */
  readonly nested: (generate: Generate, request: StreamRequest) => Stream | undefined
  readonly stream: Stream
  readonly parts: readonly Part[]
  readonly isLast: boolean
  readonly sink: Sink
}

/** A value in a variable, on its way through the parts. */
interface Value {
  readonly js: string
  readonly kinds: Kinds
  /** What the step came from, when rows of bindings want to know. */
  readonly rows?: { readonly binds: Binds; readonly from: Scope }
  /** That a missing value is no item for a predicate, as it is otherwise. */
  readonly isPicked?: boolean
}

interface Item {
  readonly js: string
  readonly index: string
  readonly length: string
}

export class RunWriter {
  readonly #context: RunContext
  readonly #parts: readonly Part[]

  constructor(context: RunContext) {
    this.#context = context
    this.#parts = context.parts
  }

  /** From the context: it is one item, unless it is a list. */
  start({ scope, isAbsolute }: { readonly scope: Scope; readonly isAbsolute: boolean }, out: Lines): void {
    if (scope.isObject || isAbsolute) {
      this.#step(0, scope, out)
      return
    }
    this.#items({ js: scope.context, kinds: anything }, '1', out, (item, lines) => {
      this.#step(0, inContext(scope, item.js, false), lines)
    })
  }

  /** From the items that an earlier run collected. */
  continue(items: string, scope: Scope, out: Lines): void {
    const [first] = this.#parts
    if (first?.is === 'sort') {
      this.#sortedItems(this.#sorted(first, items, scope, out), scope, out)
      return
    }
    this.#items({ js: items, kinds: list }, '0', out, (item, lines) => {
      this.#step(0, inContext(scope, item.js, false), lines)
    })
  }

  #name(prefix = 't'): string {
    return this.#context.generate.unit.name(prefix)
  }

  #sorted(part: Extract<Part, { is: 'sort' }>, items: string, scope: Scope, out: Lines): string {
    const next = this.#parts[1]
    const isFirstOnly = next?.is === 'pick' && next.position === 0
    const sorted = this.#name()
    out.push(`const ${sorted} = ${items}.length < 2 ? ${items} : R.${isFirstOnly ? 'firstSorted' : 'sorted'}(${items}, {keyOf: ${this.#keyFunction(part.key, scope)}, descending: ${part.descending}, takesMissing: true});`,
      `if (${sorted} === undefined || (${items}.length === 1 && isList(${items}[0]))) ${this.#context.stream.giveUp}`)
    return sorted
  }

  #keyFunction(key: TreeNode, scope: Scope): string {
    const item = this.#name('x')
    const lines: Lines = []
    const { js } = this.#context.generate.value(key, inContext(scope, item, false), lines)
    return `(${item}) => { ${lines.join('\n')} return ${js}; }`
  }

  // A list in order is a list of its own, unless there was nothing to order.
  #sortedItems(sorted: string, scope: Scope, out: Lines): void {
    const isEnd = this.#parts.length === 1 && this.#context.isLast
    if (!isEnd) {
      this.#value(1, { js: sorted, kinds: list, isPicked: true }, scope, out)
      return
    }
    const lines: Lines = []
    this.#context.sink.result?.(sorted, lines, false)
    if (lines.length > 0) out.push(`if (${sorted}.length > 1) {`, ...lines, '}')
    this.#items({ js: sorted, kinds: list }, '0', out, (item, inner) => {
      this.#context.sink.item(item.js, inner)
    })
  }

  /** The step at an index, of the item that is the scope's context. */
  #step(at: number, scope: Scope, out: Lines): void {
    const part = this.#parts[at]
    if (part === undefined) {
      this.#context.sink.item(scope.context, out)
    } else if (part.is === 'name') {
      const value = this.#name()
      out.push(`const ${value} = ${scope.isObject ? fieldOf(scope.context, part.name) : anyField(scope.context, part.name)};`)
      this.#value(at + 1, { js: value, kinds: anything, ...rowsFrom(part.rows, scope) }, scope, out)
    } else if (part.is === 'map') {
      this.#map(at, part, scope, out)
    }
  }

  #map(at: number, part: Extract<Part, { is: 'map' }>, scope: Scope, out: Lines): void {
    const { node } = part
    const next = this.#parts[at + 1]
    const inner = next === undefined || isStep(next) ? innerStream(node) : undefined
    if (inner) {
      this.#nested(at, inner, scope, out)
      return
    }
    const { generate } = this.#context
    if (scope.isObject || !usesContextNames(node)) {
      const { js, kinds } = generate.value(node, scope, out)
      this.#value(at + 1, { js, kinds, ...rowsFrom(part.rows, scope) }, scope, out)
      return
    }
    const value = this.#name()
    const lines: Lines = []
    const { js } = generate.value(node, { ...scope, isObject: true }, lines)
    out.push(`let ${value};`, `if (${isObjectTest(scope.context)}) {`, ...lines, `${value} = ${js};`, `} else ${value} = ${generate.unit.exact(node, scope)};`)
    this.#value(at + 1, { js: value, kinds: anything }, scope, out)
  }

  /** `a.($x := …; b[…])`: the inner items become items of the outer path. */
  #nested(at: number, { binds, path }: InnerStream, scope: Scope, out: Lines): void {
    const { generate, nested, stream } = this.#context
    if (!scope.isObject) out.push(`if (!(${isObjectTest(scope.context)})) ${stream.giveUp}`)
    let inner: Scope = { ...scope, isObject: true }
    for (const bind of binds) inner = withVariable(inner, bind.name, generate.value(bind.value, inner, out))
    const sink: Sink = {
      item: (item, lines) => {
        lines.push(`if (${item} === undefined || isList(${item})) ${stream.giveUp}`)
        this.#step(at + 1, inContext(scope, item, false), lines)
      },
    }
    const found = nested(generate, { node: path, scope: inner, out, sink: () => sink })
    if (found) out.push(`if (${found.odd}) ${stream.giveUp}`)
  }

  /** What a step gave: predicates of the step come next, or its items. */
  #value(at: number, value: Value, scope: Scope, out: Lines): void {
    const part = this.#parts[at]
    if (part?.is === 'pick') {
      const picked = this.#name()
      out.push(`const ${picked} = R.pick(${value.js}, ${part.position});`)
      this.#value(at + 1, { js: picked, kinds: anything, isPicked: true }, scope, out)
    } else if (part?.is === 'filter' && !value.rows) {
      this.#filter(at, part, value, { scope, out })
    } else {
      if (part === undefined && this.#context.isLast && !value.rows) this.#context.sink.result?.(value.js, out, value.isPicked === true)
      this.#items(value, `${value.js} === undefined ? 0 : 1`, out, (item, lines) => {
        if (value.rows) this.#row(at, value.rows, item, lines)
        else this.#step(at, inContext(scope, item.js, value.kinds === object), lines)
      })
    }
  }

  #items(value: Value, none: string, out: Lines, body: (item: Item, lines: Lines) => void): void {
    const { js, kinds } = value
    if ((kinds & list) === 0) {
      out.push((kinds & missing) === 0 || none === '1' ? '{' : `if (${js} !== undefined) {`)
      body({ js, index: '0', length: '1' }, out)
      out.push('}')
      return
    }
    const [isMany, length, index, item] = [this.#name('m'), this.#name('n'), this.#name('i'), this.#name()]
    if (kinds === list) out.push(`const ${length} = ${js}.length;`)
    else out.push(`const ${isMany} = isList(${js});`, `const ${length} = ${isMany} ? ${js}.length : ${none};`)
    out.push(`if ((run.steps -= ${length}) < 0) R.tooLong();`, `for (let ${index} = 0; ${index} < ${length}; ${index}++) {`, `const ${item} = ${kinds === list ? `${js}[${index}]` : `${isMany} ? ${js}[${index}] : ${js}`};`)
    body({ js: item, index, length }, out)
    out.push('}')
  }

  /** A row of bindings: the item is the new context unless it is bound to a variable. */
  #row(at: number, { binds, from }: NonNullable<Value['rows']>, item: Item, out: Lines): void {
    let scope = binds.focus === undefined ? inContext(from, item.js, false) : withVariable(from, binds.focus, { js: item.js, kinds: anything })
    if (binds.index !== undefined) scope = withVariable(scope, binds.index, { js: item.index, kinds: number })
    if (binds.ancestor !== undefined) scope = withVariable(scope, binds.ancestor, { js: from.context, kinds: anything })
    this.#rowFilter(at, scope, out)
  }

  #rowFilter(at: number, scope: Scope, out: Lines): void {
    const part = this.#parts[at]
    if (part?.is !== 'filter') {
      this.#step(at, scope, out)
      return
    }
    this.#selected(part, { js: scope.context, index: '0', length: '1' }, scope, out, (lines) => {
      this.#rowFilter(at + 1, scope, lines)
    })
  }

  #filter(at: number, part: Extract<Part, { is: 'filter' }>, value: Value, { scope, out }: { readonly scope: Scope; readonly out: Lines }): void {
    // A missing value counts as one item, which is missing; what a position picked does not.
    const none = value.isPicked ? `${value.js} === undefined ? 0 : 1` : '1'
    const next = this.#parts[at + 1]
    const collected = next !== undefined && !isStep(next) ? this.#name('c') : undefined
    if (collected !== undefined) out.push(`const ${collected} = [];`)
    this.#items(value, none, out, (item, lines) => {
      const inner = inContext(scope, item.js, false)
      this.#selected(part, item, inner, lines, (selected) => {
        if (collected === undefined) this.#step(at + 1, inner, selected)
        else selected.push(`${collected}.push(${item.js});`)
      })
    })
    if (collected !== undefined) this.#value(at + 1, { js: collected, kinds: list, isPicked: true }, scope, out)
  }

  #selected(part: Extract<Part, { is: 'filter' }>, { index, length }: Item, scope: Scope, out: Lines, body: (lines: Lines) => void): void {
    const { generate } = this.#context
    const guards = !scope.isObject && usesContextNames(part.node)
    const lines: Lines = []
    const inner = guards ? { ...scope, isObject: true } : scope
    const times = this.#name('s')
    const selected = part.isCondition ? generate.condition(part.node, inner, lines) : timesOf(generate.value(part.node, inner, lines), index, length)
    if (guards) out.push(`let ${times};`, `if (${isObjectTest(scope.context)}) {`, ...lines, `${times} = ${selected};`, `} else ${times} = R.timesSelected(${generate.unit.exact(part.node, scope)}, ${index}, ${length})${part.isCondition ? ' === 1' : ''};`)
    else out.push(...lines, `const ${times} = ${selected};`)
    const time = this.#name('j')
    out.push(part.isCondition ? `if (${times}) {` : `for (let ${time} = ${times}; ${time} > 0; ${time}--) {`)
    body(out)
    out.push('}')
  }
}

function rowsFrom(binds: Binds | undefined, from: Scope): Pick<Value, 'rows'> {
  return binds ? { rows: { binds, from } } : {}
}

function anyField(item: string, name: string): string {
  return `(typeof ${item} === 'object' && ${item} !== null ? (isList(${item}) ? R.find(${item}, ${JSON.stringify(name)}) : ${fieldOf(item, name)}) : undefined)`
}

function timesOf({ js: value, kinds }: Code, index: string, length: string): string {
  if (areWithin(kinds, number | missing)) return `${value} - ${value} === 0 ? (Math.floor(${value}) === ${index} || Math.floor(${value}) + ${length} === ${index} && ${value} < 0 ? 1 : 0) : R.timesSelected(${value}, ${index}, ${length})`
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
