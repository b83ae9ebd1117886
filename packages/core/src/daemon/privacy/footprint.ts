// Where one person is in a sandbox: identities, records of each stream, events. What a privacy request is answered from.
import type { Applied } from '../../2-plan/applied.js'
import type { RecordsOfPerson } from '../../4-ingest/index.js'
import { tableOf, toSourceKey } from '../../entities/entity-schema.js'
import type { Identity } from '../../entities/identity-value.js'
import { joined, name, param, sqlText } from '../../kernel/sql-text.js'
import { findProfiles } from '../../matching/find-profile.js'
import { referenceFields } from '../../stores/entity-tables.js'
import type { Connection } from '../../stores/store.js'

export interface Footprint {
  readonly id: number
  /** Of every node: the person's number now, and those from before merges. */
  readonly nids: readonly number[]
  readonly identities: readonly Identity[]
  readonly records: RecordsOfPerson
}

export async function findFootprint(store: Connection, applied: Applied, { namespace, value }: Identity): Promise<Footprint | undefined> {
  const person = applied.entities['person']
  const [id] = await findProfiles(store, namespace, value, 'person')
  if (id === undefined || !person) return undefined
  const nodes = await store.rows<{ nid: number; namespace: string; value: string }>(sqlText`select i.nid, i.namespace, i.value from node n join identity i on i.graph = n.graph and i.nid = n.nid where n.graph = 'person' and n.id = ${param(id)} order by i.nid`)
  const identities = nodes.map(({ namespace: kind, value: text }) => ({ namespace: kind, value: text }))
  const sourceKeys = identities.filter((each) => each.namespace === person.namespace).map((each) => each.value)
  const eventKeys = applied.entities['event'] ? (await store.rows<{ key: string }>(sqlText`select _source_key as key from event where _id = ${param(id)}`)).map((each) => each.key) : []
  const emails = identities.filter((each) => each.namespace === 'email').map((each) => each.value)
  return { id, nids: nodes.map((each) => each.nid), identities, records: { streams: await findStreams(store, applied, { sourceKeys, eventKeys }), sourceKeys, eventKeys, emails } }
}

async function findStreams(store: Connection, applied: Applied, keys: Pick<RecordsOfPerson, 'sourceKeys' | 'eventKeys'>): Promise<RecordsOfPerson['streams']> {
  const relationKeys = await findRelationKeys(store, applied, keys.sourceKeys)
  return Object.values(applied.sources).flatMap(({ uid, spec }) => {
    const suffix = toSourceKey('', spec.instance, spec.type)
    const own = (all: readonly string[]): readonly string[] => all.filter((each) => each.endsWith(suffix)).map((each) => each.slice(0, -suffix.length))
    return spec.streams.flatMap(({ name: stream, entity }) => {
      const grain = applied.entities[entity]?.grain
      const found = own(entity === 'person' ? keys.sourceKeys : grain === 'event' ? keys.eventKeys : (relationKeys.get(entity) ?? []))
      return found.length === 0 ? [] : [{ source: uid, stream, keys: found }]
    })
  })
}

/** Keys of the relation records that name the person, by entity. */
async function findRelationKeys(store: Connection, { entities }: Applied, sourceKeys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (const schema of Object.values(entities).filter((each) => each.grain === 'relation')) {
    const naming = referenceFields(schema).filter(([, entity]) => entity === 'person').map(([field]) => sqlText`${name(field)} in (select unnest(${param(sourceKeys)}))`)
    if (naming.length === 0) continue
    const rows = await store.rows<{ key: string }>(sqlText`select _source_key as key from ${name(`part_${tableOf(schema.name)}`)} where ${joined(naming, ' or ')}`)
    found.set(schema.name, rows.map((each) => each.key))
  }
  return found
}
