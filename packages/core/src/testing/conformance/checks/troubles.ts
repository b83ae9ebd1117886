// What a connector makes of a system that is not well: it waits as it is asked to, says what is wrong in words that the host
// understands, and takes nothing for done that is not.
import { setTimeout as wait } from 'node:timers/promises'
import { type CdpError, isCdpError } from '../../../kernel/error.js'
import type { ItemResult } from '../../../plugins/sdk.js'
import { DestinationBench, type SourceBench } from '../bench.js'
import { type ConformanceCheck, type Outcome, failed, forBothSides, notApplicable, outcomeOf, passed } from '../check.js'
import { audienceOf, deliver, findMissingResults, isDone, statusesOf } from '../delivering.js'
import { missingFrom, read, streamsOf, toKnown } from '../reading.js'
import type { TestAnswer, Trouble } from '../wire.js'

const refused: TestAnswer = { status: 401, text: '{"message":"not authorized"}' }
const unavailable: TestAnswer = { status: 503, text: '<html><body>Service Unavailable</body></html>' }
const malformed: TestAnswer = { status: 200, headers: { 'content-type': 'text/html' }, text: '<html><body>Welcome to the proxy</body></html' }

/** A trouble, and what it may lead to besides a connector that gets over it. */
interface Expectation {
  readonly trouble: Trouble
  readonly times?: number
  /** The next request comes so much later. */
  readonly waitsMs?: number
  readonly error: { readonly is: string; readonly fits: (error: CdpError) => boolean }
  readonly result: { readonly is: string; readonly fits: (result: ItemResult) => boolean }
}

function limited(seconds: number): Expectation {
  const waitsMs = seconds * 1000
  const asksForIt = (ms: unknown): boolean => typeof ms === 'number' && ms >= waitsMs
  return {
    trouble: { status: 429, headers: { 'retry-after': String(seconds) }, text: '{"message":"too many requests"}' }, times: 1, waitsMs,
    error: { is: `connector/limited with retryAfterMs ${String(waitsMs)}`, fits: (error) => error.code === 'connector/limited' && asksForIt(error.params['retryAfterMs']) },
    result: { is: `retry with retryAfterMs ${String(waitsMs)}`, fits: (each) => each.status === 'retry' && asksForIt(each.retryAfterMs) },
  }
}

const retriesLater = { is: 'an error that is tried again later (connector/unavailable)', fits: (error: CdpError): boolean => error.retry === 'later' }
const isRetried = { is: 'retry', fits: ({ status }: ItemResult): boolean => status === 'retry' }

const troubles: readonly { readonly name: string; readonly shows: string; readonly expected: readonly Expectation[] }[] = [
  // The host itself has patience for the first; the second is more than a request can wait.
  { name: 'limited', shows: 'waits as long as Retry-After of a 429 says, or tells how long', expected: [limited(30), limited(600)] },
  { name: 'refused', shows: 'takes a 401 for refused access', expected: [{ trouble: refused, error: { is: 'connector/access', fits: (error) => error.code === 'connector/access' }, result: { is: 'connector/access thrown', fits: () => false } }] },
  { name: 'unavailable', shows: 'takes a 503 for something that passes', expected: [{ trouble: unavailable, error: retriesLater, result: isRetried }] },
  { name: 'no-answer', shows: 'takes a broken connection for something that passes', expected: [{ trouble: 'no-answer', error: retriesLater, result: isRetried }] },
  { name: 'malformed', shows: 'tells of an answer that it does not understand, and takes it for nothing else', expected: [{ trouble: malformed, error: { is: 'an error of the SDK', fits: () => true }, result: { is: 'some result', fits: () => true } }] },
]

export const troubleChecks: readonly ConformanceCheck[] = [
  ...troubles.flatMap(({ name, shows, expected }) => forBothSides({ name, shows, run: (bench) => inTrouble(bench, expected) })),
  ...forBothSides({ name: 'abort', shows: 'ends soon when it is aborted, whatever it waits for', run: endsWhenAborted }),
]

/** A piece of work that can be done again and again: reading a stream, or a delivery. */
export interface Work {
  readonly name: string
  /** Gives what is wrong with what it has done, knowing what the first time gave. */
  run(): Promise<WorkDone>
}

export interface WorkDone {
  readonly missing: readonly string[]
  /** Of a delivery: what was not done. */
  readonly open: readonly ItemResult[]
}

/** Each stream read from its beginning by a connector that was just opened; or the known people put in. */
export async function worksOf(bench: SourceBench | DestinationBench): Promise<readonly Work[] | string> {
  if (bench instanceof DestinationBench) {
    const { known = [] } = bench.setup
    if (known.length === 0) return 'the setup has nobody whom the system takes (known)'
    const audience = await audienceOf(bench, bench.open())
    const run = async (): Promise<WorkDone> => {
      const results = await deliver(bench, bench.open(), 'upsert', { audience, items: known })
      return { missing: findMissingResults(known, results), open: results.filter((each) => !isDone(each)) }
    }
    return [{ name: 'the delivery', run }]
  }
  const streams = await streamsOf(bench)
  if (streams.length === 0) return 'the setup names no stream to read'
  return streams.map((stream) => {
    let all: ReadonlyMap<string, string> | undefined
    const run = async (): Promise<WorkDone> => {
      const known = toKnown((await read(bench.open(), stream)).changes)
      all ??= known
      const lacking = missingFrom(known, all)
      return { missing: lacking.length === 0 ? [] : [`${String(lacking.length)} of ${String(all.size)} records are missing, and there is no error`], open: [] }
    }
    return { name: stream.name, run }
  })
}

async function inTrouble(bench: SourceBench | DestinationBench, expected: readonly Expectation[]): Promise<Outcome> {
  const works = await worksOf(bench)
  if (typeof works === 'string') return notApplicable(works)
  let requests = 0
  const wrong: string[] = []
  for (const [number, work] of works.entries()) {
    const count = await countRequests(bench, work)
    requests += count
    // At the first request nothing is known yet; at the last one nearly all is done, and one stream shows that for all.
    const places = count === 0 ? [] : number === 0 ? [0, count - 1] : [0]
    for (const from of new Set(places)) for (const each of expected) wrong.push(...(await spoil(bench, work, { ...each, from })).map((reason) => `${work.name}, from request ${String(from + 1)} on: ${reason}`))
  }
  return requests === 0 ? notApplicable('it sends no requests') : outcomeOf(wrong)
}

async function countRequests({ wire }: SourceBench | DestinationBench, work: Work): Promise<number> {
  const before = wire.sent.length
  await work.run()
  return wire.sent.length - before
}

async function spoil(bench: SourceBench | DestinationBench, work: Work, { trouble, times, waitsMs = 0, error: wanted, result, from }: Expectation & { readonly from: number }): Promise<readonly string[]> {
  const spoiled = bench.wire.sent.length + from
  bench.wire.spoil(trouble, { from, ...(times === undefined ? {} : { times }) })
  try {
    const { missing, open } = await work.run()
    const unfit = open.filter((each) => !result.fits(each))
    return [...missing, ...(unfit.length === 0 ? [] : [`the results are ${statusesOf(unfit)}, not ${result.is}`]), ...(open.length > 0 ? [] : findImpatience(bench, spoiled, waitsMs))]
  } catch (error) {
    if (!isCdpError(error)) return [`it throws ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}, which is no error of the SDK (connectorError)`]
    return wanted.fits(error) ? [] : [`it throws ${error.code}, not ${wanted.is}`]
  } finally {
    bench.wire.mend()
  }
}

function findImpatience({ wire: { sent } }: SourceBench | DestinationBench, spoiled: number, waitsMs: number): readonly string[] {
  const [asked, next] = [sent[spoiled], sent[spoiled + 1]]
  const waitedMs = asked && next ? next.atMs - asked.atMs : waitsMs
  return waitedMs >= waitsMs ? [] : [`it waits ${String(waitedMs / 1000)} s, and was asked for ${String(waitsMs / 1000)} s`]
}

async function endsWhenAborted(bench: SourceBench | DestinationBench): Promise<Outcome> {
  const works = await worksOf(bench)
  if (typeof works === 'string') return notApplicable(works)
  const [work] = works
  if (!work) return notApplicable('there is nothing to do')
  const count = await countRequests(bench, work)
  if (count === 0) return notApplicable('it sends no requests')
  bench.wire.spoil('silence', { from: count - 1 })
  const ended = work.run().then(() => 'ended' as const, () => 'ended' as const)
  const reached = await Promise.race([bench.wire.whenSilent(), ended])
  bench.abort()
  const limitMs = bench.setup.abortWithinMs ?? 2000
  const stop = new AbortController()
  const late = wait(limitMs, 'late' as const, { signal: stop.signal }).catch(() => 'late' as const)
  const result = await Promise.race([ended, late])
  stop.abort()
  if (reached === 'ended') return failed('it does not wait for an answer that does not come')
  return result === 'ended' ? passed : failed(`it goes on for more than ${String(limitMs / 1000)} s after it was aborted`)
}
