// Bulk API 2.0 query jobs: a snapshot when the job is made, states that move with each question, results as CSV pages.
import type { Organization, Row } from './organization.js'
import { type Soql, type Value, holds } from './soql.js'

export interface BulkJob {
  readonly id: string
  readonly operation: 'query' | 'queryAll'
  readonly soql: Soql
  readonly apiVersion: string
  readonly rows: readonly Row[]
  state: 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed'
  errorMessage: string
}

/** How the next jobs end, instead of well. */
export interface JobEnd {
  readonly state: 'Aborted' | 'Failed'
  readonly errorMessage: string
}

/** Results come in no order: the rows are shuffled the same way each time. */
export function snapshot(organization: Organization, soql: Soql, operation: 'query' | 'queryAll'): readonly Row[] {
  const found: Row[] = []
  for (const row of organization.rows(soql.object)) {
    if (operation === 'query' && row['IsDeleted'] === true) continue
    if (!soql.where || holds(soql.where, (field) => row[field] ?? null)) found.push(row)
  }
  let seed = 7
  for (let index = found.length - 1; index > 0; index--) {
    seed = (seed * 1103515245 + 12345) % 2147483648
    const other = seed % (index + 1)
    const [a, b] = [found[index], found[other]]
    if (a && b) { found[index] = b; found[other] = a }
  }
  return found
}

export function* toCsv(job: BulkJob, from: number, to: number, cell: (field: string, value: Value) => string): Iterable<string> {
  yield `${job.soql.fields.map((each) => `"${each}"`).join(',')}\n`
  let part = ''
  for (let index = from; index < to; index++) {
    const row = job.rows[index] ?? {}
    part += `${job.soql.fields.map((field) => cell(field, row[field] ?? null)).join(',')}\n`
    if (part.length > 65_536) {
      yield part
      part = ''
    }
  }
  if (part !== '') yield part
}
