// The conformance segments, profile by profile: the closure that an expression compiles to, next to hand-written JavaScript and the
// package `jsonata`. All three answer alike, or the measurement ends. Nanoseconds per profile; the median of several rounds.
import jsonata from 'jsonata'
import { type Bindings, type Json, isTrue, parseExpression } from './product.js'
import { type ProfileCase, type SegmentCase, readProfiles, readSegments } from '../../conformance/read-cases.js'
import type { Section } from '../report.js'
import { geometricMean, median } from './figures.js'
import { type Profile, handWritten } from './hand-written.js'

const cases = 'test/conformance/cases/segments'
/** The clock of the conformance set (its model.json). */
const nowMs = Date.parse('2025-06-30T12:00:00.000Z')
const rounds = 5
const roundMs = 50

/** Marks in `found` which of the documents match, in their order. */
type Pass = (found: Uint8Array) => void | Promise<void>

interface Measured {
  readonly id: string
  readonly handNs: number | undefined
  readonly closureNs: number | undefined
  readonly jsonataNs: number
}

export async function measureClosures(): Promise<readonly Measured[]> {
  const profiles = readProfiles(`${cases}/profiles.jsonl`)
  const measured: Measured[] = []
  for (const segment of readSegments(`${cases}/segments.jsonl`)) measured.push(await measureSegment(segment, profiles))
  return measured
}

async function measureSegment({ id, expression, expected }: SegmentCase, profiles: readonly ProfileCase[]): Promise<Measured> {
  const passes: Readonly<Record<string, Pass | undefined>> = { hand: byHand(id, profiles), closure: byClosure(expression, profiles), jsonata: byJsonata(expression, profiles) }
  const known = Object.entries(passes).flatMap(([name, pass]) => (pass ? [{ name, pass, ns: [] as number[] }] : []))
  const found = new Uint8Array(profiles.length)
  for (const { name, pass } of known) {
    await pass(found)
    const wrong = profiles.filter((each, index) => (found[index] === 1) !== expected.ids.includes(each.id))
    if (wrong.length > 0) throw new Error(`${id} by ${name} is wrong about ${wrong.map((each) => each.id).join(', ')}`)
    await timeOf(pass, found)
  }
  for (let round = 0; round < rounds; round++) for (const each of known) each.ns.push(((await timeOf(each.pass, found)) * 1e6) / profiles.length)
  const ns = (name: string): number | undefined => {
    const one = known.find((each) => each.name === name)
    return one && median(one.ns)
  }
  return { id, handNs: ns('hand'), closureNs: ns('closure'), jsonataNs: ns('jsonata') ?? NaN }
}

/** Milliseconds per pass, over as many passes as fill a round. */
async function timeOf(pass: Pass, found: Uint8Array): Promise<number> {
  const started = performance.now()
  let passed = 0
  let elapsed = 0
  while (elapsed < roundMs) {
    const waiting = pass(found)
    if (waiting) await waiting
    passed++
    elapsed = performance.now() - started
  }
  return elapsed / passed
}

/** Each evaluator has documents of its own: the reference may write into what it reads. */
function documents(profiles: readonly ProfileCase[]): readonly Json[] {
  return profiles.map((each) => JSON.parse(each.text) as Json)
}

function byHand(id: string, profiles: readonly ProfileCase[]): Pass | undefined {
  const predicate = handWritten[id]?.(nowMs)
  return predicate && passOver(documents(profiles) as unknown as readonly Profile[], predicate)
}

function byClosure(text: string, profiles: readonly ProfileCase[]): Pass | undefined {
  const parsed = parseExpression(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problems[0]?.message ?? ''}`)
  const expression = parsed.expression as unknown as CompiledExpression
  if (expression.evaluatedBy !== 'closure') return undefined
  const bindings: Bindings = { nowMs, vars: {} }
  return passOver(documents(profiles), (document) => expression.matches(document, bindings) === true)
}

interface CompiledExpression {
  readonly evaluatedBy?: string
  /** Whether the expression is true of the document, or the code of its error. */
  matches(document: Json, bindings: Bindings): boolean | string
}

function passOver<Document>(all: readonly Document[], matches: (document: Document) => boolean): Pass {
  return (found) => {
    let index = 0
    for (const each of all) found[index++] = matches(each) ? 1 : 0
  }
}

function byJsonata(text: string, profiles: readonly ProfileCase[]): Pass {
  const expression = jsonata(text)
  const bindings = clockBindings(nowMs)
  const all = documents(profiles)
  return async (found) => {
    let index = 0
    for (const each of all) found[index++] = (await isMember(expression, each, bindings)) ? 1 : 0
  }
}

/** As the package is used plainly: what fails for a profile is caught, and the profile is no member. */
export async function isMember(expression: jsonata.Expression, document: Json, bindings: Record<string, unknown>): Promise<boolean> {
  try {
    return isTrue((await expression.evaluate(document, bindings)) as Json | undefined)
  } catch {
    return false
  }
}

/** What the package is given besides the document: one instant, and our two functions. */
export function clockBindings(now: number): Record<string, unknown> {
  const daysAgo = (days: number): string => new Date(now - days * 86_400_000).toISOString()
  return { millis: () => now, now: () => new Date(now).toISOString(), daysAgo, hoursAgo: (hours: number) => daysAgo(hours / 24) }
}

/** The segments that stand out, for whoever works on the closures. */
export function describeOutliers(measured: readonly Measured[]): string {
  const worst = (title: string, of: (each: Measured) => number): string => {
    const known = measured.map((each) => ({ id: each.id, ratio: of(each) })).filter((each) => Number.isFinite(each.ratio))
    return `${title}: ${known.sort((a, b) => b.ratio - a.ratio).slice(0, 6).map((each) => `${each.id} ${each.ratio.toPrecision(2)} ×`).join(', ')}`
  }
  return [worst('slowest next to hand-written', (each) => (each.closureNs ?? NaN) / (each.handNs ?? NaN)), worst('slowest next to jsonata', (each) => (each.closureNs ?? NaN) / each.jsonataNs)].join('\n')
}

export function toClosureSection(measured: readonly Measured[]): Section {
  const byHandToo = measured.filter((each) => each.handNs !== undefined)
  const closures = measured.filter((each) => each.closureNs !== undefined)
  const ratio = (of: readonly Measured[], over: (each: Measured) => number, under: (each: Measured) => number): readonly number[] => of.map((each) => over(each) / under(each)).filter((each) => Number.isFinite(each))
  const toHand = ratio(byHandToo, (each) => each.closureNs ?? NaN, (each) => each.handNs ?? NaN)
  const toJsonata = ratio(closures, (each) => each.jsonataNs, (each) => each.closureNs ?? NaN)
  const handToJsonata = ratio(byHandToo, (each) => each.jsonataNs, (each) => each.handNs ?? NaN)
  const line = (what: string, goal: string, of: readonly number[]): readonly string[] => [what, goal, of.length.toString(), ...(of.length === 0 ? ['–', '–', '–'] : [geometricMean(of), Math.min(...of), Math.max(...of)].map((each) => `${each.toPrecision(3)} ×`))]
  const average = (of: readonly (number | undefined)[]): string => (geometricMean(of.flatMap((each) => each ?? [])) / 1000).toFixed(2)
  return {
    name: 'segments: one profile at a time (60 conformance segments, 200 profiles)',
    header: ['time per profile', 'goal', 'segments', 'geometric mean', 'least', 'most'],
    rows: [
      line('compiled closure ÷ hand-written JavaScript', '≤ 4 ×', toHand),
      line('`jsonata` ÷ compiled closure', '≥ 20 ×', toJsonata),
      line('`jsonata` ÷ hand-written JavaScript', '', handToJsonata),
    ],
    notes: `Geometric means in µs per profile: hand-written ${average(byHandToo.map((each) => each.handNs))}, ${closures.length === 0 ? '' : `closure ${average(closures.map((each) => each.closureNs))}, `}\`jsonata\` ${average(measured.map((each) => each.jsonataNs))}. Medians of ${String(rounds)} rounds of ${String(roundMs)} ms each.`,
  }
}
