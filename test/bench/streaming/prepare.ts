// A sandbox as stage 5 would have left it, ready for the next event: what segments/generate.ts makes, and beneath it the parts, identities,
// links and nodes that those people and companies were made of.
import { fillStore, type Sizes } from '../segments/generate.js'
import { type Store, name, param, sqlText, standardEntities, tableOf } from '../segments/product.js'

export async function prepareSandbox(store: Store, sizes: Sizes): Promise<void> {
  await fillStore(store, sizes)
  for (const schema of Object.values(standardEntities).filter((each) => each.grain === 'stitched')) await addGraph(store, schema.name, schema.namespace)
  for (const schema of Object.values(standardEntities).filter((each) => each.grain === 'relation')) {
    await store.run(sqlText`insert into ${name(`part_${tableOf(schema.name)}`)} by name select row_number() over () as _seq, 1 as _source, 'crm' as _stream, false as _deleted, columns(c -> not ends_with(c, '_id')) from ${name(tableOf(schema.name))}`)
  }
  await store.run(sqlText`insert into record_sequence select max(_seq) from event`)
  await store.run(sqlText`insert into profile_cursor select max(_seq) from event`)
  await store.checkpoint()
}

/** A part, a node of its own key and one of its e-mail for each profile: a person's id is the node before that of its e-mail. */
async function addGraph(store: Store, entity: string, namespace: string): Promise<void> {
  const table = name(tableOf(entity))
  const graph = param(entity)
  await store.run(sqlText`insert into ${name(`part_${tableOf(entity)}`)} by name
    select _id as _seq, _source_keys[1] as _source_key, 1 as _source, 'crm' as _stream, timestamp '2026-01-01' as _changed_at, false as _deleted, columns(c -> c not in ('_id', '_source_keys') and not (ends_with(c, 'Key_id'))) from ${table}`)
  await store.run(sqlText`insert into identity select ${graph}, _id, ${param(namespace)}, _source_keys[1] from ${table}`)
  if (entity === 'person') {
    await store.run(sqlText`insert into identity select ${graph}, _id + 1, 'email', lower(email) from person where email is not null`)
    await store.run(sqlText`insert into link select ${graph}, _id, _id + 1, _id, 'record' from person where email is not null`)
    await store.run(sqlText`insert into node select ${graph}, _id + 1, _id from person where email is not null`)
  }
  await store.run(sqlText`insert into node select ${graph}, _id, _id from ${table}`)
}
