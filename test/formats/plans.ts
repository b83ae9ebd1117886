// Plans for the tests of their formats, one fact at a time.
import type { Change, Plan, SegmentImpact } from '../../packages/core/src/2-plan/plan.js'
import { planFormat } from '../../packages/core/src/2-plan/plan.js'
import { toNextApplied } from '../../packages/core/src/2-plan/next-applied.js'
import { instantFromMs } from '../../packages/core/src/kernel/clock.js'
import { aProject, anApplied } from '../../packages/core/src/testing/a-project.js'

export function aPlan(parts: Partial<Plan> = {}): Plan {
  const changes = parts.changes ?? []
  const of = (action: Change['action']): number => changes.filter((each) => each.action === action).length
  const project = aProject()
  return {
    formatVersion: planFormat, project: 'acme', sandbox: 'prod', baseSerial: 118, createdAt: instantFromMs(0), changes,
    counts: { create: of('create'), update: of('update'), rename: of('rename'), delete: of('delete') }, blocks: [], warnings: [], deliveries: [], headroom: [],
    guardrails: { profile: 'seed', overrides: [] }, dataAsOf: instantFromMs(0), next: toNextApplied(project, anApplied(project)), ...parts,
  }
}

export function aChange(address: Change['address'], parts: Partial<Change> = {}): Change {
  return { address, action: 'update', classes: ['re-evaluate'], fields: [], notes: [], ...parts }
}

export function anImpact(parts: Partial<SegmentImpact> = {}): SegmentImpact {
  return { before: 18_402, after: 15_310, enter: 0, exit: 3092, basis: { is: 'exact' }, sampleEnter: [], sampleExit: ['ada@acme.example'], errors: {}, deliveries: [{ destination: 'marketo-eu', adds: 0, removes: 3092, pace: { requests: 11, seconds: 3 } }], ...parts }
}

export function aBlock(parts: Partial<Plan['blocks'][number]> = {}): Plan['blocks'][number] {
  return { code: 'plan/shrinks-too-much', address: 'Segment/enterprise', detail: 'exit share 16.8 % exceeds safety.maxExitPercent 10', help: 'To go on anyway: --allow-shrink enterprise', ...parts }
}

export function aWarning(parts: Partial<Plan['warnings'][number]> = {}): Plan['warnings'][number] {
  return {
    code: 'guardrail/streaming-audiences', severity: 'warning', params: {}, at: { file: 'cdp.yaml', from: { line: 3, column: 7 }, to: { line: 3, column: 11 } },
    text: { summary: 'Too many streaming segments', detail: 'The sandbox has 501; performance is known up to 500.', help: 'Remove some.' }, ...parts,
  }
}
