// What is in remote audiences against what we put there, as text, as JSON and as a comment on a pull request.
import type { AudienceDrift } from '../7-activation/delivery.js'
import type { Json } from '../kernel/json.js'
import { codeCell, codeSpan } from './markdown.js'
import { counted, table, thousands } from './numbers.js'
import type { Paint } from './paint.js'

export const driftFormat = 1

export interface DriftOf {
  readonly project: string
  readonly sandbox: string
}

const nobodyTells = 'no destination of this sandbox can tell who is in its audiences, or nothing was delivered yet'

export function renderDrift(drift: readonly AudienceDrift[], paint: Paint): string {
  const rows = drift.map((each) => [`  ${each.segment} → ${each.destination}`, each.there, 'there', ...differences(each, paint)])
  const lines = rows.length === 0 ? [`  ${nobodyTells}`] : table(rows)
  return [paint.bold('Drift'), ...lines, ''].join('\n')
}

function differences({ missing, foreign, sampleForeign, created, removed }: AudienceDrift, paint: Paint): readonly string[] {
  if (missing + foreign === 0) return ['as delivered']
  const whose = removed === undefined ? (created ? '' : ', in a list that is not ours: they stay') : `, ${thousands(removed)} taken out`
  return [
    ...(missing > 0 ? [paint.yellow(`! ${thousands(missing)} gone${removed === undefined ? '' : ', put in again'}`)] : []),
    ...(foreign > 0 ? [paint.yellow(`! ${thousands(foreign)} not put there by us (${sampleForeign.join(', ')}${foreign > sampleForeign.length ? ', …' : ''})${whose}`)] : []),
  ]
}

export function isDrift({ missing, foreign }: AudienceDrift): boolean {
  return missing + foreign > 0
}

/** Names stay out: who may read a pull request need not be who may read the profiles. */
export function driftToMarkdown(drift: readonly AudienceDrift[], of: DriftOf): string {
  const different = drift.filter(isDrift).length
  const told = drift.length === 0 ? nobodyTells : different === 0 ? 'Every audience is as it was delivered.' : `**${counted(different, 'audience')} of ${thousands(drift.length)} not as delivered.** To mend it: ${codeSpan('cdp run --reconcile')}`
  const rows = drift.map((each) => `| ${codeCell(each.segment)} → ${codeCell(each.destination)} | ${[each.there, each.missing, each.foreign].map(thousands).join(' | ')} |`)
  return [`### cdp plan --refresh-only · ${codeSpan(of.project)} · sandbox ${codeSpan(of.sandbox)}`, '', told, ...(rows.length === 0 ? [] : ['', '| audience | there | gone | not put there by us |', '| --- | ---: | ---: | ---: |', ...rows])].join('\n')
}

export function driftToJson(drift: readonly AudienceDrift[], of: DriftOf): Json {
  return JSON.parse(JSON.stringify({ formatVersion: driftFormat, ...of, drift })) as Json
}
