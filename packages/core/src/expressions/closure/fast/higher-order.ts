// $filter, $map, $reduce and $sort with a function that is written in place: loops with the function's body inside.
import { isPairs } from '../../syntax-tree.js'
import { type TreeNode, textOf } from '../tree-node.js'
import { bindsLoosely } from './bindings.js'
import { anything } from './kinds.js'
import { withoutTailCalls } from './thunks.js'
import { type Code, type Generate, type Lines, type Scope, withVariable } from './unit.js'

export interface HigherOrderCall {
  readonly name: string
  readonly args: readonly TreeNode[]
  readonly node: TreeNode
}

export function emitHigherOrder(generate: Generate, call: HigherOrderCall, scope: Scope, out: Lines): Code | undefined {
  const [items, func, init] = call.args
  if (!items || func?.type !== 'lambda' || func.signature || func.thunk || func.predicate || func.group) return undefined
  const body = func.body && withoutTailCalls(func.body)
  if (!body || bindsLoosely(body)) return undefined
  const work: Work = { generate, scope, out, items, body, parameters: (func.arguments ?? []).map((each) => textOf(each.value)), node: call.node }
  if (call.name === 'reduce') return emitReduce(work, init, call.args.length)
  if (call.args.length !== 2) return undefined
  if (call.name === 'filter' || call.name === 'map') return emitEach(work, call.name)
  if (call.name === 'each') return emitFields(work)
  return call.name === 'sort' ? emitSort(work) : undefined
}

interface Work {
  readonly generate: Generate
  readonly scope: Scope
  readonly out: Lines
  readonly items: TreeNode
  readonly body: TreeNode
  readonly parameters: readonly string[]
  readonly node: TreeNode
}

/** The items as a list in a variable; nothing happens in `body` when they are missing. */
function emitList({ generate, scope, out, items }: Work): string {
  const { js } = generate.value(items, scope, out)
  const list = generate.unit.name('l')
  out.push(`const ${list} = ${js} === undefined || isList(${js}) ? ${js} : [${js}];`)
  return list
}

const costOfCall = 4

function emitLoop(work: Work, list: string, from: string, body: (scope: Scope, lines: Lines, item: string) => void, bind: (index: string, item: string) => readonly string[]): void {
  const { generate, out } = work
  const [index, item] = [generate.unit.name('i'), generate.unit.name('x')]
  let inner = work.scope
  const values = bind(index, item)
  for (const [at, name] of work.parameters.entries()) inner = withVariable(inner, name, { js: values[at] ?? 'undefined', kinds: anything })
  out.push(`if ((run.steps -= ${list}.length * ${costOfCall}) < 0) R.tooLong();`, `for (let ${index} = ${from}; ${index} < ${list}.length; ${index}++) {`, `const ${item} = ${list}[${index}];`)
  body(inner, out, item)
  out.push('}')
}

function emitEach(work: Work, name: 'filter' | 'map'): Code {
  const { generate, out } = work
  const { unit } = generate
  const list = emitList(work)
  const [count, one, many, value] = [unit.name('n'), unit.name('one'), unit.name('all'), unit.name('v')]
  out.push(`let ${count} = 0, ${one}, ${many};`, `if (${list} !== undefined) {`)
  emitLoop(work, list, '0', (scope, lines, each) => {
    const item = name === 'filter' ? each : generate.value(work.body, scope, lines).js
    const test = name === 'filter' ? generate.condition(work.body, scope, lines) : `${item} !== undefined`
    lines.push(`if (${test}) { if (${count} === 0) ${one} = ${item}; else if (${count} === 1) ${many} = R.two(${one}, ${item}); else R.addItem(${many}, ${item}); ${count}++; }`)
  }, (index, item) => [item, index, list])
  out.push('}', `const ${value} = ${count} < 2 ? ${one} : ${many};`)
  return { js: value, kinds: anything }
}

/** $each: over the fields of one object. */
function emitFields(work: Work): Code {
  const { generate, scope, out, parameters } = work
  const { unit } = generate
  const { js } = generate.value(work.items, scope, out)
  const [value, count, one, many, key, item] = ['v', 'n', 'one', 'all', 'key', 'x'].map((each) => unit.name(each)) as [string, string, string, string, string, string]
  out.push(`let ${value}, ${count} = 0, ${one}, ${many};`, `if (typeof ${js} === 'object' && ${js} !== null && !isList(${js})) {`, `for (const ${key} of Object.keys(${js})) {`, `if ((run.steps -= ${costOfCall}) < 0) R.tooLong();`, `const ${item} = ${js}[${key}];`)
  let inner = scope
  for (const [at, name] of parameters.entries()) inner = withVariable(inner, name, { js: [item, key, js][at] ?? 'undefined', kinds: anything })
  const result = generate.value(work.body, inner, out).js
  out.push(`if (${result} !== undefined) { if (${count} === 0) ${one} = ${result}; else if (${count} === 1) ${many} = R.two(${one}, ${result}); else R.addItem(${many}, ${result}); ${count}++; }`, '}', `${value} = ${count} < 2 ? ${one} : ${many};`, `} else ${value} = ${unit.exact(work.node, scope)};`)
  return { js: value, kinds: anything }
}

function emitReduce(work: Work, init: TreeNode | undefined, args: number): Code | undefined {
  const { generate, scope, out, parameters } = work
  if (parameters.length < 2 || args > 3) return undefined
  const { unit } = generate
  const list = emitList(work)
  const start = init ? generate.value(init, scope, out).js : 'undefined'
  const [total, from] = [unit.name('acc'), unit.name('from')]
  out.push(`let ${total};`, `if (${list} !== undefined) {`, `const ${from} = ${start} === undefined && ${list}.length > 0 ? 1 : 0;`, `${total} = ${from} === 1 ? ${list}[0] : ${start};`)
  emitLoop(work, list, from, (inner, lines) => {
    lines.push(`${total} = ${generate.value(work.body, inner, lines).js};`)
  }, (index, item) => [total, item, index, list])
  out.push('}')
  return { js: total, kinds: anything }
}

/** A comparison of the same field of both items, which is an order by that field. */
function emitSort(work: Work): Code | undefined {
  const { generate, scope, out, body, parameters } = work
  const order = orderOf(body, parameters)
  if (!order) return undefined
  const { unit } = generate
  const list = emitList(work)
  const [value, item] = [unit.name('v'), unit.name('x')]
  const lines: Lines = []
  const key = generate.value({ type: 'path', steps: [{ type: 'variable', value: order.parameter }, ...order.steps] }, withVariable(scope, order.parameter, { js: item, kinds: anything }), lines)
  out.push(`let ${value} = ${list};`, `if (${list} !== undefined && ${list}.length > 1) {`,
    `${value} = R.sorted(${list}, {keyOf: (${item}) => { ${lines.join('\n')} return ${key.js}; }, descending: ${order.descending}, takesMissing: false});`,
    `if (${value} === undefined) ${value} = ${unit.exact(work.node, scope)};`, '}')
  return { js: value, kinds: anything }
}

interface FieldOrder {
  readonly parameter: string
  readonly steps: readonly TreeNode[]
  readonly descending: boolean
}

function orderOf(body: TreeNode, parameters: readonly string[]): FieldOrder | undefined {
  if (body.type !== 'binary' || (body.value !== '<' && body.value !== '>') || body.lhs === undefined || isPairs(body.lhs) || body.predicate || body.group) return undefined
  const left = fieldOfParameter(body.lhs)
  const right = body.rhs && fieldOfParameter(body.rhs)
  const [first, second] = parameters
  if (!left || !right || first === undefined || second === undefined || first === second || JSON.stringify(left.names) !== JSON.stringify(right.names)) return undefined
  const isStraight = left.parameter === first && right.parameter === second
  const isCrossed = left.parameter === second && right.parameter === first
  // The function says whether to swap: `$l.x < $r.x` puts the larger first.
  return isStraight || isCrossed ? { parameter: left.parameter, steps: left.steps, descending: (body.value === '<') === isStraight } : undefined
}

function fieldOfParameter(node: TreeNode): { readonly parameter: string; readonly steps: readonly TreeNode[]; readonly names: readonly string[] } | undefined {
  const [first, ...steps] = node.type === 'path' ? (node.steps ?? []) : []
  if (first?.type !== 'variable' || first.predicate || first.stages || node.keepSingletonArray || node.group || node.predicate) return undefined
  const arePlain = steps.every((step) => step.type === 'name' && !step.stages && !step.tuple && !step.keepArray && !step.predicate)
  return arePlain ? { parameter: textOf(first.value), steps, names: steps.map((step) => textOf(step.value)) } : undefined
}
