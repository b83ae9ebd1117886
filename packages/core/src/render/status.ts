// The state of a sandbox as text.
import type { Status } from '../daemon/read-status.js'
import { breachCells } from './breaches.js'
import { minutes, table, thousands } from './numbers.js'
import type { Paint } from './paint.js'
import { holdText, keptOutCells, renderReadProgress } from './run.js'

export function renderStatus(status: Status, paint: Paint): string {
  const heading = status.serial === 0 ? 'nothing applied yet: cdp plan, then cdp apply' : `state #${String(status.serial)}`
  return [
    paint.bold(`cdp status · ${status.project === '' ? 'no project' : status.project} · sandbox ${status.sandbox === '' ? '-' : status.sandbox} · ${heading}`),
    '',
    ...section('Runs', status.runs.map((each) => [each.run, minutes(each.startedAt), each.status]), paint),
    ...section('Sources', status.streams.map((each) => [`${each.source}/${each.stream}`, each.readAt === null ? 'never read' : `read ${minutes(each.readAt)}`, each.quarantined === 0 ? '' : paint.yellow(`! ${thousands(each.quarantined)} in quarantine`), ...(each.unfinished ? [`goes on: ${renderReadProgress(each.unfinished)}`] : [])]), paint),
    ...section('Profiles', [['people', status.profiles.persons], ['accounts', status.profiles.accounts]], paint),
    ...section('Segments', status.segments.map((each) => [each.segment, each.lane, each.members, 'members', each.evaluatedAt === null ? 'never evaluated' : `evaluated ${minutes(each.evaluatedAt)}`, errors(each.errors, paint), each.held ? paint.red(`! held: ${holdText(each.held)}`) : '']), paint),
    ...section('Deliveries', status.deliveries.map((each) => [`${each.segment} → ${each.destination}`, each.remote, 'there', each.waiting, 'waiting', each.dead, 'given up', ...keptOutCells(each, paint), each.lastCode ?? '']), paint),
    ...section('Left alone', status.circuits.map((each) => [each.destination, paint.red('! keeps failing'), each.failures, 'requests in a row', `since ${minutes(each.openedAt)}`, `next try ${minutes(each.probeAt)}`]), paint),
    ...section('Quarantine', status.quarantine.map((each) => [each.code, each.field ?? '', each.count, each.example ?? '']), paint),
    ...section('Guardrails', breachCells(status.breaches, paint), paint),
    ...section('Refused links', status.refused.map((each) => [each.code, each.namespace, each.count]), paint),
  ].join('\n').trimEnd()
}

function section(title: string, rows: readonly (readonly (string | number)[])[], paint: Paint): readonly string[] {
  if (rows.length === 0) return []
  return [paint.bold(title), ...table(rows).map((line) => `  ${line}`), '']
}

function errors(found: Readonly<Record<string, number>>, paint: Paint): string {
  const list = Object.entries(found)
  return list.length === 0 ? '' : paint.yellow(`! ${list.map(([code, count]) => `${code} on ${thousands(count)}`).join(', ')}`)
}
