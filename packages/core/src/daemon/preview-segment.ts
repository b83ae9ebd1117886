// Who a segment would have by the data at hand; remembers nothing.
import type { Project, Segment } from '../1-project/project.js'
import type { Applied } from '../2-plan/applied.js'
import { labelProfiles } from '../matching/find-profile.js'
import { matchSegments } from '../matching/match-segments.js'
import type { Store } from '../stores/store.js'

export interface SegmentPreview {
  readonly members: number
  readonly evaluated: number
  readonly errors: Readonly<Record<string, number>>
  readonly sample: readonly string[]
}

// A segment that was never applied has no uid; this one is nobody's.
const noUid = -1

export async function previewSegment(request: { readonly store: Store; readonly applied: Applied; readonly project: Project; readonly segment: Segment; readonly nowMs: number; readonly limit: number }): Promise<SegmentPreview> {
  const { store, applied, segment } = request
  const { name, entity, expression, paths, vars, readsSegments } = segment
  const segmentUids = Object.fromEntries(Object.entries(applied.segments).map(([each, { uid }]) => [each, uid]))
  const rule = { uid: noUid, name, entity, expression, paths, vars, readsSegments }
  const [found] = await matchSegments({ store, entities: request.project.entities, rules: [rule], nowMs: request.nowMs, segmentUids })
  const ids = [...(found?.ids ?? [])]
  const sample = await labelProfiles(store, entity, ids.slice(0, request.limit))
  return { members: ids.length, evaluated: found?.evaluated ?? 0, errors: found?.errors ?? {}, sample }
}
