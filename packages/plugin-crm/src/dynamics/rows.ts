// Rows of an answer → changes: annotations as fields of their own, ids in lower case, deletions and merges.
import type { Change, Json, JsonObject } from '@cdpkit/core/sdk'
import { asText, present } from '../answer.js'

const annotations: Readonly<Record<string, string>> = { '@Microsoft.Dynamics.CRM.lookuplogicalname': '_type', '@OData.Community.Display.V1.FormattedValue': '_name' }
const bookkeeping: ReadonlySet<string> = new Set(['merged', '_masterid_value', '_masterid_value_type', '_masterid_value_name'])

export interface RowContext {
  readonly key: string
  /** ISO codes by the id of a currency. */
  readonly currencies: ReadonlyMap<string, string>
}

export function toChange(row: JsonObject, { key, currencies }: RowContext): Change {
  if (row['reason'] === 'deleted') return { op: 'delete', key: asText(row['id']).toLowerCase() }
  const record = toRecord(row, currencies)
  const into = asText(record['_masterid_value'])
  // The loser of a merge is switched off, not deleted.
  if (record['merged'] === true && into !== '') return { op: 'merge', key: asText(record[key]), into }
  return { op: 'upsert', record: present(record, (name) => bookkeeping.has(name)) }
}

function toRecord(row: JsonObject, currencies: ReadonlyMap<string, string>): JsonObject {
  const fields = Object.entries(row).flatMap(([name, value]): readonly (readonly [string, Json])[] => {
    const [column, annotation] = splitAnnotation(name)
    if (annotation === undefined) return [[column, isId(column, value) ? asText(value).toLowerCase() : value]]
    const suffix = annotations[annotation]
    return suffix === undefined || column === '' ? [] : [[`${column}${suffix}`, value]]
  })
  const code = currencies.get(asText(row['_transactioncurrencyid_value']).toLowerCase())
  return Object.fromEntries([...fields, ...(code === undefined ? [] : [['_transactioncurrencyid_value_code', code] as const])].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function splitAnnotation(name: string): readonly [string, string?] {
  const at = name.indexOf('@')
  return at < 0 ? [name] : [name.slice(0, at), name.slice(at)]
}

// Guids come in either case; only one of them can be a key.
function isId(column: string, value: Json): boolean {
  return typeof value === 'string' && (column.endsWith('id') || column.endsWith('_value')) && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value)
}
