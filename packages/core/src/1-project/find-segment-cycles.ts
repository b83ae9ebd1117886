// Segments that read each other in a circle. Each circle is told once, from its first name in alphabetical order.

export function findSegmentCycles(reads: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles = new Map<string, readonly string[]>()
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name)
    if (start >= 0) {
      const cycle = fromSmallest(trail.slice(start))
      cycles.set(cycle.join(' '), cycle)
      return
    }
    for (const next of reads.get(name) ?? []) visit(next, [...trail, name])
  }
  for (const name of reads.keys()) visit(name, [])
  return [...cycles.values()]
}

function fromSmallest(cycle: readonly string[]): readonly string[] {
  const smallest = [...cycle].sort()[0] ?? ''
  const at = cycle.indexOf(smallest)
  return [...cycle.slice(at), ...cycle.slice(0, at)]
}
