// New events get their person and go to the end of the event table in time order; events of merged people follow them.
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import { joined, name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection, Table } from '../stores/store.js'
import { plainFields } from './choose-survivor.js'
import type { ActivePerson } from './known-events.js'
import { type Schemas, resolveReferences, staleReferences } from './keys.js'

export interface EventRequest {
  readonly event: EntitySchema
  /** Events up to here were taken before. */
  readonly afterSeq: number
  readonly changed: ReadonlySet<EntityName>
  readonly schemas: Schemas
}

/** Fills `active(id)`: people who did something new, or whose events came or went. Whose a node is that is known from before is looked up now that links are made. */
export async function prepareActive(tx: Connection, known: readonly ActivePerson[]): Promise<void> {
  const nodes: Table = { name: 'active_node', columns: [{ name: 'nid', type: 'int' }] }
  await tx.temporaryTable(nodes)
  await tx.append(nodes, known.map(({ nid }) => [nid]))
  await tx.temporaryFrom('active', sqlText`select distinct id from node where graph = 'person' and nid in (select nid from active_node)`)
}

/** People who did something new, or whose events came or went, are added to `active(id)`. */
export async function updateEvents(tx: Connection, request: EventRequest): Promise<void> {
  await moveEvents(tx)
  await refreshEventReferences(tx, request)
  await appendEvents(tx, request)
}

async function appendEvents(tx: Connection, { event, afterSeq, schemas }: EventRequest): Promise<void> {
  const fields = joined(Object.keys(event.fields).map((each) => name('p', each)), ', ')
  const { fresh } = await tx.row<{ fresh: number }>(sqlText`select count(*) as fresh from part_event where _seq > ${param(afterSeq)}`)
  if (fresh === 0) return
  // `claimed` is the person graph's: an event is known by the first of its identities.
  await tx.temporaryFrom('known_event', sqlText`select c.record, c.nid, n.id from (select record, arg_min(nid, rank) as nid from claimed where origin = 'event' group by record) c join node n on n.graph = 'person' and n.nid = c.nid`)
  await tx.temporaryFrom(
    'fresh_event',
    sqlText`select p._seq, p._source_key, c.nid as _nid, c.id as _id, ${fields} from part_event p left join known_event c on c.record = p._source_key where p._seq > ${param(afterSeq)}`,
  )
  const { columns, joins } = await resolveReferences(tx, event, { rows: 'fresh_event', schemas })
  await tx.insert('event', sqlText`select u.* ${columns} from fresh_event u ${joins} order by u."timestamp", u._seq`)
  await tx.insert('active', sqlText`select distinct _id as id from fresh_event where _id is not null`)
}

async function moveEvents(tx: Connection): Promise<void> {
  const { moved } = await tx.row<{ moved: number }>(sqlText`select count(*) as moved from moved_node where graph = 'person'`)
  if (moved > 0) await tx.run(sqlText`update event set _id = m.new_id from moved_node m where m.graph = 'person' and event._nid = m.nid and event._id is distinct from m.new_id`)
}

/** References of older events that lead elsewhere now (an account that came later, or merged). */
async function refreshEventReferences(tx: Connection, { event, changed, schemas }: EventRequest): Promise<void> {
  const stale = staleReferences(event, changed, sqlText`u._seq`)
  if (stale.length === 0) return
  const found = await tx.temporaryFrom('stale_event', sqlText`select distinct _seq from (${joined(stale, ' union all ')})`)
  if (found === 0) return
  await tx.temporaryFrom('moved_event', sqlText`select _seq, _source_key, _nid, _id, ${plainFields(event)} from event where _seq in (select _seq from stale_event)`)
  await tx.run(sqlText`delete from event where _seq in (select _seq from stale_event)`)
  const { columns, joins } = await resolveReferences(tx, event, { rows: 'moved_event', schemas })
  await tx.insert('event', sqlText`select u.* ${columns} from moved_event u ${joins} order by u."timestamp", u._seq`)
  await tx.insert('active', sqlText`select distinct _id as id from moved_event where _id is not null`)
}
