// Events of people who are known, and of visitors whom nobody has seen before, placed by what memory holds instead of by joins: most of
// what a daemon takes. Every other event (that ties identities together, or names somebody by a key) is left for the joins, which must
// come to the same.
import type { RunTimeLimits } from '../1-project/project.js'
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import { unifiedTable } from '../stores/entity-tables.js'
import type { Connection, StoreValue, Table } from '../stores/store.js'
import { identityTable, nodeTable } from '../stores/tables.js'
import { sqlText } from '../kernel/sql-text.js'
import { bannedValues } from './identity/claims.js'
import type { IdentityMemory } from './identity/identity-memory.js'
import { resolveReferences, resolvedFields } from './keys.js'

/** A mapped event that no table has yet. */
export interface EventPart {
  readonly seq: number
  readonly sourceKey: string
  readonly values: Readonly<Record<string, StoreValue>> | undefined
}

export interface PlaceRequest {
  readonly schemas: Readonly<Record<EntityName, EntitySchema>>
  readonly limits: RunTimeLimits
  readonly memory: IdentityMemory
}

export interface PlacedEvents<Event> {
  /** In their order. */
  readonly left: readonly Event[]
  readonly active: readonly ActivePerson[]
}

/** Somebody who did something: the node by which the event knows them, and whose that node was then. */
export interface ActivePerson {
  readonly nid: number
  readonly id: number
}

interface Placed {
  readonly event: EventPart
  readonly nid: number
  readonly id: number
}

/** Puts what it can at the end of the event table. */
export async function placeKnownEvents<Event extends EventPart>(tx: Connection, events: readonly Event[], { schemas, limits, memory }: PlaceRequest): Promise<PlacedEvents<Event>> {
  const { event: schema, person } = schemas
  if (!schema || !person) return { left: events, active: [] }
  await memory.load(tx)
  const newcomers = new Newcomers(person, { limits, memory })
  const placed: Placed[] = []
  const left: Event[] = []
  for (const event of events) {
    const nid = findNode(event, schema, memory) ?? newcomers.take(event, schema)
    if (nid !== undefined && memory.hasRow(memory.idOf(nid))) placed.push({ event, nid, id: memory.idOf(nid) })
    else left.push(event)
  }
  await newcomers.write(tx)
  await appendEvents(tx, placed, { schema, schemas })
  return { left, active: [...new Map(placed.map((each) => [each.nid, each])).values()].map(({ nid, id }) => ({ nid, id })) }
}

/** The node of the first identity, when all of them are known and all that the event says of them was said before. */
function findNode({ values = {} }: EventPart, schema: EntitySchema, memory: IdentityMemory): number | undefined {
  let first: number | undefined
  for (const { field, namespace } of schema.identities) {
    const written = values[field]
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
  return isPlain(trimmed) ? trimmed.toLowerCase() : undefined
}

function isPlain(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value)
}

interface Newcomer {
  readonly nid: number
  readonly namespace: string
  readonly value: string
}

/** Visitors of whom one identity is all that is known: a node, a profile of their own, and a row with that identity. */
class Newcomers {
  readonly #found: Newcomer[] = []

  constructor(private readonly person: EntitySchema, private readonly context: { readonly limits: RunTimeLimits; readonly memory: IdentityMemory }) {}

  /** Gives the new node; undefined for whoever is to be looked at by the joins. */
  take({ values = {} }: EventPart, schema: EntitySchema): number | undefined {
    const said = schema.identities.filter(({ field }) => typeof values[field] === 'string')
    const [only] = said
    if (!only || said.length > 1 || only.namespace === this.person.namespace) return undefined
    const value = normalize(only.namespace, String(values[only.field]))
    const { memory, limits } = this.context
    if (value === undefined || !isFit(value, only.namespace, limits) || memory.find(only.namespace, value) !== undefined) return undefined
    const nid = memory.addNewcomer(only.namespace, value)
    this.#found.push({ nid, namespace: only.namespace, value })
    return nid
  }

  async write(tx: Connection): Promise<void> {
    if (this.#found.length === 0) return
    const graph = this.person.name
    await tx.append(identityTable, this.#found.map(({ nid, namespace, value }) => [graph, nid, namespace, value]))
    await tx.append(nodeTable, this.#found.map(({ nid }) => [graph, nid, nid]))
    const table = unifiedTable(this.person)
    await tx.append(table, this.#found.map((each) => table.columns.map((column) => this.valueOf(each, column.name))))
  }

  private valueOf({ nid, namespace, value }: Newcomer, column: string): StoreValue {
    if (column === '_id') return nid
    if (column === '_source_keys') return []
    return this.person.identities.some((each) => each.field === column && each.namespace === namespace && this.person.fields[column]?.type === 'string') ? value : null
  }
}

/** What claims.ts would refuse, or count in another way than we do, is for it to look at. */
function isFit(value: string, namespace: string, limits: RunTimeLimits): boolean {
  if (!isPlain(value) || value === '' || bannedValues.includes(value.toLowerCase())) return false
  if (value.length > (limits['id-length'] ?? Infinity)) return false
  const digits = limits['ecid-format']
  return namespace !== 'ecid' || digits === undefined || (value.length === digits && /^\d+$/.test(value))
}

interface AppendContext {
  readonly schema: EntitySchema
  readonly schemas: PlaceRequest['schemas']
}

/** Most fields of an event are in none of them: only those that are cross into the engine value by value. */
async function appendEvents(tx: Connection, placed: readonly Placed[], { schema, schemas }: AppendContext): Promise<void> {
  if (placed.length === 0) return
  const used = new Set(placed.flatMap(({ event: { values } }) => Object.keys(values ?? {})))
  const rows = [...placed].sort((a, b) => compareTimes(a.event, b.event) || a.event.seq - b.event.seq)
  const valuesOf = ({ event, nid, id }: Placed, columns: Table['columns']): readonly StoreValue[] => {
    const own: Readonly<Record<string, StoreValue>> = { _seq: event.seq, _source_key: event.sourceKey, _nid: nid, _id: id }
    return columns.map(({ name }) => own[name] ?? event.values?.[name] ?? null)
  }
  const table = unifiedTable(schema)
  if (!resolvedFields(schema).some(([field]) => used.has(field))) return tx.append(table, rows.map((each) => valuesOf(each, table.columns)))
  const fresh: Table = { name: 'fresh_event', columns: table.columns.filter(({ name }) => name in schema.fields ? used.has(name) : name.startsWith('_')) }
  await tx.temporaryTable(fresh)
  await tx.append(fresh, rows.map((each) => valuesOf(each, fresh.columns)))
  const { columns, joins } = await resolveReferences(tx, schema, { rows: fresh.name, schemas, among: used })
  await tx.run(sqlText`insert into event by name select u.* ${columns} from fresh_event u ${joins}`)
}

/** Events without a time go to the end, as the store has it. */
function compareTimes(a: EventPart, b: EventPart): number {
  const [left, right] = [a, b].map(({ values }) => (typeof values?.['timestamp'] === 'string' ? Date.parse(values['timestamp']) : Infinity))
  if (left === right || left === undefined || right === undefined) return 0
  return left - right
}
