// Segments in levels: each level reads only segments of the levels before it. A circle, which the project check refuses,
// ends up in the last level.

interface Reader {
  readonly name: string
  readonly readsSegments: readonly string[]
}

export function inDependencyOrder<R extends Reader>(rules: readonly R[]): readonly (readonly R[])[] {
  const levels: R[][] = []
  let left = [...rules]
  while (left.length > 0) {
    const waiting = new Set(left.map((each) => each.name))
    const ready = left.filter((each) => !each.readsSegments.some((other) => waiting.has(other)))
    levels.push(ready.length > 0 ? ready : left)
    left = ready.length > 0 ? left.filter((each) => !ready.includes(each)) : []
  }
  return levels
}
