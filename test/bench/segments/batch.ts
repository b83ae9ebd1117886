// All segments over everybody: the product's pass next to the plan written by hand, in turns on the same store, and next to the
// package `jsonata` on a sample of profiles that are already in memory.
import jsonata from 'jsonata'
import type { Section } from '../report.js'
import { countAtomPlan, readAtomPlan, runAtomPlan } from './atom-plan.js'
import { clockBindings, isMember } from './closures.js'
import { countCompiledPass, runCompiledPass } from './compiled-pass.js'
import { type Spent, medianSpent, spentOn, startTimer, withCommas } from './figures.js'
import { type Sizes, benchNowMs } from './generate.js'
import { forgetPeak, peakMegabytes } from './memory.js'
import { type MatchedGroup, type SegmentRule, type Store, param, parseExpression, readProfileViews, sqlText, standardEntities } from './product.js'
import { manySegments, twentySegments } from './segments.js'

const repeats = 5
const sampleSize = 20_000

export interface BatchFigures {
  readonly plan: Spent
  readonly twenty: Spent
  readonly many: Spent
  readonly sampled: Sampled
  readonly peak: number
}

export async function measureBatch(store: Store, { people }: Sizes, progress: (text: string) => void): Promise<BatchFigures> {
  forgetPeak()
  const many = manySegments(200)
  const spent = { plan: [] as Spent[], twenty: [] as Spent[], many: [] as Spent[] }
  await compareAnswers(store)
  for (let turn = 1; turn <= repeats; turn++) {
    const plan = await spentOn(() => runAtomPlan(store, benchNowMs))
    const twenty = await spentOn(() => runCompiledPass(store, twentySegments, benchNowMs))
    const all = await spentOn(() => runCompiledPass(store, many, benchNowMs))
    spent.plan.push(plan)
    spent.twenty.push(twenty)
    spent.many.push(all)
    progress(`turn ${String(turn)}: by hand ${shown(plan)}, 20 segments ${shown(twenty)}, 200 segments ${shown(all)}`)
  }
  const peak = peakMegabytes()
  const sampled = await measureJsonata(store, people)
  progress(`jsonata: ${sampled.perProfile.ms.toFixed(3)} ms per profile over ${withCommas(sampled.profiles)}`)
  return { plan: medianSpent(spent.plan), twenty: medianSpent(spent.twenty), many: medianSpent(spent.many), sampled, peak }
}

function shown({ ms, cpuMs }: Spent): string {
  return `${withCommas(ms)} ms (cpu ${withCommas(cpuMs)})`
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

export interface Sampled {
  readonly profiles: number
  readonly evaluations: number
  readonly perProfile: Spent
  /** Making the documents, which the package needs and the store's pass does not. */
  readonly readMsPerProfile: number
}

/** The package alone, on documents in memory; its answers are compared with those of the plan's last run. */
async function measureJsonata(store: Store, people: number): Promise<Sampled> {
  const ids = await sampleIds(store, people)
  const total = { evaluations: 0, ms: 0, cpuMs: 0, readMs: 0 }
  for (const rules of [twentySegments.filter((each) => each.paths.opportunities === 'role'), twentySegments.filter((each) => each.paths.opportunities === 'account')]) {
    const { evaluated, readMs } = await evaluateByJsonata(store, rules, ids)
    total.evaluations += rules.length * ids.length
    total.ms += evaluated.ms
    total.cpuMs += evaluated.cpuMs
    total.readMs += readMs
  }
  return { profiles: ids.length, evaluations: total.evaluations, perProfile: { ms: total.ms / ids.length, cpuMs: total.cpuMs / ids.length }, readMsPerProfile: total.readMs / ids.length }
}

async function sampleIds(store: Store, people: number): Promise<readonly number[]> {
  const everyNth = Math.max(1, Math.floor(people / sampleSize))
  const rows = await store.rows<{ _id: number }>(sqlText`select _id from (select _id, row_number() over (order by hash(_id), _id) as place from person) where place % ${param(everyNth)} = 0 order by _id`)
  return rows.map((each) => each._id)
}

async function evaluateByJsonata(store: Store, rules: readonly SegmentRule[], ids: readonly number[]): Promise<{ readonly evaluated: Spent; readonly readMs: number }> {
  const [first] = rules
  if (!first) return { evaluated: { ms: 0, cpuMs: 0 }, readMs: 0 }
  const roots = new Set(rules.flatMap(({ expression }) => rootsOf(expression)))
  const expressions = rules.map((rule) => ({ expression: jsonata(rule.expression), members: new Set<number>() }))
  const bindings = clockBindings(benchNowMs)
  const evaluated = { ms: 0, cpuMs: 0 }
  let readMs = 0
  let reading = startTimer()
  for await (const page of readProfileViews(store, { entities: standardEntities, entity: 'person', paths: first.paths, roots, ids })) {
    readMs += reading().ms
    const evaluating = startTimer()
    for (const { id, root } of page) for (const { expression, members } of expressions) if (await isMember(expression, root, bindings)) members.add(id)
    const { ms, cpuMs } = evaluating()
    evaluated.ms += ms
    evaluated.cpuMs += cpuMs
    reading = startTimer()
  }
  await compareSample(store, rules.map((rule, index) => ({ rule, members: expressions[index]?.members ?? new Set() })), new Set(ids))
  return { evaluated, readMs }
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

export function toBatchSection(sizes: Sizes, { plan, twenty, many, sampled, peak }: BatchFigures): Section {
  const extrapolated: Spent = { ms: sampled.perProfile.ms * sizes.people, cpuMs: sampled.perProfile.cpuMs * sizes.people }
  const line = (what: string, segments: number, spent: Spent, compared: string, goal: string): readonly string[] => [what, String(segments), seconds(spent.ms), seconds(spent.cpuMs), (spent.ms / segments).toFixed(1), compared, goal]
  return {
    name: `segments: everybody, in one pass (${withCommas(sizes.people)} people, ${withCommas(sizes.accounts)} accounts, ${withCommas(sizes.opportunities)} opportunities, ${withCommas(sizes.events)} events)`,
    header: ['evaluation', 'segments', 'seconds', 'CPU seconds', 'ms per segment', 'ratio of seconds (of CPU seconds)', 'goal'],
    rows: [
      line('atom plan, one statement written by hand', 20, plan, '', ''),
      line('compiled', 20, twenty, ratio(twenty, plan, 'the plan by hand', 2), '≤ 1.3 ×'),
      line(`\`jsonata\` on ${withCommas(sampled.profiles)} profiles in memory, extrapolated`, 20, extrapolated, ratio(extrapolated, twenty, 'the compiled', 0), '≥ 200 ×'),
      line('compiled', 200, many, ratio(many, twenty, 'the 20', 2), ''),
    ],
    notes: `Medians of ${String(repeats)} turns; the numbers of members are equal, and \`jsonata\` agrees on each of its ${withCommas(sampled.evaluations)} evaluations. Making its documents took another ${sampled.readMsPerProfile.toFixed(2)} ms per profile, not counted. Peak memory of the passes ${withCommas(peak)} MB (goal < 4,096).`,
  }
}

function ratio(of: Spent, to: Spent, what: string, digits: number): string {
  return `${(of.ms / to.ms).toFixed(digits)} × ${what} (${(of.cpuMs / to.cpuMs).toFixed(digits)} ×)`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}
