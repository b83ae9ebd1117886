// Which segments a test evaluates for a profile: the tested one, and those that it needs and that the profile does not state.
import type { Segment } from '../project.js'

/** The tested segment first. A name that is no segment, and a circle, end the search: both were reported with the project. */
export function findEvaluatedSegments(tested: string, stated: Readonly<Record<string, boolean>>, segments: ReadonlyMap<string, Segment>): readonly Segment[] {
  const found = new Map<string, Segment>()
  const visit = (name: string): void => {
    const segment = segments.get(name)
    if (!segment || found.has(name)) return
    found.set(name, segment)
    for (const each of segment.readsSegments) if (!Object.hasOwn(stated, each)) visit(each)
  }
  visit(tested)
  return [...found.values()]
}
