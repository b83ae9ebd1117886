// What a connector declares that it will not exceed, and that it does not talk past the host.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Limit } from '../../../plugins/sdk.js'
import { windowMs } from '../../../plugins/window-ms.js'
import type { DestinationBench, SourceBench } from '../bench.js'
import { type ConformanceCheck, type Outcome, failed, forBothSides, notApplicable, outcomeOf, passed } from '../check.js'
import { worksOf } from './troubles.js'

/** A window that takes more is not filled. */
const mostRequests = 300

export const limitChecks: readonly ConformanceCheck[] = [
  ...forBothSides({ name: 'limits', shows: 'keeps the limits that it declares, those of an account also when it is opened twice', run: keepsLimits }),
  ...forBothSides({ name: 'own-http', shows: 'talks to the system through the HTTP client that it is handed, and no other', run: usesOnlyTheHost }),
]

async function keepsLimits(bench: SourceBench | DestinationBench): Promise<Outcome> {
  const { limits } = bench
  if (limits.length === 0) return notApplicable('it declares no limits')
  const fillable = limits.flatMap((each) => ('requests' in each && each.per !== '1d' && each.requests <= mostRequests ? [each.requests] : []))
  const connections = [bench.open(), bench.open()]
  await Promise.all(connections.map((each) => each.check()))
  if (bench.wire.sent.length === 0) return notApplicable('it sends no requests')
  const calls = Math.ceil((Math.max(20, ...fillable) + 1) / connections.length)
  await Promise.all(connections.flatMap((each) => Array.from({ length: calls }, () => each.check())))
  return outcomeOf(limits.flatMap((each) => findExcess(each, bench, isShared(each, bench) ? 1 : connections.length)))
}

/** Connections of one account share what is said to be the account's; without accounts each has its own concurrency. */
function isShared({ scope }: Limit, { side }: SourceBench | DestinationBench): boolean {
  return scope === 'account' || (scope === undefined && side.accountOf !== undefined)
}

function findExcess(limit: Limit, { wire: { sent, atOnce } }: SourceBench | DestinationBench, times: number): readonly string[] {
  if ('concurrency' in limit) return atOnce <= limit.concurrency * times ? [] : [`${String(atOnce)} requests are on their way at once; it declares ${String(limit.concurrency)}`]
  const most = limit.requests * times
  const tooSoon = sent.some(({ atMs }, index) => { const later = sent[index + most]; return later !== undefined && later.atMs - atMs < windowMs[limit.per] })
  return tooSoon ? [`more than ${String(most)} requests are sent in ${limit.per}; it declares ${String(limit.requests)} for the ${limit.scope}${limit.scope === 'account' ? ' (accountOf says which that is)' : ''}`] : []
}

/** Node tells of every request that is begun in this process, whoever begins it. */
const channels = ['undici:request:create', 'http.client.request.start'] as const

async function usesOnlyTheHost(bench: SourceBench | DestinationBench): Promise<Outcome> {
  let begun = 0
  const count = (): void => { begun++ }
  for (const each of channels) subscribe(each, count)
  try {
    await bench.open().check()
    const works = await worksOf(bench)
    if (typeof works !== 'string') for (const each of works) await each.run()
  } finally {
    for (const each of channels) unsubscribe(each, count)
  }
  const past = begun - bench.wire.sent.length
  return past <= 0 ? passed : failed(`${String(past)} of ${String(begun)} requests go past context.http, so that no limit holds for them`)
}
