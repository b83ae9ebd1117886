// A table as the environment describes it: how it is asked for, its key, and which of its columns we read.
import { asList, asObject, asText } from '../answer.js'
import type { Session } from './session.js'

export interface TableDescription {
  readonly name: string
  readonly set: string
  readonly key: string
  readonly isTracked: boolean
  /** As a query names them: lookups are `_<column>_value`. */
  readonly columns: ReadonlyMap<string, string>
}

const lookups: ReadonlySet<string> = new Set(['Lookup', 'Customer', 'Owner'])
/** Types that a query cannot give as a value. */
const unreadable: ReadonlySet<string> = new Set(['Virtual', 'PartyList', 'CalendarRules', 'ManagedProperty', 'EntityName', 'File', 'Image'])

export async function describeTable(session: Session, name: string): Promise<TableDescription> {
  const path = `EntityDefinitions(LogicalName='${name}')?$select=LogicalName,EntitySetName,PrimaryIdAttribute,ChangeTrackingEnabled&$expand=Attributes($select=LogicalName,AttributeType,IsValidForRead,AttributeOf)`
  const described = asObject(await session.get(path))
  const readable = asList(described['Attributes']).filter((each) => each['IsValidForRead'] !== false && asText(each['AttributeOf']) === '' && !unreadable.has(asText(each['AttributeType'])))
  const columns = new Map(readable.map((each) => {
    const [column, type] = [asText(each['LogicalName']), asText(each['AttributeType'])]
    return [lookups.has(type) ? `_${column}_value` : column, type] as const
  }))
  return { name, set: asText(described['EntitySetName']), key: asText(described['PrimaryIdAttribute']), isTracked: described['ChangeTrackingEnabled'] === true, columns }
}

/** What we add to a column: `_customerid_value_type` (account or contact), `industrycode_name` (its label), `_transactioncurrencyid_value_code` (EUR). */
const added = /^(.+)_(?:type|name|code)$/

/** The columns to ask for, in the order of their names. */
export function chooseColumns({ columns, key }: TableDescription, wanted: readonly string[] | undefined): readonly string[] {
  const own = [key, 'modifiedon', 'merged', '_masterid_value'].filter((each) => columns.has(each))
  const asked = (wanted ?? [...columns.keys()]).map((each) => (columns.has(each) ? each : (added.exec(each)?.[1] ?? each)))
  return [...new Set([...asked.filter((each) => columns.has(each)), ...own])].sort()
}
