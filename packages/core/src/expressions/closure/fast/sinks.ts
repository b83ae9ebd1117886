// What is done with the items of a stream: counted, added up, looked for, or collected into the path's value.
import type { TreeNode } from '../tree-node.js'
import { anything, boolean, missing, number } from './kinds.js'
import { emitStream } from './streams.js'
import type { Code, Generate, Lines, Scope, Sink } from './unit.js'

export interface Place {
  readonly node: TreeNode
  readonly scope: Scope
  readonly out: Lines
}

/**
 * The value of a path: nothing, the only item, or a sequence; a list of the data where the path ends in just one.
 * Where the shape is enough, any list stands for several items.
 */
export function emitValue(generate: Generate, place: Place, isShapeEnough = false): Code | undefined {
  const { unit } = generate
  const [count, one, many, value, results, raw] = ['n', 'one', 'all', 'v', 'r', 'raw'].map((each) => unit.name(each)) as [string, string, string, string, string, string]
  const out: Lines = [`let ${count} = 0, ${one}, ${many}${isShapeEnough ? ' = R.someList' : ''}, ${results} = 0, ${raw};`]
  const found = emitStream(generate, {
    ...place, out,
    sink: ({ endsAsIs }) => ({
      item: (item, lines) => {
        lines.push(`if (${count} === 0) ${one} = ${item};${isShapeEnough ? '' : ` else if (${count} === 1) ${many} = R.two(${one}, ${item}); else R.addItem(${many}, ${item});`}`, `${count}++;`)
      },
      ...(endsAsIs ? { result: asIs(results, raw) } : {}),
    }),
  })
  if (!found) return undefined
  place.out.push(...out, `const ${value} = ${found.odd} ? ${unit.exact(place.node, place.scope)} : ${found.endsAsIs ? `${results} === 1 && ${raw} !== undefined ? ${raw} : ` : ''}${count} < 2 ? ${one} : ${many};`)
  return { js: value, kinds: anything }
}

function asIs(results: string, raw: string): NonNullable<Sink['result']> {
  return (value, out, isPicked) => {
    out.push(`if (${isPicked ? 'true' : `${value} !== undefined`}) { ${results}++; if (isList(${value}) && !R.isSequence(${value})) ${raw} = ${value}; }`)
  }
}

/** `$exists(path)`, as a JavaScript expression. */
export function emitExists(generate: Generate, place: Place): string | undefined {
  const { unit } = generate
  const [found, phantoms, results, raw] = ['found', 'p', 'r', 'raw'].map((each) => unit.name(each)) as [string, string, string, string]
  const out: Lines = [`let ${found} = false, ${phantoms} = 0, ${results} = 0, ${raw};`]
  const stream = emitStream(generate, {
    ...place, out,
    sink: ({ isTotal, stop, endsAsIs }) => ({
      item: (item, lines) => {
        lines.push(`if (${item} !== undefined) { ${found} = true; ${isTotal ? stop : ''} } else ${phantoms}++;`)
      },
      ...(endsAsIs ? { result: asIs(results, raw) } : {}),
    }),
  })
  if (!stream) return undefined
  place.out.push(...out, `if (${stream.odd}) ${found} = ${unit.exact(place.node, place.scope)} !== undefined; else if (${phantoms} > 1${stream.endsAsIs ? ` || (${results} === 1 && ${raw} !== undefined)` : ''}) ${found} = true;`)
  return found
}

/** `$count(path)`. */
export function emitCount(generate: Generate, place: Place): Code | undefined {
  const { unit } = generate
  const [count, one] = [unit.name('n'), unit.name('one')]
  const out: Lines = [`let ${count} = 0, ${one};`]
  const stream = emitStream(generate, { ...place, out, sink: () => ({ item: (item, lines) => lines.push(`${count}++; ${one} = ${item};`) }) })
  if (!stream) return undefined
  const exact = `R.countOf(${unit.exact(place.node, place.scope)})`
  place.out.push(...out, `if (${stream.odd} || (${count} === 1 && isList(${one}))) ${count} = ${exact}; else if (${count} === 1 && ${one} === undefined) ${count} = 0;`)
  return { js: count, kinds: number }
}

/** `$count($distinct(path))` of texts, numbers and booleans. */
export function emitCountDistinct(generate: Generate, place: Place, whole: TreeNode): Code | undefined {
  const { unit } = generate
  const [items, count] = [unit.name('set'), unit.name('n')]
  const out: Lines = [`const ${items} = new Set();`]
  const stream = emitStream(generate, {
    ...place, out,
    sink: ({ giveUp }) => ({ item: (item, lines) => lines.push(`if (typeof ${item} === 'object' || ${item} === undefined || ${item} !== ${item}) ${giveUp} ${items}.add(${item});`) }),
  })
  if (!stream) return undefined
  place.out.push(...out, `const ${count} = ${stream.odd} ? ${unit.exact(whole, place.scope)} : ${items}.size;`)
  return { js: count, kinds: number }
}

const folds = {
  sum: { start: '0', step: (total: string, item: string) => `${total} += ${item};`, result: (total: string) => total },
  average: { start: '0', step: (total: string, item: string) => `${total} += ${item};`, result: (total: string, count: string) => `${total} / ${count}` },
  max: { start: '-Infinity', step: (total: string, item: string) => `${total} = Math.max(${total}, ${item});`, result: (total: string) => total },
  min: { start: 'Infinity', step: (total: string, item: string) => `${total} = Math.min(${total}, ${item});`, result: (total: string) => total },
}

export function isFold(name: string): name is keyof typeof folds {
  return name in folds && Object.hasOwn(folds, name)
}

/** `$sum(path)` and the like; `whole` is the call, for the exact evaluator. */
export function emitFold(generate: Generate, name: keyof typeof folds, place: Place, whole: TreeNode): Code | undefined {
  const { unit } = generate
  const fold = folds[name]
  const [count, total, value, results] = [unit.name('n'), unit.name('sum'), unit.name('v'), unit.name('r')]
  const out: Lines = [`let ${count} = 0, ${total} = ${fold.start}, ${results} = 0;`]
  const stream = emitStream(generate, {
    ...place, out,
    sink: ({ giveUp }) => ({
      item: (item, lines) => {
        lines.push(`if (typeof ${item} !== 'number') ${giveUp}`, fold.step(total, item), `${count}++;`)
      },
      result: (_value, lines) => {
        lines.push(`${results}++;`)
      },
    }),
  })
  if (!stream) return undefined
  const exact = unit.exact(whole, place.scope)
  place.out.push(...out, `const ${value} = ${stream.odd} || (${count} === 0 && ${results} > 0) ? ${exact} : ${count} === 0 ? undefined : ${fold.result(total, count)};`)
  return { js: value, kinds: number | missing }
}

/** `x in path`, of a value that is in a variable. */
export function emitIncludes(generate: Generate, wanted: string, place: Place): Code | undefined {
  const { unit } = generate
  const found = unit.name('found')
  const out: Lines = [`let ${found} = false;`]
  const stream = emitStream(generate, {
    ...place, out,
    sink: ({ isTotal, stop, giveUp }) => ({
      item: (item, lines) => {
        lines.push(`if (isList(${item})) ${giveUp}`, `if (${item} === ${wanted}) { ${found} = true; ${isTotal ? stop : ''} }`)
      },
    }),
  })
  if (!stream) return undefined
  // A list after the place where the loop stopped does not make it less true, unless it is in a list of lists.
  place.out.push(...out, `if (${wanted} === undefined) ${found} = false; else if (${stream.odd}) ${found} = R.includes(${wanted}, ${unit.exact(place.node, place.scope)});`)
  return { js: found, kinds: boolean }
}

/** A path as a condition: whether any of its items counts as true. */
export function emitAny(generate: Generate, place: Place): string | undefined {
  const { unit } = generate
  const any = unit.name('any')
  const out: Lines = [`let ${any} = false;`]
  const stream = emitStream(generate, {
    ...place, out,
    sink: ({ giveUp }) => ({
      item: (item, lines) => {
        // Numbers without end are errors, lists are looked into: both by the exact evaluator.
        lines.push(`if (typeof ${item} === 'object') { if (isList(${item})) ${giveUp} if (!${any} && ${item} !== null) ${any} = R.truth(${item}); } else if (typeof ${item} === 'number') { if (${item} - ${item} !== 0) ${giveUp} if (${item} !== 0) ${any} = true; } else if (${item} && typeof ${item} !== 'function') ${any} = true;`)
      },
    }),
  })
  if (!stream) return undefined
  place.out.push(...out, `if (${stream.odd}) ${any} = R.truth(${unit.exact(place.node, place.scope)});`)
  return any
}
