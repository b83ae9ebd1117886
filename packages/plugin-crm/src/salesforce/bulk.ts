// Bulk API 2.0 query jobs: made, waited for, and their results read page by page as CSV, in memory that does not grow with them.
import { type ConnectorContext, type HttpStream, connectorError, isConnectorError } from '@cdpkit/core/sdk'
import { asObject, asText } from '../answer.js'
import { readCsv } from './csv.js'
import { type Answer, type Session, toError } from './session.js'

/** Rows of a page, as they come in; at its end, where the next page starts (undefined after the last one). */
export type ResultPart = { readonly records: readonly Readonly<Record<string, string>>[] } | { readonly next: string | undefined }

export type JobState =
  | { readonly is: 'complete'; readonly rows: number }
  /** The job is gone: a new one is needed. */
  | { readonly is: 'lost' }
  | { readonly is: 'ended'; readonly reason: string }

const firstPollMs = 1000
const longestPollMs = 60_000
const rowsOfPage = 50_000
const tries = 4

export function createJob(session: Session, soql: string): Promise<Answer> {
  // queryAll: what is in the recycle bin tells us who left, and into whom.
  return session.ask({ method: 'POST', path: '/jobs/query', body: { operation: 'queryAll', query: soql, contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' } })
}

/** Waits until the job has ended, however it ends. */
export async function waitForJob(session: Session, context: ConnectorContext, jobId: string): Promise<JobState> {
  for (let waitMs = firstPollMs; ; waitMs = Math.min(waitMs * 2, longestPollMs)) {
    const answer = await session.ask({ path: `/jobs/query/${jobId}` })
    if (!answer.ok && answer.status === 404) return { is: 'lost' }
    if (!answer.ok) throw toError(answer)
    const job = asObject(answer.value)
    switch (asText(job['state'])) {
      case 'JobComplete':
        return { is: 'complete', rows: Number(job['numberRecordsProcessed'] ?? 0) }
      case 'Aborted':
        return { is: 'ended', reason: 'somebody aborted it' }
      case 'Failed':
        return { is: 'ended', reason: asText(job['errorMessage']) || 'it failed' }
      default:
        await context.pause(waitMs)
    }
  }
}

/** Gives the rows of a page as records of texts. A page that breaks off is read again: locators can be. */
export async function* readResults(session: Session, context: ConnectorContext, { jobId, locator }: { readonly jobId: string; readonly locator?: string }): AsyncIterable<ResultPart> {
  for (let attempt = 1; ; attempt++) {
    try {
      yield* readPage(session, jobId, locator)
      return
    } catch (error) {
      const isBroken = isConnectorError(error, 'http/no-answer') || isConnectorError(error, 'http/timeout') || isConnectorError(error, 'connector/unavailable')
      if (!isBroken || attempt >= tries) throw error
      await context.pause(firstPollMs * 2 ** attempt)
    }
  }
}

async function* readPage(session: Session, jobId: string, locator: string | undefined): AsyncIterable<ResultPart> {
  const query = new URLSearchParams({ maxRecords: String(rowsOfPage), ...(locator === undefined ? {} : { locator }) })
  const answer = await session.stream({ path: `/jobs/query/${jobId}/results?${query.toString()}`, headers: { accept: 'text/csv' } })
  if ('ok' in answer) throw toError(answer)
  let columns: readonly string[] | undefined
  let count = 0
  for await (const rows of readCsv(answer.body)) {
    const values = columns ? rows : rows.slice(1)
    columns ??= rows[0] ?? []
    count += values.length
    yield { records: values.map((row) => toRecord(columns ?? [], row)) }
  }
  assertWhole(answer, count)
  const next = answer.headers['sforce-locator']
  // The last page says so with the text "null".
  yield { next: next === undefined || next === '' || next === 'null' ? undefined : next }
}

function assertWhole({ headers }: HttpStream, count: number): void {
  const said = headers['sforce-numberofrecords']
  if (said !== undefined && Number(said) !== count) throw connectorError('unavailable', { reason: `a page of ${said} rows ended after ${String(count)}`, hint: 'The next run reads it again.' })
}

function toRecord(columns: readonly string[], row: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(columns.map((column, index) => [column, row[index] ?? '']))
}

/** Jobs are kept for seven days; ours is not needed any more. Failing at that is no failure. */
export async function deleteJob(session: Session, jobId: string): Promise<void> {
  await session.ask({ method: 'DELETE', path: `/jobs/query/${jobId}` })
}
