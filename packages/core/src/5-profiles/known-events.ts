// Events of people who are known, found in memory instead of by joins: most of what a daemon takes. Every other event (of somebody new,
// or that ties identities together) is left for the joins, which must come to the same.
import type { EntitySchema } from '../entities/entity-schema.js'
import { joined, name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection, StoreRow, Table } from '../stores/store.js'
import type { IdentityMemory } from './identity/identity-memory.js'

/** More at once are a load, for which joins are the better way. */
const mostAtOnce = 50_000

const knownEvent: Table = { name: 'known_event', columns: [{ name: 'record', type: 'text' }, { name: 'nid', type: 'int' }, { name: 'id', type: 'int' }] }

export interface KnownEvents {
  readonly known: number
  readonly left: number
}

/** Leaves `known_event(record, nid, id)`. */
export async function findKnownEvents(tx: Connection, event: EntitySchema, { afterSeq, memory }: { readonly afterSeq: number; readonly memory: IdentityMemory }): Promise<KnownEvents> {
  await memory.load(tx)
  const fields = event.identities.map((each) => name(each.field))
  const rows = await tx.rows(sqlText`select _source_key, ${joined(fields, ', ')} from part_event where _seq > ${param(afterSeq)} limit ${param(mostAtOnce + 1)}`)
  await tx.temporaryTable(knownEvent)
  if (rows.length === 0 || rows.length > mostAtOnce) return { known: 0, left: rows.length }
  const known = rows.flatMap((row) => {
    const nid = findNode(row, event, memory)
    return nid === undefined ? [] : [[String(row['_source_key']), nid, memory.idOf(nid)] as const]
  })
  await tx.append(knownEvent, known)
  return { known: known.length, left: rows.length - known.length }
}

/** The node of the first identity, when all of them are known and all that the event says of them was said before. */
function findNode(row: StoreRow, event: EntitySchema, memory: IdentityMemory): number | undefined {
  let first: number | undefined
  for (const { field, namespace } of event.identities) {
    const written = row[field]
    if (typeof written !== 'string') continue
    const value = normalize(namespace, written)
    const node = value === undefined ? undefined : memory.find(namespace, value)
    if (node === undefined) return undefined
    if (first === undefined) first = node
    else if (node !== first && !memory.isLinked(first, node)) return undefined
  }
  return first
}

/** As the store writes it (identity/claims.ts). Whether it folds the case of other letters in the same way is not for us to say. */
function normalize(namespace: string, value: string): string | undefined {
  const trimmed = value.replace(/^ +| +$/g, '')
  if (namespace !== 'email') return trimmed
  return /^[\x20-\x7e]*$/.test(trimmed) ? trimmed.toLowerCase() : undefined
}
