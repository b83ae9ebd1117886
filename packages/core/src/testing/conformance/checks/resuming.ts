// What a source's checkpoints are worth: kills lose nothing, repeats give the same, later reads give what is new and what is gone.
import { isDeepStrictEqual } from 'node:util'
import { compileJsonata } from '../../../expressions/jsonata.js'
import { isCdpError } from '../../../kernel/error.js'
import type { Change, Json, OpenSource } from '../../../plugins/sdk.js'
import type { SourceBench } from '../bench.js'
import { type ConformanceCheck, type Outcome, failed, notApplicable, outcomeOf, passed } from '../check.js'
import { type Reading, type Stream, missingFrom, read, some, streamsOf, toKnown } from '../reading.js'
import type { TestRecord } from '../setup.js'
import { onEachStream } from './reading.js'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Systems tell late, or only now and then: what is changed or gone must come by one of these reads. */
const patience = [10 * minuteMs, 26 * hourMs, 8 * 24 * hourMs] as const
/** A stream with more checkpoints is killed at some of them, evenly. */
const mostKills = 12

function resuming(id: string, shows: string, run: (bench: SourceBench) => Promise<Outcome>): ConformanceCheck {
  return {
    id: `source/${id}`, of: 'source', shows,
    run: async (bench) => (bench.side.capabilities.incremental ? run(bench) : notApplicable('it reads everything every time')),
  }
}

export const resumingChecks: readonly ConformanceCheck[] = [
  resuming('checkpoints', 'ends every read with a checkpoint that a store can keep', (bench) => onEachStream(bench, findCheckpointMistakes)),
  resuming('resume', 'loses nothing when it is killed at any checkpoint', (bench) => onEachStream(bench, (stream, whole) => findLosses(bench, stream, whole))),
  resuming('repeat', 'gives the same again from the same checkpoint', (bench) => onEachStream(bench, (stream, whole) => findRepeatMistakes(bench, stream, whole))),
  resuming('monotonic', 'never goes back: later checkpoints leave less to read', (bench) => onEachStream(bench, (stream, whole) => findStepsBack(bench, stream, whole))),
  resuming('strange-checkpoint', 'reads all of it, or tells, when it is given a checkpoint that it does not know', (bench) => onEachStream(bench, (stream, whole) => findSilence(bench, stream, whole))),
  resuming('old-checkpoint', 'goes on from checkpoints of its older versions', goOnFromOld),
  resuming('incremental', 'gives what was changed since the last read', (bench) => afterChange(bench, 'change', (_stream, { changes }, key) => (changes.some((each) => each.change.op === 'upsert' && each.key === key) ? 'seen' : 'not yet'))),
  {
    id: 'source/deletes', of: 'source', shows: 'tells of what was deleted, as it says that it does',
    run: (bench) => (bench.side.capabilities.deletes === 'none' ? onEachStream(bench, findUndeclaredDeletes) : afterChange(bench, 'delete', async (stream, reading, key) => ((await isGone(stream, reading, key)) ? 'seen' : 'not yet'))),
  },
]

function findCheckpointMistakes({ name }: Stream, { changes, checkpoints }: Reading): readonly string[] {
  const last = checkpoints.at(-1)
  const unconfirmed = changes.length - (last?.after ?? 0)
  const unkept = checkpoints.filter(({ value }) => !isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value))
  return [
    ...(changes.length > 0 && !last ? [`${name}: no checkpoint in a whole read`] : []),
    ...(last && unconfirmed > 0 ? [`${name}: ${String(unconfirmed)} change(s) after the last checkpoint, which come again in every read`] : []),
    ...(unkept.length === 0 ? [] : [`${name}: ${String(unkept.length)} checkpoint(s) that are not the same when they are kept as JSON`]),
  ]
}

async function findLosses(bench: SourceBench, stream: Stream, whole: Reading): Promise<readonly string[]> {
  const all = toKnown(whole.changes)
  for (const kill of someOf(whole.checkpoints.length)) {
    const before = await read(bench.open(), stream, { killAfter: kill })
    const at = before.checkpoints.at(-1)
    if (!at) return [`${stream.name}: it gave ${String(whole.checkpoints.length)} checkpoints at first, and fewer when it was read again`]
    const after = await read(bench.open(), stream, { checkpoint: at.value })
    // What came after the checkpoint is lost with the kill.
    const lost = missingFrom(toKnown([...before.changes.slice(0, at.after), ...after.changes]), all)
    if (lost.length > 0) return [`${stream.name}: killed at checkpoint ${String(kill)} of ${String(whole.checkpoints.length)}, it loses ${String(lost.length)} of ${String(all.size)} records: ${some(lost)}`]
  }
  return []
}

async function findRepeatMistakes(bench: SourceBench, stream: Stream, { checkpoints }: Reading): Promise<readonly string[]> {
  for (const number of someOf(checkpoints.length, 4)) {
    const checkpoint = checkpoints[number - 1]?.value
    const [once, again] = [toKnown((await read(bench.open(), stream, { checkpoint })).changes), toKnown((await read(bench.open(), stream, { checkpoint })).changes)]
    const missing = missingFrom(again, once)
    if (missing.length > 0) return [`${stream.name}: read twice from checkpoint ${String(number)}, the second read lacks ${some(missing)}`]
  }
  return []
}

async function findStepsBack(bench: SourceBench, stream: Stream, { changes, checkpoints }: Reading): Promise<readonly string[]> {
  const numbers = someOf(checkpoints.length - 1, 4)
  let left = changes.length
  for (const number of numbers) {
    const count = (await read(bench.open(), stream, { checkpoint: checkpoints[number - 1]?.value })).changes.length
    if (count > left) return [`${stream.name}: from checkpoint ${String(number)} there are ${String(count)} changes to read, and there were ${String(left)} before it`]
    left = count
  }
  return findRestart(bench, stream, checkpoints.at(-1)?.value)
}

/** Reads that find nothing new give no more than the one before. */
async function findRestart(bench: SourceBench, stream: Stream, from: Json | undefined): Promise<readonly string[]> {
  let checkpoint = from
  let least = Number.POSITIVE_INFINITY
  for (let number = 1; number <= 3; number++) {
    bench.clock.advance(hourMs)
    const { changes, checkpoints } = await read(bench.open(), stream, { checkpoint })
    if (changes.length > least) return [`${stream.name}: read ${String(number)} after the whole one gives ${String(changes.length)} changes, and the one before gave ${String(least)}, though nothing happened`]
    least = changes.length
    checkpoint = checkpoints.at(-1)?.value ?? checkpoint
  }
  return []
}

const strange: Json = { 'of another program': [1, 'x'] }

async function findSilence(bench: SourceBench, stream: Stream, whole: Reading): Promise<readonly string[]> {
  const all = toKnown(whole.changes)
  try {
    const lacking = missingFrom(toKnown((await read(bench.open(), stream, { checkpoint: strange })).changes), all)
    return lacking.length === 0 ? [] : [`${stream.name}: from a checkpoint that it cannot know it gives no error, and lacks ${some(lacking)}`]
  } catch (error) {
    return isCdpError(error) ? [] : [`${stream.name}: from a checkpoint that it cannot know it throws ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`]
  }
}

async function goOnFromOld(bench: SourceBench): Promise<Outcome> {
  const { oldCheckpoints = [] } = bench.setup
  if (oldCheckpoints.length === 0) return notApplicable('the setup has no oldCheckpoints')
  const wrong: string[] = []
  const streams = await streamsOf(bench)
  for (const { stream: name, checkpoint } of oldCheckpoints) {
    const stream = streams.find((each) => each.name === name)
    const reason = stream ? await whyNot(() => read(bench.open(), stream, { checkpoint })) : 'there is no such stream'
    if (reason !== undefined) wrong.push(`${name}: from an old checkpoint: ${reason}`)
  }
  return outcomeOf(wrong)
}

async function whyNot(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

type Look = (stream: Stream, reading: Reading, key: string) => 'seen' | 'not yet' | Promise<'seen' | 'not yet'>

/** Reads everything, lets the test system change or delete a record, and reads on until it is seen. */
async function afterChange(bench: SourceBench, what: 'change' | 'delete', look: Look): Promise<Outcome> {
  const happen = bench.setup.server?.[what]?.bind(bench.setup.server)
  if (!happen) return notApplicable(`the setup has no server.${what}`)
  const open = bench.open()
  const streams = await streamsOf(bench, open)
  const checkpoints = new Map<string, Json | undefined>()
  for (const stream of streams) checkpoints.set(stream.name, (await read(open, stream)).checkpoints.at(-1)?.value)
  bench.clock.advance(hourMs)
  const record = await happen()
  const stream = streams.find((each) => each.name === record.stream)
  if (!stream) return failed(`server.${what} tells of a stream ${record.stream} that is not read`)
  return (await isSeen(bench, open, { stream, record, checkpoint: checkpoints.get(stream.name), look })) ? passed : failed(`${stream.name}: ${record.key} was ${what}d, and no read tells`)
}

interface Waiting {
  readonly stream: Stream
  readonly record: TestRecord
  readonly checkpoint: Json | undefined
  readonly look: Look
}

async function isSeen(bench: SourceBench, open: OpenSource, { stream, record, checkpoint: from, look }: Waiting): Promise<boolean> {
  let checkpoint = from
  for (const waitMs of patience) {
    bench.clock.advance(waitMs)
    const reading = await read(open, stream, { checkpoint })
    if ((await look(stream, reading, record.key)) === 'seen') return true
    checkpoint = reading.checkpoints.at(-1)?.value ?? checkpoint
  }
  return false
}

async function isGone(stream: Stream, { changes, everything }: Reading, key: string): Promise<boolean> {
  if (everything && !everything.has(key)) return true
  const own = changes.flatMap((each) => (each.key === key ? [each.change] : []))
  if (own.some(isEnd)) return true
  if (stream.deletedWhen === undefined) return false
  const deleted = compileJsonata(stream.deletedWhen)
  for (const each of own) if (each.op === 'upsert' && (await deleted.evaluate(each.record)) === true) return true
  return false
}

function isEnd({ op }: Change): boolean {
  return op === 'delete' || op === 'merge'
}

function findUndeclaredDeletes({ name }: Stream, { changes }: Reading): readonly string[] {
  return changes.some(({ change }) => isEnd(change)) ? [`${name}: it gives deletes, and says that it has none`] : []
}

/** Numbers from 1 to `count`, at most so many, evenly, with the first and the last. */
function someOf(count: number, most = mostKills): readonly number[] {
  const all = Array.from({ length: Math.max(0, count) }, (_, index) => index + 1)
  return count <= most ? all : [...new Set(Array.from({ length: most }, (_, index) => 1 + Math.round((index * (count - 1)) / (most - 1))))]
}
