// All segments over everybody: the product's pass next to the plan written by hand, in turns on the same store, and next to the
// package `jsonata` on a sample of profiles that are already in memory.
import jsonata from 'jsonata'
import type { Section } from '../report.js'
import { countAtomPlan, readAtomPlan, runAtomPlan } from './atom-plan.js'
import { clockBindings, isMember } from './closures.js'
import { countCompiledPass, runCompiledPass } from './compiled-pass.js'
import { median, withCommas } from './figures.js'
import { type Sizes, benchNowMs } from './generate.js'
import { forgetPeak, peakMegabytes } from './memory.js'
import { type MatchedGroup, type SegmentRule, type Store, param, parseExpression, readProfileViews, sqlText, standardEntities } from './product.js'
import { manySegments, twentySegments } from './segments.js'

const repeats = 5
const sampleSize = 20_000

export interface BatchFigures {
  readonly planMs: number
  readonly twentyMs: number
  readonly manyMs: number
  readonly sampled: Sampled
  readonly peak: number
}

export async function measureBatch(store: Store, { people }: Sizes, progress: (text: string) => void): Promise<BatchFigures> {
  forgetPeak()
  const many = manySegments(200)
  const spent = { plan: [] as number[], twenty: [] as number[], many: [] as number[] }
  await compareAnswers(store)
  for (let turn = 0; turn < repeats; turn++) {
    spent.plan.push(await timeOf(() => runAtomPlan(store, benchNowMs)))
    spent.twenty.push(await timeOf(() => runCompiledPass(store, twentySegments, benchNowMs)))
    spent.many.push(await timeOf(() => runCompiledPass(store, many, benchNowMs)))
    progress(`turn ${String(turn + 1)}: by hand ${String(Math.round(spent.plan[turn] ?? 0))} ms, 20 segments ${String(Math.round(spent.twenty[turn] ?? 0))} ms, 200 segments ${String(Math.round(spent.many[turn] ?? 0))} ms`)
  }
  const peak = peakMegabytes()
  const sampled = await measureJsonata(store, people)
  progress(`jsonata: ${sampled.msPerProfile.toFixed(3)} ms per profile over ${withCommas(sampled.profiles)}`)
  return { planMs: median(spent.plan), twentyMs: median(spent.twenty), manyMs: median(spent.many), sampled, peak }
}

/** Ends the benchmark when the two do not agree on the number of members of any segment. Warms both up. */
async function compareAnswers(store: Store): Promise<void> {
  await runAtomPlan(store, benchNowMs)
  const expected = await countAtomPlan(store)
  const groups: readonly MatchedGroup[] = await runCompiledPass(store, twentySegments, benchNowMs)
  const found = await countCompiledPass(store, twentySegments, groups)
  const wrong = twentySegments.flatMap(({ name }, index) => (found[index] === expected[index] ? [] : [`${name}: ${String(found[index])} members, by hand ${String(expected[index])}`]))
  if (wrong.length > 0) throw new Error(wrong.join('; '))
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

export interface Sampled {
  readonly profiles: number
  readonly evaluations: number
  readonly msPerProfile: number
  /** Making the documents, which the package needs and the store's pass does not. */
  readonly readMsPerProfile: number
}

/** The package alone, on documents in memory; its answers are compared with those of the plan's last run. */
async function measureJsonata(store: Store, people: number): Promise<Sampled> {
  const ids = await sampleIds(store, people)
  const total = { evaluations: 0, evaluateMs: 0, readMs: 0 }
  for (const rules of [twentySegments.filter((each) => each.paths.opportunities === 'role'), twentySegments.filter((each) => each.paths.opportunities === 'account')]) {
    const { evaluateMs, readMs } = await evaluateByJsonata(store, rules, ids)
    total.evaluations += rules.length * ids.length
    total.evaluateMs += evaluateMs
    total.readMs += readMs
  }
  return { profiles: ids.length, evaluations: total.evaluations, msPerProfile: total.evaluateMs / ids.length, readMsPerProfile: total.readMs / ids.length }
}

async function sampleIds(store: Store, people: number): Promise<readonly number[]> {
  const everyNth = Math.max(1, Math.floor(people / sampleSize))
  const rows = await store.rows<{ _id: number }>(sqlText`select _id from (select _id, row_number() over (order by hash(_id), _id) as place from person) where place % ${param(everyNth)} = 0 order by _id`)
  return rows.map((each) => each._id)
}

async function evaluateByJsonata(store: Store, rules: readonly SegmentRule[], ids: readonly number[]): Promise<{ readonly evaluateMs: number; readonly readMs: number }> {
  const [first] = rules
  if (!first) return { evaluateMs: 0, readMs: 0 }
  const roots = new Set(rules.flatMap(({ expression }) => rootsOf(expression)))
  const expressions = rules.map((rule) => ({ expression: jsonata(rule.expression), members: new Set<number>() }))
  const bindings = clockBindings(benchNowMs)
  let evaluateMs = 0
  let last = performance.now()
  let readMs = 0
  for await (const page of readProfileViews(store, { entities: standardEntities, entity: 'person', paths: first.paths, roots, ids })) {
    const read = performance.now()
    readMs += read - last
    for (const { id, root } of page) for (const { expression, members } of expressions) if (await isMember(expression, root, bindings)) members.add(id)
    last = performance.now()
    evaluateMs += last - read
  }
  await compareSample(store, rules.map((rule, index) => ({ rule, members: expressions[index]?.members ?? new Set() })), new Set(ids))
  return { evaluateMs, readMs }
}

function rootsOf(expression: string): readonly string[] {
  const parsed = parseExpression(expression)
  return parsed.ok ? parsed.expression.reads.roots.map((each) => each.name) : []
}

async function compareSample(store: Store, found: readonly { readonly rule: SegmentRule; readonly members: ReadonlySet<number> }[], sample: ReadonlySet<number>): Promise<void> {
  for (const { rule, members } of found) {
    const expected = (await readAtomPlan(store, rule.uid - 1)).filter((id) => sample.has(id))
    if (expected.length !== members.size || expected.some((id) => !members.has(id))) throw new Error(`${rule.name}: jsonata finds others than the plan written by hand`)
  }
}

export function toBatchSection(sizes: Sizes, { planMs, twentyMs, manyMs, sampled, peak }: BatchFigures): Section {
  const jsonataMs = sampled.msPerProfile * sizes.people
  const line = (what: string, segments: number, ms: number, ratio: string, goal: string): readonly string[] => [what, String(segments), (ms / 1000).toFixed(2), (ms / segments).toFixed(1), ratio, goal]
  return {
    name: `segments: everybody, in one pass (${withCommas(sizes.people)} people, ${withCommas(sizes.accounts)} accounts, ${withCommas(sizes.opportunities)} opportunities, ${withCommas(sizes.events)} events)`,
    header: ['evaluation', 'segments', 'seconds', 'ms per segment', 'ratio', 'goal'],
    rows: [
      line('atom plan, one statement written by hand', 20, planMs, '', ''),
      line('compiled', 20, twentyMs, `${(twentyMs / planMs).toFixed(2)} × the plan by hand`, '≤ 1.3 ×'),
      line(`\`jsonata\` on ${withCommas(sampled.profiles)} profiles in memory, extrapolated`, 20, jsonataMs, `${withCommas(jsonataMs / twentyMs)} × the compiled`, '≥ 200 ×'),
      line('compiled', 200, manyMs, `${(manyMs / twentyMs).toFixed(2)} × the 20`, ''),
    ],
    notes: `Medians of ${String(repeats)} turns; the numbers of members are equal, and \`jsonata\` agrees on each of its ${withCommas(sampled.evaluations)} evaluations. Making its documents took another ${sampled.readMsPerProfile.toFixed(2)} ms per profile, not counted. Peak memory of the passes ${withCommas(peak)} MB (goal < 4,096).`,
  }
}
