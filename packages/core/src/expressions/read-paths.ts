// The paths of a condition that read the profile: `person.score`, `opportunities[isClosed = false].amount`, `$vars.limit`, each
// as a tree that can be evaluated by itself, and for lists what it takes to count their rows.
import type { ClauseTree } from './clauses.js'
import { boundNames } from './reads.js'
import { type SyntaxNode, childrenOf, isPairs } from './syntax-tree.js'

export interface ReadPath {
  /** As people write it, filters shortened: `opportunities[…].amount`. */
  readonly text: string
  readonly tree: SyntaxNode
  /** If what it starts with is a list. */
  readonly list?: ListRead
}

export interface ListRead {
  readonly text: string
  /** All rows. */
  readonly all: SyntaxNode
  /** Those that pass the filters; absent without filters. */
  readonly passing?: SyntaxNode
  /** Fields of the rows that the filters read. */
  readonly fields: readonly string[]
  /** The path goes on behind the rows. */
  readonly goesOn: boolean
}

/** Each once, in the order of the text. */
export function findReadPaths(clause: ClauseTree): readonly ReadPath[] {
  const names = new Set(clause.bindings.flatMap((each) => (each.type === 'bind' && each.lhs && !isPairs(each.lhs) ? [String((each.lhs).value)] : [])))
  const finder = new Finder(clause.bindings, names, boundNames(clause.node))
  finder.visit(clause.node, 'profile')
  return [...new Map(finder.found.map((each) => [each.text, each])).values()]
}

/** `profile`: bare names mean the profile. `row`: they mean a row of some list. */
type Context = 'profile' | 'row'

class Finder {
  readonly found: ReadPath[] = []

  constructor(
    private readonly bindings: readonly SyntaxNode[],
    /** Variables that are bound before, and have a value here. */
    private readonly before: ReadonlySet<string>,
    /** Variables that are bound inside, and have none. */
    private readonly inside: ReadonlySet<string>,
  ) {}

  visit(node: SyntaxNode, context: Context): void {
    if (node.type === 'path') this.visitPath(node, context)
    else if (node.type === 'variable') this.visitVariable(node)
    else for (const child of childrenOf({ ...node, stages: [], predicate: [], ...(node.procedure?.type === 'variable' ? { procedure: literal } : {}) })) this.visit(child, context)
    this.visitFilters(node)
  }

  private visitVariable(node: SyntaxNode): void {
    const name = String(node.value)
    if (this.before.has(name) && !this.inside.has(name)) this.found.push({ text: `$${name}`, tree: this.bound(node) })
  }

  private visitPath(path: SyntaxNode, context: Context): void {
    const steps = path.steps ?? []
    const start = this.startOf(steps, context)
    if (start !== undefined) this.found.push(this.toReadPath(path, start))
    else if (steps[0] && steps[0].type !== 'name' && steps[0].type !== 'variable') this.visit(steps[0], context)
    for (const step of steps.slice(1)) if (step.type !== 'name') this.visit(step, 'row')
    for (const step of steps) this.visitFilters(step)
  }

  private visitFilters(node: SyntaxNode): void {
    for (const each of [...(node.stages ?? []), ...(node.predicate ?? [])]) if (each.expr) this.visit(each.expr, 'row')
  }

  /** How many steps lead to what the path starts with; undefined where that has no value here. */
  private startOf(steps: readonly SyntaxNode[], context: Context): number | undefined {
    const [first, second] = steps
    if (first?.type === 'name') return context === 'profile' ? 1 : undefined
    if (first?.type !== 'variable') return undefined
    const name = String(first.value)
    if (name === '$' || (name === '' && context === 'profile')) return second?.type === 'name' ? 2 : undefined
    if (name === 'vars') return second?.type === 'name' ? 2 : undefined
    return this.before.has(name) && !this.inside.has(name) ? 1 : undefined
  }

  private toReadPath(path: SyntaxNode, start: number): ReadPath {
    const steps = path.steps ?? []
    const last = steps[start - 1]
    const plain = path.group === undefined && steps.every((each) => each.type === 'name' || each.type === 'variable') && steps.every((each) => each.focus === undefined && each.index === undefined)
    const own = { text: textOf(steps), tree: this.bound(path) }
    if (!plain || !last || steps[0]?.value === 'vars') return own
    const before = steps.slice(0, start - 1)
    const filters = last.stages ?? []
    const list: ListRead = {
      text: textOf([...before, bare(last)]),
      all: this.bound({ type: 'path', steps: [...before, bare(last)] }),
      ...(filters.length === 0 ? {} : { passing: this.bound({ type: 'path', steps: [...before, last] }) }),
      fields: [...new Set(filters.flatMap((each) => (each.expr ? rowFields(each.expr) : [])))],
      goesOn: steps.length > start,
    }
    return { ...own, list }
  }

  private bound(node: SyntaxNode): SyntaxNode {
    return this.bindings.length === 0 ? node : { type: 'block', expressions: [...this.bindings, node] }
  }
}

const literal: SyntaxNode = { type: 'value', value: null }

function bare(step: SyntaxNode): SyntaxNode {
  const { stages: _stages, predicate: _predicate, ...rest } = step
  return rest
}

function textOf(steps: readonly SyntaxNode[]): string {
  return steps.map((each) => `${wordOf(each)}${(each.stages ?? each.predicate ?? []).length > 0 ? '[…]' : ''}`).join('.')
}

function wordOf({ type, value }: SyntaxNode): string {
  if (type === 'variable') return `$${String(value)}`
  if (type !== 'name') return '(…)'
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(String(value)) ? String(value) : `\`${String(value)}\``
}

/** Fields that a filter reads of its row: `isClosed`, `relation.role`. */
function rowFields(node: SyntaxNode): readonly string[] {
  if (node.type === 'path') {
    const names = (node.steps ?? []).map((each) => (each.type === 'name' ? String(each.value) : undefined))
    return names.every((each) => each !== undefined) && names.length > 0 ? [names.join('.')] : (node.steps ?? []).flatMap((each) => (each.type === 'name' || each.type === 'variable' ? [] : rowFields(each)))
  }
  return childrenOf({ ...node, ...(node.procedure?.type === 'variable' ? { procedure: literal } : {}) }).flatMap(rowFields)
}
