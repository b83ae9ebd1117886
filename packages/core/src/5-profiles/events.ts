// New events get their person and go to the end of the event table in time order; events of merged people follow them.
import { type EntitySchema } from '../entities/entity-schema.js'
import { joined, name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { plainFields } from './choose-survivor.js'
import { resolution, staleReferences } from './keys.js'

/** Adds the people of new and of moved events to `touched`. */
export async function appendEvents(tx: Connection, event: EntitySchema, afterSeq: number): Promise<void> {
  const { columns, joins } = resolution(event)
  // `claimed` is the person graph's: an event is known by the first of its identities.
  const known = sqlText`select record, arg_min(nid, rank) as nid from claimed where origin = 'event' group by record`
  const fresh = sqlText`select p._seq, p._source_key, c.nid as _nid, n.id as _id, ${joined(Object.keys(event.fields).map((each) => name('p', each)), ', ')}
    from part_event p left join (${known}) c on c.record = p._source_key left join node n on n.graph = 'person' and n.nid = c.nid where p._seq > ${param(afterSeq)}`
  await tx.run(sqlText`create or replace temporary table fresh_event as ${fresh}`)
  await tx.insert('event', sqlText`select u.* ${columns} from fresh_event u ${joins} order by u."timestamp", u._seq`)
  await tx.insert('touched', sqlText`select distinct 'person' as entity, _id as id from fresh_event where _id is not null`)
}

export async function moveEvents(tx: Connection): Promise<void> {
  await tx.run(sqlText`update event set _id = m.new_id from moved_node m where m.graph = 'person' and event._nid = m.nid and event._id is distinct from m.new_id`)
}

/** References of older events that lead elsewhere now (an account that came later, or merged). */
export async function refreshEventReferences(tx: Connection, event: EntitySchema): Promise<void> {
  const stale = staleReferences(event, sqlText`u._seq`)
  if (stale.length === 0) return
  await tx.run(sqlText`create or replace temporary table stale_event as select distinct _seq from (${joined(stale, ' union all ')})`)
  const { found } = await tx.row<{ found: number }>(sqlText`select count(*) as found from stale_event`)
  if (found === 0) return
  const { columns, joins } = resolution(event)
  await tx.run(sqlText`create or replace temporary table moved_event as select _seq, _source_key, _nid, _id, ${plainFields(event)} from event where _seq in (select _seq from stale_event)`)
  await tx.run(sqlText`delete from event where _seq in (select _seq from stale_event)`)
  await tx.insert('event', sqlText`select u.* ${columns} from moved_event u ${joins} order by u."timestamp", u._seq`)
  await tx.insert('touched', sqlText`select distinct 'person' as entity, _id as id from moved_event where _id is not null`)
}

