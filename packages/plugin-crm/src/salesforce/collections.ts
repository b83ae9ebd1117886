// Composite collections: up to 200 records in a call, each with its own result; one that fails does not undo the others.
import { type ItemResult, type Json, type JsonObject } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import { type Session, toError } from './session.js'

export type Written = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly code: string; readonly message: string }

export const maxRecords = 200

export type RecordWrite = JsonObject & { readonly attributes: { readonly type: string } }

export function updateAll(session: Session, records: readonly RecordWrite[]): Promise<readonly Written[]> {
  return inParts(records, (part) => write(session, 'PATCH', '/composite/sobjects', part))
}

export function createAll(session: Session, records: readonly RecordWrite[]): Promise<readonly Written[]> {
  return inParts(records, (part) => write(session, 'POST', '/composite/sobjects', part))
}

/** Updates whom the external id finds, and creates the others. */
export function upsertAll(session: Session, { object, field }: { readonly object: string; readonly field: string }, records: readonly RecordWrite[]): Promise<readonly Written[]> {
  return inParts(records, (part) => write(session, 'PATCH', `/composite/sobjects/${object}/${field}`, part))
}

export function deleteAll(session: Session, ids: readonly string[]): Promise<readonly Written[]> {
  return inParts(ids, async (part) => toWritten(await ask(session, { method: 'DELETE', path: `/composite/sobjects?ids=${part.join(',')}&allOrNone=false` }), part.length))
}

/** Fields of records by id; those that are not there are left out. */
export async function retrieveAll(session: Session, object: string, { ids, fields }: { readonly ids: readonly string[]; readonly fields: readonly string[] }): Promise<ReadonlyMap<string, JsonObject>> {
  const found = await inParts(ids, async (part) => asList(await ask(session, { method: 'POST', path: `/composite/sobjects/${object}`, body: { ids: part, fields } })))
  return new Map(found.filter((each) => asText(each['Id']) !== '').map((each) => [asText(each['Id']), each]))
}

async function write(session: Session, method: 'POST' | 'PATCH', path: string, records: readonly RecordWrite[]): Promise<readonly Written[]> {
  return toWritten(await ask(session, { method, path, body: { allOrNone: false, records } }), records.length)
}

async function ask(session: Session, call: { readonly method: 'POST' | 'PATCH' | 'DELETE'; readonly path: string; readonly body?: Json }): Promise<Json> {
  const answer = await session.ask(call)
  if (!answer.ok) throw toError(answer)
  return answer.value
}

/** Results come in the order of the records; one that is missing is not known to be written. */
function toWritten(answer: Json, count: number): readonly Written[] {
  const results = asList(answer)
  return Array.from({ length: count }, (_, index): Written => {
    const result = results[index]
    if (result?.['success'] === true) return { ok: true, id: asText(result['id']) }
    const [error] = asList(asObject(result)['errors'])
    return { ok: false, code: asText(error?.['statusCode']) || 'NO_RESULT', message: asText(error?.['message']) || 'the answer has no result for this record' }
  })
}

async function inParts<T, R>(all: readonly T[], work: (part: readonly T[]) => Promise<readonly R[]>): Promise<readonly R[]> {
  const results: R[] = []
  for (let from = 0; from < all.length; from += maxRecords) results.push(...(await work(all.slice(from, from + maxRecords))))
  return results
}

/** Refusals that pass: another transaction held the row, or the server was busy. */
const passing: ReadonlySet<string> = new Set(['UNABLE_TO_LOCK_ROW', 'SERVER_UNAVAILABLE', 'UNKNOWN_EXCEPTION', 'REQUEST_RUNNING_TOO_LONG', 'NO_RESULT', 'TXN_SECURITY_METERING_ERROR', 'STORAGE_LIMIT_EXCEEDED'])
const gone: ReadonlySet<string> = new Set(['ENTITY_IS_DELETED', 'NOT_FOUND', 'INVALID_CROSS_REFERENCE_KEY'])

export function isGone({ code }: { readonly code: string }): boolean {
  return gone.has(code)
}

/** The result of an item that was several records: what must be tried again goes before what was refused, and that before what was done. */
export function toItemResult(key: string, written: readonly Written[]): ItemResult {
  const failures = written.filter((each) => !each.ok)
  const worst = failures.find((each) => passing.has(each.code)) ?? failures[0]
  if (!worst) return { key, status: 'ok' }
  return { key, status: passing.has(worst.code) ? 'retry' : 'rejected', code: `salesforce/${worst.code}`, message: worst.message }
}
