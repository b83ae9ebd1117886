// What a daemon tells of itself as text.
import type { FollowStatus, ServingStatus } from '../daemon/serving-status.js'
import type { Hop, Latency } from '../daemon/observe/read-latencies.js'
import { duration, minutes, table } from './numbers.js'
import type { Paint } from './paint.js'

const whatHappens: Readonly<Record<Hop, string>> = { raw: 'sources are read', profile: 'profiles follow', streaming: 'streaming segments follow', batch: 'batch segments are evaluated', activation: 'moves are delivered' }

export function renderServing({ latencies, files }: ServingStatus, paint: Paint): string {
  return [renderLatencies(latencies, paint), ...(files ? [renderFiles(files, paint)] : [])].filter((each) => each !== '').join('\n\n')
}

function renderFiles({ version, at, refused }: FollowStatus, paint: Paint): string {
  const lines = refused ? [paint.red(`! ${version} is refused since ${minutes(refused.at)}: ${refused.code}`), refused.reason, ...(refused.plan === undefined ? [] : [refused.plan])] : [`${version}  applied ${minutes(at)}`]
  return [paint.bold('Files'), ...lines.map((line) => `  ${line}`)].join('\n')
}

function renderLatencies(latencies: readonly Latency[], paint: Paint): string {
  const rows = latencies.map(({ hop, oldestMs, objectiveMs, where, missed }) => [
    whatHappens[hop], oldestMs === 0 ? 'nothing waits' : `oldest ${duration(oldestMs)}`, `objective ${duration(objectiveMs)}`, where, missed ? paint.red('! missed') : '',
  ])
  return rows.length === 0 ? '' : [paint.bold('Latency'), ...table(rows).map((line) => `  ${line}`)].join('\n')
}
