// What a pass did, as text and as JSON.
import type { ReadProgress } from '../4-ingest/batch.js'
import type { HoldReason } from '../6-segments/membership.js'
import type { DestinationReceipts } from '../7-activation/delivery.js'
import type { RunProgress, RunResult } from '../daemon/run.js'
import type { Json } from '../kernel/json.js'
import { breachCells } from './breaches.js'
import { counted, duration, table, thousands } from './numbers.js'
import { renderDrift } from './drift.js'
import type { Paint } from './paint.js'

export function renderRun(result: RunResult, paint: Paint): string {
  return [
    ...section('Read', result.batches.map((each) => [`${each.source}/${each.stream}`, `→ ${each.entity}`, each.read, 'read', each.changed, 'changed', each.deleted, 'deleted', ...(each.quarantined > 0 ? [paint.yellow(`! ${thousands(each.quarantined)} in quarantine`)] : [])]), paint),
    ...result.failures.flatMap((each) => [`  ${paint.red('!')} ${each.source}/${each.stream}: ${each.message}`, `    ${each.help}`]),
    ...section('Profiles', profileRows(result), paint),
    ...section('Segments', result.segments.segments.map((each) => [each.segment, each.members, 'members', `+ ${thousands(each.entered)} entered`, `- ${thousands(each.left)} left`, ...errorCells(each.errors, paint), ...(each.stopped ? [paint.red('stopped, members are as they were')] : [])]), paint),
    ...(result.drift ? [renderDrift(result.drift, paint)] : []),
    ...section('Delivered', result.receipts.destinations.map((each) => [`${each.segment} → ${each.destination}`, `+ ${thousands(each.added)} added`, `- ${thousands(each.removed)} removed`, counted(each.deliveries, 'request'), ...waitingCells(each, paint)]), paint),
    ...(result.breaches.length === 0 ? [] : section('Guardrails', breachCells(result.breaches, paint), paint)),
    ...heldLines(result, paint),
    `Done in ${duration(result.elapsedMs)}.${result.undelivered > 0 ? ` ${paint.yellow(`${counted(result.undelivered, 'record')} not delivered yet`)}: see cdp status` : ''}`,
  ].join('\n')
}

function section(title: string, rows: readonly (readonly (string | number)[])[], paint: Paint): readonly string[] {
  const lines = rows.length === 0 ? ['nothing to do'] : table(rows)
  return [paint.bold(title), ...lines.map((line) => `  ${line}`), '']
}

/** What was not delivered, why, and how to go on. */
function heldLines({ segments }: RunResult, paint: Paint): readonly string[] {
  const held = segments.segments.flatMap((each) => (each.held ? [{ segment: each.segment, reason: each.held }] : []))
  if (held.length === 0) return []
  return [
    ...held.map(({ segment, reason }) => `${paint.red('!')} Segment/${segment} is held, nothing of it was delivered: ${holdText(reason)}`),
    `  If that is meant: ${held.map(({ segment }) => `cdp run --release ${segment}`).join(', ')}. If not: mend the segment or the data; it goes on by itself when the moves are within the limits again.`,
    '',
  ]
}

export function holdText(reason: HoldReason): string {
  switch (reason.is) {
    case 'shrinks':
      return `${thousands(reason.left)} of ${counted(reason.members, 'member')} left (${((reason.left / reason.members) * 100).toFixed(1)} %), more than safety.maxExitPercent ${String(reason.percent)}`
    case 'drifts':
      return `the plan showed + ${thousands(reason.promised.entered)} and - ${thousands(reason.promised.left)}, it came to + ${thousands(reason.entered)} and - ${thousands(reason.left)} (safety.maxDriftPercent ${String(reason.percent)})`
  }
}

function profileRows({ profiles }: RunResult): readonly (readonly (string | number)[])[] {
  return [
    ['people', profiles.persons, `${thousands(profiles.personsChanged)} changed, ${thousands(profiles.personsMerged)} merged, ${thousands(profiles.personsRemoved)} removed`],
    ['accounts', profiles.accounts, `${thousands(profiles.accountsChanged)} changed, ${thousands(profiles.accountsRemoved)} removed`],
    ...(profiles.refusedLinks > 0 ? [['refused links', profiles.refusedLinks, 'see cdp status']] : []),
  ]
}

function errorCells(errors: Readonly<Record<string, number>>, paint: Paint): readonly string[] {
  const found = Object.entries(errors)
  return found.length === 0 ? [] : [paint.yellow(`! ${found.map(([code, count]) => `${code} on ${thousands(count)}`).join(', ')}`)]
}

function waitingCells(each: DestinationReceipts, paint: Paint): readonly string[] {
  return [
    ...(each.retried > 0 ? [paint.yellow(`! ${thousands(each.retried)} to be tried again`)] : []),
    ...(each.dead > 0 ? [paint.red(`! ${thousands(each.dead)} given up`)] : []),
    ...keptOutCells(each, paint),
    ...(each.held ? [paint.red('held')] : []),
  ]
}

/** Members who are not in the audience. */
export function keptOutCells({ unmatched, withheld }: Pick<DestinationReceipts, 'unmatched' | 'withheld'>, paint: Paint): readonly string[] {
  return [...(unmatched > 0 ? [paint.yellow(`${thousands(unmatched)} not known there`)] : []), ...(withheld > 0 ? [paint.yellow(`${thousands(withheld)} withheld by consent`)] : [])]
}

export function renderRunProgress({ stage, text, done, total, doneNow = done, elapsedMs }: RunProgress): string {
  const share = total !== undefined && total > 0 ? ` of ${thousands(total)} (${String(Math.min(100, Math.floor((done / total) * 100)))} %${left({ doneNow, elapsedMs, toDo: total - done })})` : ''
  return `${stage}  ${text}  ${thousands(done)}${share}${total === undefined && elapsedMs >= 2000 ? `, ${thousands(Math.round((doneNow / elapsedMs) * 1000))} a second` : ''}`
}

/** `120,000 of 900,000 · 1,900 a second · about 6 min 51 s left` */
export function renderReadProgress({ done, total, perSecond, leftMs }: ReadProgress): string {
  return [`${thousands(done)}${total === undefined ? '' : ` of ${thousands(total)}`}`, `${thousands(Math.round(perSecond))} a second`, ...(leftMs === undefined ? [] : [`about ${duration(leftMs)} left`])].join(' · ')
}

function left({ doneNow, elapsedMs, toDo }: { readonly doneNow: number; readonly elapsedMs: number; readonly toDo: number }): string {
  if (doneNow === 0 || elapsedMs < 2000) return ''
  return `, about ${duration((elapsedMs / doneNow) * toDo)} left`
}

export function runToJson(result: RunResult): Json {
  return JSON.parse(JSON.stringify(result)) as Json
}
