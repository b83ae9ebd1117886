// What a check is: data with a name, a sentence and a function that gives an outcome. It throws only where the kit is at fault.
import type { Connector } from '../../plugins/sdk.js'
import type { DestinationBench, SourceBench } from './bench.js'

export type Outcome =
  | { readonly is: 'passed' }
  | { readonly is: 'failed'; readonly reason: string }
  /** `reason`: what the connector does not claim, or what the setup does not give. */
  | { readonly is: 'not-applicable'; readonly reason: string }

interface Named {
  /** `source/resume`; the first part says what it applies to. */
  readonly id: string
  /** What it shows, as a sentence: `loses nothing when it is killed at a checkpoint`. */
  readonly shows: string
}

export type ConformanceCheck = ConnectorCheck | SourceCheck | DestinationCheck

/** Looks at what the connector declares; needs no system. */
export interface ConnectorCheck extends Named {
  readonly of: 'connector'
  run(connector: Connector): Outcome | Promise<Outcome>
}

export interface SourceCheck extends Named {
  readonly of: 'source'
  run(bench: SourceBench): Promise<Outcome>
}

export interface DestinationCheck extends Named {
  readonly of: 'destination'
  run(bench: DestinationBench): Promise<Outcome>
}

/** The same for both sides of a connector. */
export function forBothSides({ name, shows, run }: { readonly name: string; readonly shows: string; readonly run: (bench: SourceBench | DestinationBench) => Promise<Outcome> }): readonly ConformanceCheck[] {
  return [{ id: `source/${name}`, of: 'source', shows, run }, { id: `destination/${name}`, of: 'destination', shows, run }]
}

export const passed: Outcome = { is: 'passed' }

export function failed(reason: string): Outcome {
  return { is: 'failed', reason }
}

export function notApplicable(reason: string): Outcome {
  return { is: 'not-applicable', reason }
}

/** Passed when nothing is wrong, else failed with all of it. */
export function outcomeOf(wrong: readonly string[]): Outcome {
  return wrong.length === 0 ? passed : failed(wrong.join('; '))
}
