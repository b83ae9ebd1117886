// Runs as OpenLineage events (https://openlineage.io/spec/2-0-2/OpenLineage.json), one JSON object each: what a run read and what it
// wrote, for catalogues such as Marquez. Nobody's values are in them, only names and counts. To a file, a line each, or to a URL; a
// catalogue that does not answer holds nothing up.
import { appendFile } from 'node:fs/promises'
import type { Log } from '../kernel/log.js'
import type { JsonObject } from '../kernel/json.js'
import type { DaemonEvents, RunEvent } from './daemon-events.js'
import type { RunResult } from './run.js'

const producer = 'https://www.npmjs.com/package/@cdpkit/core'
const schemaUrl = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent'
const facetUrl = (facet: string, version: string): string => `https://openlineage.io/spec/facets/${version}/${facet}.json#/$defs/${facet}`
/** A catalogue that takes longer is left alone for this event. */
const patienceMs = 10_000

export interface LineageRequest {
  readonly sandbox: string
  /** A file, or the URL that takes events (`http://marquez:5000/api/v1/lineage`). */
  readonly target: string
  readonly log: Log
}

/** Tells of runs one after the other, in their order. */
export function tellLineage({ sandbox, target, log }: LineageRequest): Required<Pick<DaemonEvents, 'onRun'>> {
  let last: Promise<void> = Promise.resolve()
  const send = /^https?:\/\//.test(target) ? post : append
  return {
    onRun: (event) => {
      const text = JSON.stringify(toLineageEvent(event, sandbox))
      last = last.then(() => send(target, text)).catch((error: unknown) => {
        log.write('warn', `The lineage of run ${event.run} was not told to ${target}: ${error instanceof Error ? error.message : String(error)}`)
      })
    },
  }
}

async function append(file: string, text: string): Promise<void> {
  await appendFile(file, `${text}\n`)
}

async function post(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(patienceMs) })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`it answered ${String(response.status)}`)
}

/** @example toLineageEvent({ is: 'started', run, at, applied, options: { job: 'daily' } }, 'prod')['job'] // { namespace: 'cdpkit/shop/prod', name: 'daily' } */
export function toLineageEvent(event: RunEvent, sandbox: string): JsonObject {
  const { run, at, applied, options } = event
  const namespace = `cdpkit/${applied.project}/${sandbox}`
  return {
    eventType: eventTypes[event.is], eventTime: at, producer, schemaURL: schemaUrl,
    run: { runId: run, facets: event.is === 'failed' ? { errorMessage: toError(event.error) } : {} },
    job: { namespace, name: options.job ?? (options.only ? `${options.only.kind}/${options.only.name}` : 'run') },
    inputs: event.is === 'ended' ? inputsOf(event.result, namespace) : [],
    outputs: event.is === 'ended' ? outputsOf(event.result, namespace) : [],
  }
}

const eventTypes: Readonly<Record<RunEvent['is'], string>> = { started: 'START', ended: 'COMPLETE', failed: 'FAIL' }

function inputsOf({ batches }: RunResult, namespace: string): readonly JsonObject[] {
  return batches.map(({ source, stream, read }) => ({ namespace, name: `Source/${source}/${stream}`, inputFacets: { inputStatistics: { _producer: producer, _schemaURL: facetUrl('InputStatisticsInputDatasetFacet', '1-0-0'), rowCount: read } } }))
}

function outputsOf({ segments, receipts }: RunResult, namespace: string): readonly JsonObject[] {
  const counted = (name: string, rowCount: number): JsonObject => ({ namespace, name, outputFacets: { outputStatistics: { _producer: producer, _schemaURL: facetUrl('OutputStatisticsOutputDatasetFacet', '1-0-2'), rowCount } } })
  return [
    ...segments.segments.map(({ segment, members }) => counted(`Segment/${segment}`, members)),
    ...receipts.destinations.map(({ destination, segment, added, removed }) => counted(`Destination/${destination}/${segment}`, added + removed)),
  ]
}

function toError(error: unknown): JsonObject {
  return { _producer: producer, _schemaURL: facetUrl('ErrorMessageRunFacet', '1-0-1'), message: error instanceof Error ? error.message : String(error), programmingLanguage: 'TypeScript' }
}
