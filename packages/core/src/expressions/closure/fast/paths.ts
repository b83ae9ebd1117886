// Paths as values. A chain of names over objects is read directly; a list on the way makes it a loop.
import { type TreeNode, textOf } from '../tree-node.js'
import { anything } from './kinds.js'
import { type Place, emitValue } from './sinks.js'
import { type Code, type Generate, type Lines, fieldOf } from './unit.js'

export function emitPath(generate: Generate, { node, scope, out }: Place, isShapeEnough = false): Code {
  const names = namesOf(node)
  if (names) return emitChain(generate, { node, scope, out }, { names, isShapeEnough })
  return emitValue(generate, { node, scope, out }, isShapeEnough) ?? generate.unit.fallback(node, scope, out)
}

/** The names of a path of nothing else. */
export function namesOf(node: TreeNode): readonly string[] | undefined {
  if (node.type !== 'path' || node.predicate || node.group || node.keepArray || node.keepSingletonArray) return undefined
  const steps = node.steps ?? []
  const arePlain = steps.every((step) => step.type === 'name' && !step.stages && !step.tuple && !step.keepArray && !step.group && !step.ancestor)
  return arePlain ? steps.map((step) => textOf(step.value)) : undefined
}

function emitChain(generate: Generate, place: Place, { names, isShapeEnough }: { readonly names: readonly string[]; readonly isShapeEnough: boolean }): Code {
  const { scope, out } = place
  const { unit } = generate
  const value = unit.name('v')
  if (scope.isObject && names.length === 1 && !unit.makesObjects) {
    out.push(`const ${value} = ${fieldOf(scope.context, names[0] ?? '')};`)
    return { js: value, kinds: anything }
  }
  const isMany = unit.name('m')
  out.push(`let ${value}, ${isMany} = false;`)
  emitReads({ generate, names, value, isMany, certain: scope.isObject }, scope.context, out)
  const lines: Lines = []
  const many = emitValue(generate, { ...place, out: lines }, isShapeEnough)
  out.push(`if (${isMany}) {`, ...lines, `${value} = ${many?.js ?? unit.exact(place.node, scope)};`, '}')
  return { js: value, kinds: anything }
}

interface Reads {
  readonly generate: Generate
  readonly names: readonly string[]
  readonly value: string
  readonly isMany: string
  readonly certain: boolean
}

function emitReads({ generate, names, value, isMany, certain }: Reads, from: string, out: Lines): void {
  const [name = '', ...rest] = names
  const { unit } = generate
  if (!certain) out.push(`if (typeof ${from} === 'object' && ${from} !== null) { if (isList(${from})) ${isMany} = true; else {`)
  if (rest.length === 0) {
    out.push(`${value} = ${fieldOf(from, name)};`)
    // A sequence in a field of an object that the expression made is flattened anew.
    if (unit.makesObjects) out.push(`if (R.isSequence(${value})) ${isMany} = true;`)
  } else {
    const next = unit.name()
    out.push(`const ${next} = ${fieldOf(from, name)};`)
    emitReads({ generate, names: rest, value, isMany, certain: false }, next, out)
  }
  if (!certain) out.push('} }')
}
