// What is in remote audiences against what we put there, as text and as JSON.
import type { AudienceDrift } from '../7-activation/delivery.js'
import type { Json } from '../kernel/json.js'
import { table, thousands } from './numbers.js'
import type { Paint } from './paint.js'

export const driftFormat = 1

export function renderDrift(drift: readonly AudienceDrift[], paint: Paint): string {
  const rows = drift.map((each) => [`  ${each.segment} → ${each.destination}`, each.there, 'there', ...differences(each, paint)])
  const lines = rows.length === 0 ? ['  no destination of this sandbox can tell who is in its audiences, or nothing was delivered yet'] : table(rows)
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

export function driftToJson(drift: readonly AudienceDrift[], of: { readonly project: string; readonly sandbox: string }): Json {
  return JSON.parse(JSON.stringify({ formatVersion: driftFormat, ...of, drift })) as Json
}
