// A segment's expression against the schemas: what would fail or be wrong for everyone, and the traps of JSONata's filters.
import type { JsonObject } from '../../kernel/json.js'
import type { TextRange } from '../expression.js'
import { rangeOf, spanOf } from '../places.js'
import type { RootShape } from '../root-shape.js'
import type { SyntaxNode } from '../syntax-tree.js'
import { inspect } from './inspect.js'
import type { About, Finding } from './rule.js'
import { rules } from './rules/index.js'
import { functionName } from './tree.js'

export interface CheckRequest {
  readonly tree: SyntaxNode
  readonly text: string
  readonly shape: RootShape
  /** The sandbox's variables. */
  readonly vars: JsonObject
  /** Whether the segment is evaluated at each event. */
  readonly streams: boolean
}

/** In the order of the text; each mistake once. */
export function check(request: CheckRequest): readonly Finding[] {
  const about = toAbout(request)
  const found = new Map<string, Finding>()
  for (const visit of inspect(request).visits) {
    for (const { code, find } of rules) {
      for (const { node, token, params } of find(visit, about)) {
        const range = token === true ? rangeOf(node, request.text) : spanOf(node, request.text)
        const key = `${code} ${String(range.from)} ${String(range.to)}`
        if (!found.has(key)) found.set(key, { code, range, params })
      }
    }
  }
  return [...found.values()].sort((a, b) => byPlace(a.range, b.range))
}

function byPlace(a: TextRange, b: TextRange): number {
  return a.from - b.from || a.to - b.to
}

const longest = 60

function toAbout({ text, streams, shape }: CheckRequest): About {
  const slice = ({ from, to }: TextRange): string => text.slice(from, to)
  const oneLine = (written: string): string => written.replaceAll(/\s+/g, ' ').trim()
  return {
    streams,
    rootNames: [...Object.keys(shape.objects), ...Object.keys(shape.relations), 'segments'],
    say: (node) => shorten(oneLine(slice(spanOf(node, text))), functionName(node)),
    textOf: (node) => slice(spanOf(node, text)).replaceAll(/\s+/g, ''),
    split: (path, relation) => {
      const steps = path.type === 'path' ? (path.steps ?? []) : []
      const at = Math.max(0, steps.findIndex((each) => each.type === 'name' && each.value === relation))
      const [head, next] = [steps.slice(0, at + 1), steps[at + 1]]
      if (head.length === 0 || !next) return undefined
      const rest = { from: spanOf(next, text).from, to: spanOf(path, text).to }
      return { rows: oneLine(slice(spanOf({ type: 'path', steps: head }, text))), rest: oneLine(slice(rest)) }
    },
  }
}

function shorten(written: string, called: string): string {
  if (written.length <= longest) return written
  return called === '' ? `${written.slice(0, longest - 1)}…` : `$${called}(…)`
}
