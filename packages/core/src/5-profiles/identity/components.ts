// Links → components, by union-find on typed arrays. Pure and deterministic: the same links in the same order give the same
// components, and a component is named by its smallest node.

export interface ComponentRules {
  /** No component may have more nodes. */
  readonly maxNodes: number
  /** For each unique namespace, the nodes that are values of it: no component may have two of them. */
  readonly uniqueNodes: readonly Int32Array[]
}

export type LinkRefusal = 'guardrail/graph-size' | 'guardrail/unique-namespace'

export class Components {
  readonly #parent: Int32Array
  readonly #size: Int32Array
  /** Per unique namespace: the value's node in the component of a root, or -1. */
  readonly #unique: readonly Int32Array[]

  constructor(nodes: number, private readonly rules: ComponentRules) {
    this.#parent = Int32Array.from({ length: nodes }, (_, node) => node)
    this.#size = new Int32Array(nodes).fill(1)
    this.#unique = rules.uniqueNodes.map((values) => {
      const held = new Int32Array(nodes).fill(-1)
      for (const node of values) held[node] = node
      return held
    })
  }

  /** Joins two nodes; gives the reason when a rule forbids it. */
  link(a: number, b: number): LinkRefusal | undefined {
    const [left, right] = [this.find(a), this.find(b)]
    if (left === right) return undefined
    const refusal = this.refusal(left, right)
    if (refusal) return refusal
    const [root, child] = left < right ? [left, right] : [right, left]
    this.#parent[child] = root
    this.#size[root] = at(this.#size, root) + at(this.#size, child)
    for (const held of this.#unique) if (at(held, root) < 0) held[root] = at(held, child)
    return undefined
  }

  /** The smallest node of the component that a node is in. */
  find(node: number): number {
    let current = node
    for (;;) {
      const parent = at(this.#parent, current)
      if (parent === current) return current
      const grandparent = at(this.#parent, parent)
      this.#parent[current] = grandparent
      current = grandparent
    }
  }

  private refusal(left: number, right: number): LinkRefusal | undefined {
    if (this.#unique.some((held) => at(held, left) >= 0 && at(held, right) >= 0)) return 'guardrail/unique-namespace'
    return at(this.#size, left) + at(this.#size, right) > this.rules.maxNodes ? 'guardrail/graph-size' : undefined
  }
}

function at(array: Int32Array, index: number): number {
  return array[index] ?? -1
}
