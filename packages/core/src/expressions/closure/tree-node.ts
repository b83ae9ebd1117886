// The parts of JSONata's syntax tree that only an evaluator reads, besides those of SyntaxNode.
import { type SyntaxNode, isPairs } from '../syntax-tree.js'

export interface TreeNode {
  readonly type: string
  readonly value?: unknown
  readonly position?: number
  readonly steps?: readonly TreeNode[]
  readonly stages?: readonly TreeNode[]
  readonly predicate?: readonly TreeNode[]
  readonly expr?: TreeNode
  readonly expression?: TreeNode
  readonly expressions?: readonly TreeNode[]
  readonly terms?: readonly TreeNode[]
  readonly arguments?: readonly TreeNode[]
  readonly procedure?: TreeNode
  readonly body?: TreeNode
  readonly lhs?: TreeNode | readonly (readonly TreeNode[])[]
  readonly rhs?: TreeNode
  readonly condition?: TreeNode
  readonly then?: TreeNode
  readonly else?: TreeNode
  readonly pattern?: TreeNode
  readonly update?: TreeNode
  readonly delete?: TreeNode
  readonly group?: Grouping
  readonly focus?: string
  readonly index?: string
  readonly keepArray?: boolean
  readonly keepSingletonArray?: boolean
  readonly descending?: boolean
  readonly consarray?: boolean
  /** A stream of rows: of a step, that it starts one; of a path, that it is kept. */
  readonly tuple?: boolean
  readonly ancestor?: { readonly label: string }
  readonly slot?: { readonly label: string }
  readonly signature?: { readonly definition: string }
  readonly thunk?: boolean
}

export interface Grouping {
  readonly lhs: readonly (readonly TreeNode[])[]
  readonly position?: number
}

export function asTree(node: SyntaxNode): TreeNode {
  return node
}

export function child(node: TreeNode | undefined): TreeNode {
  if (node === undefined) throw new TypeError('the syntax tree lacks a part')
  return node
}

export function left(node: TreeNode): TreeNode {
  return node.lhs === undefined || isPairs(node.lhs) ? child(undefined) : (node.lhs)
}

export function pairs(node: TreeNode): readonly (readonly TreeNode[])[] {
  return isPairs(node.lhs) ? node.lhs : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
