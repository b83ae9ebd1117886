// The history of runs as text: a line each, or one with everything that is known of it.
import type { RunDetails, RunEntry } from '../daemon/read-runs.js'
import { counted, duration, minutes, table, thousands } from './numbers.js'
import type { Paint } from './paint.js'
import { renderReadProgress } from './run.js'

export function renderRuns(runs: readonly RunEntry[], paint: Paint): string {
  if (runs.length === 0) return 'No such run in the history.'
  return table(runs.map((each) => [each.run, minutes(each.startedAt), colour(each, paint), each.summary.elapsedMs === undefined ? '' : duration(each.summary.elapsedMs), each.summary.job ?? '', figures(each)])).join('\n')
}

export function renderRunDetails(run: RunDetails, paint: Paint): string {
  const { summary, quarantine } = run
  const { error, failures = [], streams = [], stageMs, segments = [], drift = [], deliveries = [] } = summary
  return [
    `${paint.bold(run.run)}  ${colour(run, paint)}  state #${String(run.serial)}, ${minutes(run.startedAt)}${summary.elapsedMs === undefined ? '' : `, ${duration(summary.elapsedMs)}`}${summary.job === undefined ? '' : `, ${summary.job}`}`,
    ...(error ? [paint.red(`  ! ${error.code}: ${error.message}`)] : []),
    ...failures.map((each) => paint.red(`  ! ${each.source}/${each.stream}: ${each.code}: ${each.message}`)),
    ...section('Stages', Object.entries(stageMs ?? {}).map(([stage, ms]) => [stage, duration(ms)]), paint),
    ...section('Read', streams.map((each) => [`${each.source}/${each.stream}`, each.read, 'read', each.changed, 'changed', each.deleted, 'deleted', each.quarantined, 'into quarantine', ...(each.unfinished ? [`goes on: ${renderReadProgress(each.unfinished)}`] : [])]), paint),
    ...section('Segments', segments.map((each) => [each.segment, each.members, 'members', `+ ${thousands(each.entered)} entered`, `- ${thousands(each.left)} left`]), paint),
    ...section('Drift', drift.map((each) => [`${each.segment} → ${each.destination}`, each.missing, 'were missing', each.foreign, 'did not belong there', each.removed, 'taken out']), paint),
    ...section('Delivered', deliveries.map((each) => [`${each.segment} → ${each.destination}`, `+ ${thousands(each.added)} added`, `- ${thousands(each.removed)} removed`, each.retried, 'to be tried again', each.dead, 'given up']), paint),
    ...section('Still in quarantine', quarantine.counts.map((each) => [`${each.source}/${each.stream}`, each.code, each.field ?? '', each.count]), paint),
    ...quarantine.records.flatMap((each) => [`  ${each.source}/${each.stream} ${each.key ?? '-'}: ${each.message}`, paint.dim(`    ${each.record.slice(0, mostShown)}`)]),
    ...(quarantine.total > quarantine.records.length && quarantine.records.length > 0 ? [`  … ${thousands(quarantine.total - quarantine.records.length)} more: --records`] : []),
  ].join('\n')
}

const mostShown = 300

function section(title: string, rows: readonly (readonly (string | number)[])[], paint: Paint): readonly string[] {
  return rows.length === 0 ? [] : ['', paint.bold(title), ...table(rows).map((line) => `  ${line}`)]
}

function figures({ summary: { read = 0, changed = 0, quarantined = 0, entered = 0, left = 0, added = 0, removed = 0, failures = [], error } }: RunEntry): string {
  return [
    ...(error ? [error.code] : []),
    ...(failures.length > 0 ? [counted(failures.length, 'stream failed', 'streams failed')] : []),
    `${thousands(read)} read, ${thousands(changed)} changed`, ...(quarantined > 0 ? [`${thousands(quarantined)} into quarantine`] : []), `+ ${thousands(entered)} - ${thousands(left)} members`, `+ ${thousands(added)} - ${thousands(removed)} delivered`,
  ].join(' · ')
}

function colour({ status }: RunEntry, paint: Paint): string {
  switch (status) {
    case 'failed':
    case 'interrupted':
      return paint.red(status)
    case 'undelivered':
      return paint.yellow(status)
    case 'running':
    case 'done':
      return status
  }
}
