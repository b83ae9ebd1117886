// Loops over the items of a path, written out inline: what is done with an item is up to the sink. Where an item is of a shape
// that the loop does not deal with (a list inside a list), the stream gives up, and the exact evaluator does it all again.
import { RunWriter } from './run-writer.js'
import { type Part, toItemParts, toParts, toRuns } from './stream-parts.js'
import type { Generate, Lines, Scope, Sink, Stream, StreamRequest } from './unit.js'

/** Undefined when the node is nothing to loop over. */
export function emitStream(generate: Generate, { node, scope, out, sink, beforeGrouping }: StreamRequest): Stream | undefined {
  const parts = beforeGrouping ? toItemParts(node) : toParts(node)
  if (!parts) return undefined
  const { unit } = generate
  const odd = unit.name('odd')
  const label = unit.name('L')
  const stream: Stream = { odd, giveUp: `{ ${odd} = true; break ${label}; }`, stop: `break ${label};`, isTotal: !parts.some((part) => part.mayFail), endsAsIs: endsAsIs(parts.at(-1)) }
  out.push(`let ${odd} = false;`, `${label}: {`)
  emitRuns(generate, { stream, sink: sink(stream), runs: toRuns(parts), scope, isAbsolute: node.predicate !== undefined || node.steps?.[0]?.type === 'variable' }, out)
  out.push('}')
  return stream
}

// Rows have no lists left in them, and a predicate makes a new list.
function endsAsIs(last: Part | undefined): boolean {
  return last?.is !== 'filter' && !(last && 'rows' in last && last.rows)
}

interface Runs {
  readonly stream: Stream
  readonly sink: Sink
  readonly runs: readonly (readonly Part[])[]
  readonly scope: Scope
  readonly isAbsolute: boolean
}

function emitRuns(generate: Generate, { stream, sink, runs, scope, isAbsolute }: Runs, out: Lines): void {
  let items: string | undefined
  for (const [index, parts] of runs.entries()) {
    const isLast = index === runs.length - 1
    const collected = isLast ? undefined : generate.unit.name('c')
    if (collected !== undefined) out.push(`const ${collected} = [];`)
    const writer = new RunWriter({ generate, nested: emitStream, stream, parts, isLast, sink: collected === undefined ? sink : { item: (item, lines) => lines.push(`${collected}.push(${item});`) } })
    if (items === undefined) writer.start({ scope, isAbsolute }, out)
    else writer.continue(items, scope, out)
    items = collected
  }
}
