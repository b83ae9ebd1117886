// Objects that the expression makes: written out field by field, or a path's items grouped by a key.
import { type TreeNode, pairs, textOf } from '../tree-node.js'
import { anything, object } from './kinds.js'
import type { Place } from './sinks.js'
import { emitStream } from './streams.js'
import { type Code, type Generate, type Lines, type Scope, inContext } from './unit.js'

const reserved: ReadonlySet<string> = new Set(['_jsonata_lambda', '_jsonata_function'])
const isWholeNumber = /^\d+$/

/** `{"a": x, "b": y}` of one object: keys are constant, different, and in the order in which they are written. */
export function emitObject(generate: Generate, { node, scope, out }: Place): Code | undefined {
  if (!scope.isObject) return undefined
  const fields = pairs(node).map(([key, value]) => ({ key, value }))
  const keys = fields.map(({ key }) => (key?.type === 'string' && !key.predicate && !key.group ? textOf(key.value) : undefined))
  const arePlain = keys.every((key) => key !== undefined && !reserved.has(key) && !isWholeNumber.test(key))
  if (!arePlain || new Set(keys).size < keys.length) return undefined
  const made = generate.unit.name('o')
  out.push(`const ${made} = {__proto__: null};`)
  for (const [index, { value }] of fields.entries()) {
    if (!value) return undefined
    const { js } = generate.value(value, scope, out)
    out.push(`if (${js} !== undefined) ${made}[${JSON.stringify(keys[index])}] = ${js};`)
  }
  return { js: made, kinds: object }
}

/** `path{key: value}` with one pair: all keys first, then the value of each group. */
export function emitGrouped(generate: Generate, { node, scope, out }: Place): Code | undefined {
  const [pair, ...more] = node.group?.lhs ?? []
  const [key, value] = pair ?? []
  if (!key || !value || more.length > 0 || node.steps?.some((step) => step.tuple)) return undefined
  const { unit } = generate
  const [items, made] = [unit.name('c'), unit.name('v')]
  const lines: Lines = [`const ${items} = [];`]
  const stream = emitStream(generate, { node, scope, out: lines, beforeGrouping: true, sink: () => ({ item: (item, inner) => inner.push(`${items}.push(${item});`) }) })
  if (!stream) return undefined
  out.push(...lines, `const ${made} = ${stream.odd} ? ${unit.exact(node, scope)} : R.grouped(${items}, ${toFunction(generate, key, scope)}, ${toFunction(generate, value, scope)});`)
  return { js: made, kinds: anything }
}

function toFunction(generate: Generate, node: TreeNode, scope: Scope): string {
  const item = generate.unit.name('x')
  const lines: Lines = []
  const { js } = generate.value(node, inContext(scope, item, false), lines)
  return `(${item}) => { ${lines.join('\n')} return ${js}; }`
}
