// The state of a sandbox in one line, for logs and pipes.
import type { Status } from '../daemon/read-status.js'
import type { ServingStatus } from '../daemon/serving-status.js'
import { counted, thousands } from './numbers.js'

export function renderStatusLine(status: Status, serving: ServingStatus | undefined): string {
  const [run] = status.runs
  const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)
  const missed = (serving?.latencies ?? []).filter((each) => each.missed).map((each) => each.hop)
  return [
    `sandbox ${status.sandbox}`, `state #${String(status.serial)}`, serving ? 'served' : 'not served', ...(run ? [`last run ${run.status} at ${run.startedAt}`] : []),
    `${thousands(status.profiles.persons)} people`, `${thousands(status.profiles.accounts)} accounts`,
    `${thousands(sum(status.segments.map((each) => each.members)))} memberships`, `${thousands(sum(status.deliveries.map((each) => each.waiting)))} waiting`, `${thousands(sum(status.deliveries.map((each) => each.dead)))} given up`,
    `${thousands(sum(status.quarantine.map((each) => each.count)))} in quarantine`, ...(status.breaches.length === 0 ? [] : [counted(status.breaches.length, 'guardrail breached', 'guardrails breached')]),
    ...(serving?.files?.refused ? [`files refused: ${serving.files.refused.code}`] : []), ...(missed.length === 0 ? [] : [`late: ${missed.join(', ')}`]),
  ].join(' · ')
}
