// Stage 6 as a run calls it: evaluate, compare with what was, write memberships and their log. First for everybody, then with nothing
// new, then after half a percent of the people changed; each time with what it wrote.
import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs'
import type { Section } from '../report.js'
import { type Spent, median, startTimer, withCommas } from './figures.js'
import { type Sizes, benchNowMs } from './generate.js'
import { bytesWritten, forgetPeak, peakMegabytes } from './memory.js'
import { type Applied, type SegmentRule, type Store, aProject, aSegment, anApplied, evaluateSegments, fixedClock, joined, openStore, param, sqlText, systemClock } from './product.js'
import { manySegments, twentySegments } from './segments.js'

/** Of the people, before each evaluation of changes. */
const changedShare = 0.005
const changes = 3

export interface DeltaFigures {
  readonly segments: number
  readonly first: Evaluation
  readonly idle: Evaluation
  readonly changed: Evaluation
  readonly peak: number
}

interface Evaluation {
  readonly spent: Spent
  readonly members: number
  /** Rows of the log. */
  readonly moved: number
  readonly logBytes: number
  readonly writtenBytes: number
}

export interface DeltaRequest {
  /** A closed store that nobody has evaluated; each list of segments gets a copy of it. */
  readonly path: string
  readonly sizes: Sizes
  readonly progress: (text: string) => void
}

export async function measureDeltas(request: DeltaRequest): Promise<readonly DeltaFigures[]> {
  const figures: DeltaFigures[] = []
  for (const rules of [twentySegments, manySegments(200)]) {
    const path = `${request.path}.${String(rules.length)}`
    copyFileSync(request.path, path)
    const store = await openStore({ path, clock: systemClock })
    try {
      figures.push(await measureRules(store, rules, request))
    } finally {
      await store.close()
      rmSync(path)
    }
  }
  return figures
}

async function measureRules(store: Store, rules: readonly SegmentRule[], { sizes, progress }: DeltaRequest): Promise<DeltaFigures> {
  const applied = anApplied(aProject({ segments: rules.map(({ name, expression, paths }) => aSegment(name, expression, { paths })) }))
  forgetPeak()
  const evaluate = async (what: string): Promise<Evaluation> => {
    const measured = await measureEvaluation(store, applied)
    progress(`${String(rules.length)} segments, ${what}: ${(measured.spent.ms / 1000).toFixed(2)} s (cpu ${(measured.spent.cpuMs / 1000).toFixed(2)}), ${withCommas(measured.moved)} of ${withCommas(measured.members)} memberships moved`)
    return measured
  }
  const first = await evaluate('everybody for the first time')
  const idle = await evaluate('nothing new')
  const changed: Evaluation[] = []
  for (let turn = 0; turn < changes; turn++) {
    await changePeople(store, sizes, `${String(rules.length)} ${String(turn)}`)
    changed.push(await evaluate('half a percent changed'))
  }
  return { segments: rules.length, first, idle, changed: middleOf(changed), peak: peakMegabytes() }
}

function middleOf(evaluations: readonly Evaluation[]): Evaluation {
  const ms = median(evaluations.map((each) => each.spent.ms))
  const middle = evaluations.find((each) => each.spent.ms === ms)
  if (!middle) throw new RangeError('nothing was measured')
  return middle
}

async function measureEvaluation(store: Store, applied: Applied): Promise<Evaluation> {
  await store.checkpoint()
  const before = bytesWritten()
  const stop = startTimer()
  const { segments } = await evaluateSegments({ store, applied, clock: fixedClock(new Date(benchNowMs).toISOString()), run: 'bench' })
  const spent = stop()
  const log = `${store.path}.wal`
  const logBytes = existsSync(log) ? statSync(log).size : 0
  await store.checkpoint()
  const sum = (of: (each: (typeof segments)[number]) => number): number => segments.reduce((total, each) => total + of(each), 0)
  return { spent, members: sum((each) => each.members), moved: sum((each) => each.entered + each.left), logBytes, writtenBytes: bytesWritten() - before }
}

/** Other attributes for some of the people, and something that each of them did just now, with the log that stage 5 would leave. */
async function changePeople(store: Store, { people }: Sizes, turn: string): Promise<void> {
  const pick = (list: readonly string[], of: string): ReturnType<typeof sqlText> => sqlText`(${param(list)})[1 + (hash(hash(_id, ${param(turn + of)})) % ${param(list.length)})::bigint]`
  await store.transaction(async (tx) => {
    await tx.run(sqlText`create or replace temporary table changed as select _id from person order by hash(hash(_id, ${param(turn)})) limit ${param(Math.ceil(people * changedShare))}`)
    await tx.run(
      sqlText`create or replace temporary table renewed as select * replace (${joined([
        sqlText`(hash(hash(_id, ${param(turn + 'score')})) % 121)::double as "leadScore"`,
        sqlText`hash(hash(_id, ${param(turn + 'customer')})) % 5 = 0 as "isCustomer"`,
        sqlText`${pick(['C-Level', 'VP', 'Director', 'Manager', 'Individual'], 'seniority')} as seniority`,
        sqlText`${pick(['Marketing', 'IT', 'Finance', 'Sales'], 'department')} as department`,
        sqlText`${pick(['US', 'DE', 'FR', 'GB', 'CH'], 'country')} as country`,
      ], ', ')}) from person where _id in (select _id from changed)`,
    )
    await tx.run(sqlText`delete from person where _id in (select _id from changed)`)
    await tx.run(sqlText`insert into person by name select * from renewed`)
    await tx.run(
      sqlText`insert into event by name select (select max(_seq) from event) + row_number() over (order by _id) as _seq, 'changed ' || ${param(turn)} || ' ' || _id as _source_key, _id as _nid, _id,
        ${pick(['web.pageView', 'email.click', 'email.open', 'form.submit', 'product.login'], 'type')} as "eventType", make_timestamp_ms(${param(benchNowMs)}) as "timestamp", ${pick(['/pricing', '/contact'], 'page')} as "web.page" from changed`,
    )
    await tx.run(
      sqlText`insert into profile_change by name select (select max(seq) from profile_change) + row_number() over (order by _id) as seq, 'person' as entity, _id as id, 'changed' as change, make_timestamp_ms(${param(benchNowMs)}) as "at" from changed`,
    )
    await tx.run(sqlText`drop table changed`)
    await tx.run(sqlText`drop table renewed`)
  })
}

export function toDeltaSection(sizes: Sizes, figures: readonly DeltaFigures[]): Section {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
  const line = (what: string, segments: number, each: Evaluation, goal: string): readonly string[] => [what, String(segments), (each.spent.ms / 1000).toFixed(2), (each.spent.cpuMs / 1000).toFixed(2), withCommas(each.members), withCommas(each.moved), megabytes(each.logBytes), megabytes(each.writtenBytes), goal]
  return {
    name: `segments: memberships and their log (${withCommas(sizes.people)} people)`,
    header: ['evaluation', 'segments', 'seconds', 'CPU seconds', 'memberships', 'entered or left', 'write-ahead log, MB', 'written with checkpoint, MB', 'goal'],
    rows: figures.flatMap(({ segments, first, idle, changed }) => [
      line('everybody for the first time', segments, first, ''),
      line('nothing new', segments, idle, ''),
      line('half a percent of the people changed', segments, changed, segments === 200 ? '≤ 5 s' : ''),
    ]),
    notes: `Evaluation, comparison, memberships and log in one transaction, as \`cdp run\` does it; segments that use the clock look at everybody each time. Changes: the median of ${String(changes)}. What was written counts temporary files as well. Peak memory ${withCommas(Math.max(...figures.map((each) => each.peak)))} MB (goal < 4,096).`,
  }
}
