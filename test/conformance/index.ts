// npm run conformance -- segments PROFILES.jsonl SEGMENTS.jsonl [--clock ISO] [--verbose]
// npm run conformance -- jsonata CASES.jsonl DATASETS_FOLDER
// npm run conformance -- property [--runs 20000] [--seed N]
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { findInstant } from '../../packages/core/src/kernel/clock.js'
import { checkSegments, isPassed } from './check-segments.js'
import { runJsonataCases } from './jsonata.js'
import { readModel } from './model.js'
import { countFailed, toLines as jsonataLines } from './print-jsonata.js'
import { toLines } from './print-segments.js'
import { findDisagreements, toDisagreementLines } from './property.js'
import { UnusableCases, checkJsonataCases, readProfiles, readSegments } from './read-cases.js'

// A date-time without zone means the zone of the process (as $toMillis reads it), so that is fixed too.
process.env['TZ'] = 'UTC'

const usage = `npm run conformance -- segments PROFILES.jsonl SEGMENTS.jsonl [--clock ISO] [--verbose]
npm run conformance -- jsonata CASES.jsonl DATASETS_FOLDER
npm run conformance -- property [--runs N] [--seed N]`

class WrongUsage extends Error {}

type Options = ReturnType<typeof readArguments>['values']

function readArguments(): { readonly values: { readonly clock: string; readonly verbose: boolean; readonly runs: string; readonly seed?: string }; readonly positionals: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { clock: { type: 'string', default: '2025-06-30T12:00:00.000Z' }, verbose: { type: 'boolean', default: false }, runs: { type: 'string', default: '20000' }, seed: { type: 'string' } },
    })
    return { values, positionals }
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error))
  }
}

/** Whether everything passed. */
async function run(): Promise<boolean> {
  const { values, positionals } = readArguments()
  const [what, first, second, ...more] = positionals
  if (what === 'property' && first === undefined) return runProperty(values)
  if (first === undefined || second === undefined || more.length > 0) throw new WrongUsage(what === undefined ? 'what to check is missing' : `${what} takes two paths`)
  if (what === 'segments') return runSegments(first, second, values)
  if (what === 'jsonata') return runJsonata(first, second)
  throw new WrongUsage(`there is no check "${String(what)}"`)
}

async function runSegments(profilesPath: string, segmentsPath: string, { clock, verbose }: Options): Promise<boolean> {
  const instant = findInstant(clock)
  if (instant === undefined) throw new WrongUsage(`--clock ${clock} is no ISO 8601 time`)
  const [profiles, segments] = [readProfiles(profilesPath), readSegments(segmentsPath)]
  process.stdout.write(`${String(segments.length)} segments over ${String(profiles.length)} profiles at ${instant}\n\n`)
  const reports = await checkSegments({ profiles, segments, nowMs: Date.parse(instant) })
  process.stdout.write(`${toLines(reports, { verbose }).join('\n')}\n`)
  return reports.every(isPassed)
}

async function runJsonata(casesFile: string, datasetsFolder: string): Promise<boolean> {
  checkJsonataCases(casesFile, datasetsFolder)
  const report = await runJsonataCases(casesFile, datasetsFolder)
  process.stdout.write(`${String(report.cases)} cases of the JSONata suite\n\n${jsonataLines(report).join('\n')}\n`)
  return countFailed(report) === 0
}

async function runProperty(options: Options): Promise<boolean> {
  const [runs, seed] = [toWholeNumber('--runs', options.runs), options.seed === undefined ? newSeed() : toWholeNumber('--seed', options.seed)]
  process.stdout.write(`${String(runs)} random expressions, seed ${String(seed)}\n`)
  const found = await findDisagreements({ model: readModel(), runs, seed, onBatch: ({ expressions, disagreements }) => process.stderr.write(`\r${String(expressions)} expressions, ${String(disagreements)} disagreements`) })
  process.stderr.write('\n')
  for (const each of found) process.stdout.write(`\n${toDisagreementLines(each).join('\n')}\n`)
  process.stdout.write(found.length === 0 ? 'all evaluators agree\n' : `\n${String(found.length)} disagreements; again with --runs ${String(runs)} --seed ${String(seed)}\n`)
  return found.length === 0
}

function toWholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new WrongUsage(`${option} ${text} is no whole number`)
  return Number(text)
}

function newSeed(): number {
  return randomInt(1_000_000_000)
}

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  if (error instanceof WrongUsage) process.stderr.write(`${error.message}\n\n${usage}\n`)
  else if (error instanceof UnusableCases) process.stderr.write(`${error.message}\n`)
  else throw error
  process.exitCode = error instanceof WrongUsage ? 64 : 1
}
