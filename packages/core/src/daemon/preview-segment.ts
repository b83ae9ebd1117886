// Who a segment would have by the data at hand; remembers nothing.
import { labelProfiles } from '../matching/find-profile.js'
import type { HowMatched, SegmentMatches } from '../matching/match.js'
import { type AsWrittenRequest, matchAsWritten } from './match-as-written.js'

export interface SegmentPreview {
  readonly members: number
  readonly evaluated: number
  readonly errors: Readonly<Record<string, number>>
  /** The same errors, each with a profile that has it. */
  readonly failures: readonly Failure[]
  readonly sample: readonly string[]
  readonly how: HowMatched
  readonly tookMs: number
}

export interface Failure {
  readonly code: string
  readonly count: number
  readonly example?: string
  /** So often that the other profiles were not looked at. */
  readonly stopped?: true
}

export async function previewSegment(request: AsWrittenRequest & { readonly limit: number }): Promise<SegmentPreview> {
  const { store, segment } = request
  const { found, tookMs } = await matchAsWritten(request)
  const ids = [...found.ids.subarray(0, request.limit)]
  return {
    members: found.ids.length,
    evaluated: found.evaluated,
    errors: found.errors,
    failures: await labelFailures(request, found),
    sample: await labelProfiles(store, segment.entity, ids),
    how: found.how,
    tookMs: Math.round(tookMs),
  }
}

export async function labelFailures({ store, segment }: Pick<AsWrittenRequest, 'store' | 'segment'>, { errors, examples, isStopped }: Pick<SegmentMatches, 'errors' | 'examples' | 'isStopped'>): Promise<readonly Failure[]> {
  const failures: Failure[] = []
  for (const [code, count] of Object.entries(errors)) {
    const id = examples[code]
    const [example] = id === undefined ? [] : await labelProfiles(store, segment.entity, [id])
    failures.push({ code, count, ...(example === undefined ? {} : { example }), ...(isStopped ? { stopped: true } : {}) })
  }
  return failures
}
