// Rows of an answer → changes: records without what is not there, deletions, and records that became part of another one.
import type { Change, JsonObject } from '@cdpkit/core/sdk'
import { asText, present } from '../answer.js'

const bookkeeping: ReadonlySet<string> = new Set(['attributes', 'IsDeleted', 'MasterRecordId'])

export function toChange(row: JsonObject): Change {
  const id = asText(row['Id'])
  if (row['IsDeleted'] !== true) return { op: 'upsert', record: present(row, (name) => bookkeeping.has(name)) }
  const into = asText(row['MasterRecordId'])
  return into === '' ? { op: 'delete', key: id } : { op: 'merge', key: id, into }
}
