// Where things stand in an expression's text. JSONata's tree has only the END of each node's own token, in UTF-16 units;
// starts are worked out here and nowhere else.
import type { TextRange } from './expression.js'
import { type SyntaxNode, childrenOf } from './syntax-tree.js'

/** The place of a node's own token: its name, operator or literal as written. */
export function rangeOf(node: SyntaxNode, text: string): TextRange {
  const to = node.position ?? text.length
  const value = typeof node.value === 'string' ? node.value : ''
  const last = text[to - 1] ?? ''
  if (node.type === 'name' && last === '`') return { from: Math.max(0, text.lastIndexOf('`', to - 2)), to }
  if ((node.type === 'string' || node.type === 'name') && (last === '"' || last === "'")) return { from: Math.max(0, text.lastIndexOf(last, to - 2)), to }
  const sigil = node.type === 'variable' ? 1 : 0
  return { from: Math.max(0, to - Math.max(1, value.length + sigil)), to }
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** The place of a node with all that belongs to it: `$count(events[x = 1]) > 2` from the first character to the last. */
export function spanOf(node: SyntaxNode, text: string): TextRange {
  return findSpan(node, text) ?? { from: 0, to: text.length }
}

// Nodes that the parser makes up (the $exists of `??`) stand nowhere.
function findSpan(node: SyntaxNode, text: string): TextRange | undefined {
  const parts = [...childrenOf(node).map((each) => findSpan(each, text)), ...(node.position === undefined ? [] : [ownRange(node, text)])].filter((each) => each !== undefined)
  if (parts.length === 0) return undefined
  const from = Math.min(...parts.map((each) => each.from))
  return { from, to: closedEnd(text, from, Math.max(...parts.map((each) => each.to))) }
}

// The position of a filter or a call is the end of its opening bracket.
function ownRange(node: SyntaxNode, text: string): TextRange {
  if (node.type === 'number') return { from: numberStart(text, node.position ?? 0), to: node.position ?? 0 }
  if (node.type === 'value') return { from: (node.position ?? 0) - String(node.value).length, to: node.position ?? 0 }
  if (node.type === 'lambda') return { from: lambdaStart(text, node.position ?? 0), to: node.position ?? 0 }
  return rangeOf(node, text)
}

function lambdaStart(text: string, to: number): number {
  return to - (/(?:function|λ)\s*\($/.exec(text.slice(0, to))?.[0].length ?? 1)
}

function numberStart(text: string, to: number): number {
  return to - (/[-+.\deE]*$/.exec(text.slice(0, to))?.[0].length ?? 0)
}

/** Goes on over the brackets that were opened inside and not closed. */
function closedEnd(text: string, from: number, to: number): number {
  const open: string[] = []
  let quote = ''
  for (let index = from; index < text.length; index++) {
    const each = text[index] ?? ''
    if (index >= to && open.length === 0) return index
    if (quote !== '') quote = each === quote ? '' : quote
    else if (each === '"' || each === "'" || each === '`') quote = each
    else if (each === '/' && mayStartRegex(text.slice(from, index))) index = regexEnd(text, index)
    else if (closing[each] !== undefined) open.push(closing[each])
    else if (each === open.at(-1)) {
      open.pop()
      if (index >= to && open.length === 0) return index + 1
    }
  }
  return Math.max(to, open.length === 0 ? to : text.length)
}

/** Behind a bracket, a comma or an operator a slash starts a pattern; behind a value it divides. */
function mayStartRegex(before: string): boolean {
  return /[([{,;:?=>]\s*$/.test(before)
}

function regexEnd(text: string, from: number): number {
  return from + (/^\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])*/.exec(text.slice(from))?.[0].length ?? 0)
}
