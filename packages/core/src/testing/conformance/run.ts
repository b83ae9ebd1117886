// Runs the checks of a connector one by one, each on a test system of its own. What a check throws is the connector's fault, too.
import type { Connector } from '../../plugins/sdk.js'
import { DestinationBench, SourceBench } from './bench.js'
import { type ConformanceCheck, type Outcome, failed, notApplicable } from './check.js'
import { checks } from './checks/index.js'
import type { ConformanceSetup, ConformanceStart, Side } from './setup.js'

export interface CheckReport {
  readonly id: string
  readonly shows: string
  readonly outcome: Outcome
}

export interface ConformanceReport {
  readonly connector: string
  readonly checks: readonly CheckReport[]
}

export interface RunOptions {
  /** Told after each check. */
  readonly onCheck?: (report: CheckReport) => void
  /** Checks whose id has this text. */
  readonly only?: string
}

/**
 * Runs every check that applies. Without a start only what is declared is looked at; the other checks are not applicable.
 * @example (await runConformance(connector, { config: {} })).checks.filter((each) => each.outcome.is === 'failed')
 */
export async function runConformance(connector: Connector, start?: ConformanceStart, { onCheck, only = '' }: RunOptions = {}): Promise<ConformanceReport> {
  const reports: CheckReport[] = []
  for (const check of checksOf(connector)) {
    if (!check.id.includes(only)) continue
    const report = { id: check.id, shows: check.shows, outcome: await runCheck(check, connector, start) }
    reports.push(report)
    onCheck?.(report)
  }
  return { connector: connector.name, checks: reports }
}

/** The checks of what a connector is: a source's, a destination's, or both. */
export function checksOf({ source, destination }: Connector): readonly ConformanceCheck[] {
  return checks.filter(({ of }) => of === 'connector' || (of === 'source' ? source : destination) !== undefined)
}

export async function runCheck(check: ConformanceCheck, connector: Connector, start: ConformanceStart | undefined): Promise<Outcome> {
  if (check.of === 'connector') return check.run(connector)
  if (start === undefined) return notApplicable('no setup is given')
  const { name, source, destination } = connector
  if (check.of === 'source' && source) return runOn(new SourceBench(name, await toSetup(start, check.of), source), check)
  if (check.of === 'destination' && destination) return runOn(new DestinationBench(name, await toSetup(start, check.of), destination), check)
  throw new Error(`${name} is no ${check.of}`)
}

async function toSetup(start: ConformanceStart, side: Side): Promise<ConformanceSetup> {
  return typeof start === 'function' ? start(side) : start
}

async function runOn<Bench extends SourceBench | DestinationBench>(bench: Bench, check: { run(bench: Bench): Promise<Outcome> }): Promise<Outcome> {
  try {
    return await check.run(bench)
  } catch (error) {
    return failed(`it throws ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`)
  } finally {
    await bench.close()
  }
}
