// A test of a segment: profiles as an expression sees them, and what should become of each. Resolved for one sandbox.
import type { Verdict } from '../../expressions/is-true.js'
import type { JsonObject } from '../../kernel/json.js'
import type { Span } from '../../kernel/span.js'
import type { Project } from '../project.js'

export interface SegmentTests {
  readonly project: Project
  /** By file, then by place in it. */
  readonly tests: readonly SegmentTest[]
}

export interface SegmentTest {
  /** No two tests of one segment have the same. */
  readonly name: string
  readonly segment: string
  readonly at: Span
  /** The one instant of the evaluation; only absent where nothing reads the clock. */
  readonly nowMs: number | undefined
  /** Variables of the sandbox that the test sets to something else. */
  readonly vars: JsonObject
  readonly profiles: readonly TestProfile[]
}

export interface TestProfile {
  readonly name: string
  readonly at: Span
  /** What the expression sees, as the store would give it; memberships come from `stated`, or are evaluated. */
  readonly root: JsonObject
  /** Whether the profile is in another segment, where the test says so. */
  readonly stated: Readonly<Record<string, boolean>>
  readonly expected: Verdict
}
