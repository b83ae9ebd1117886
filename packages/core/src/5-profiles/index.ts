// Stage 5: records → people and accounts. Who is who, which value wins, and what belongs together, for all records that
// came since the last time, in one transaction.
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import { tableOf } from '../entities/entity-schema.js'
import type { Clock } from '../kernel/clock.js'
import type { Log } from '../kernel/log.js'
import { type SqlText, joined, name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection, Store, Table } from '../stores/store.js'
import type { SourceRank } from './choose-survivor.js'
import { appendEvents, moveEvents, refreshEventReferences } from './events.js'
import { prepareStitching, stitchGraph } from './identity/stitch.js'
import { prepareKeys } from './keys.js'
import { collectAffected, updatePersonAccounts } from './person-accounts.js'
import type { ProfileChanges } from './profile.js'
import { logProfileChanges, rememberBefore } from './profile-changes.js'
import { updateRelation } from './relations.js'
import { addAnonymous, touchStitched, unifyTouched } from './unify.js'

export interface UpdateRequest {
  readonly store: Store
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  /** Uids of the sources by name, for the precedence merge policy. */
  readonly sourceRanks: readonly SourceRank[]
  readonly clock: Clock
  readonly log: Log
  readonly onProgress?: (progress: { readonly text: string; readonly done: number; readonly total?: number }) => void
  /** Make everything again from the parts: after a change of identities or merge policies. */
  readonly rebuild?: boolean
}

/** Brings the profiles up to the newest record. With nothing new it costs a few questions and writes nothing. */
export function updateProfiles(request: UpdateRequest): Promise<ProfileChanges> {
  return request.store.transaction(async (tx) => {
    const before = await readState(tx, request.entities)
    const afterSeq = request.rebuild === true ? 0 : before.throughSeq
    if (before.newestSeq > afterSeq) await update(tx, request, afterSeq)
    const throughSeq = Math.max(before.newestSeq, before.throughSeq)
    if (throughSeq > before.throughSeq) {
      await tx.run(sqlText`delete from profile_cursor`)
      await tx.run(sqlText`insert into profile_cursor values (${param(throughSeq)})`)
    }
    return toChanges(tx, { throughSeq, lastChangeBefore: before.lastChange, refusedBefore: before.refused })
  })
}

async function update(tx: Connection, request: UpdateRequest, afterSeq: number): Promise<void> {
  const at = request.clock.now()
  const schemas = Object.values(request.entities)
  const stitched = schemas.filter((each) => each.grain === 'stitched')
  const event = request.entities['event']
  const steps = progressOf(request, stitched.length + 6)
  await prepareTables(tx)
  if (request.rebuild === true) await forgetRecordLinks(tx)
  // The person graph comes last: events are placed by its claims.
  for (const schema of [...stitched].sort((a, b) => Number(a.name === 'person') - Number(b.name === 'person'))) {
    steps(`stitch ${schema.name}`)
    await stitchGraph(tx, { schema, afterSeq, at, ...(schema.name === 'person' && event ? { event } : {}) })
  }
  for (const schema of stitched) await prepareKeys(tx, schema)
  steps('events')
  if (event) await updateEvents(tx, event, afterSeq, request.rebuild === true)
  for (const schema of stitched) await touchStitched(tx, schema, afterSeq)
  await rememberBefore(tx)
  steps('unify')
  for (const schema of stitched) await noteReferred(tx, schema)
  for (const schema of stitched) await unifyTouched(tx, schema, request.sourceRanks)
  for (const schema of stitched) await noteReferred(tx, schema)
  if (request.entities['person']) await addAnonymous(tx, request.entities['person'])
  steps('relations')
  for (const schema of schemas.filter((each) => each.grain === 'relation')) await updateRelation(tx, schema, afterSeq)
  await collectAffected(tx)
  steps('accounts of people')
  await updatePersonAccounts(tx)
  steps('changes')
  await logProfileChanges(tx, at)
}

const ids: readonly Table[] = ['touched', 'related'].map((each) => ({ name: each, columns: [{ name: 'entity', type: 'text' }, { name: 'id', type: 'int' }] }))

async function prepareTables(tx: Connection): Promise<void> {
  for (const table of ids) await tx.temporaryTable(table)
  await prepareStitching(tx)
}

async function forgetRecordLinks(tx: Connection): Promise<void> {
  await tx.run(sqlText`delete from link where origin = 'record'`)
  await tx.run(sqlText`delete from refused_link`)
}

// Events taken before are not in part_event any more: a rebuild moves them with their nodes, and never appends them again.
async function updateEvents(tx: Connection, event: EntitySchema, afterSeq: number, rebuild: boolean): Promise<void> {
  const { through } = await tx.row<{ through: number }>(sqlText`select coalesce(max(seq), ${param(0)}) as through from profile_cursor`)
  await moveEvents(tx)
  await refreshEventReferences(tx, event)
  await appendEvents(tx, event, rebuild ? through : afterSeq)
}

/** What touched rows refer to before and after: an account sees that an opportunity left it. */
async function noteReferred(tx: Connection, schema: EntitySchema): Promise<void> {
  for (const [field, { references }] of Object.entries(schema.fields)) {
    if (references !== 'account') continue
    await tx.insert(
      'related',
      sqlText`select distinct 'account' as entity, ${name(`${field}_id`)} as id from ${name(tableOf(schema.name))}
        where ${name(`${field}_id`)} is not null and _id in (select id from touched where entity = ${param(schema.name)})`,
    )
  }
}

interface State {
  readonly throughSeq: number
  readonly newestSeq: number
  readonly lastChange: number
  readonly refused: number
}

async function readState(tx: Connection, entities: UpdateRequest['entities']): Promise<State> {
  const parts = Object.values(entities).map((each) => sqlText`select max(_seq) as seq from ${name(`part_${tableOf(each.name)}`)}`)
  const newest: SqlText = parts.length === 0 ? sqlText`select null::bigint as seq` : joined(parts, ' union all ')
  return tx.row<State & Record<string, number>>(
    sqlText`select (select coalesce(max(seq), 0) from profile_cursor) as "throughSeq", (select coalesce(max(seq), 0) from (${newest})) as "newestSeq",
      (select coalesce(max(seq), 0) from profile_change) as "lastChange", (select count(*) from refused_link) as refused`,
  )
}

interface Before {
  readonly throughSeq: number
  readonly lastChangeBefore: number
  readonly refusedBefore: number
}

async function toChanges(tx: Connection, { throughSeq, lastChangeBefore, refusedBefore }: Before): Promise<ProfileChanges> {
  const of = (entity: string, change: string): SqlText => sqlText`(select count(*) from profile_change where seq > ${param(lastChangeBefore)} and entity = ${param(entity)} and change = ${param(change)})`
  const counts = await tx.row<Record<string, number>>(
    sqlText`select ${of('person', 'changed')} as "personsChanged", ${of('person', 'removed')} as "personsRemoved", ${of('person', 'merged')} as "personsMerged",
      ${of('account', 'changed')} as "accountsChanged", ${of('account', 'removed')} as "accountsRemoved", (select count(*) from refused_link) as refused,
      (select count(*) from person) as persons, (select count(*) from account) as accounts, (select coalesce(max(seq), 0) from profile_change) as "lastChange"`,
  )
  const count = (key: string): number => counts[key] ?? 0
  return {
    throughSeq,
    lastChange: count('lastChange'),
    personsChanged: count('personsChanged'),
    personsRemoved: count('personsRemoved'),
    personsMerged: count('personsMerged'),
    accountsChanged: count('accountsChanged'),
    accountsRemoved: count('accountsRemoved'),
    refusedLinks: Math.max(0, count('refused') - refusedBefore),
    persons: count('persons'),
    accounts: count('accounts'),
  }
}

function progressOf(request: UpdateRequest, total: number): (text: string) => void {
  let done = 0
  return (text) => request.onProgress?.({ text, done: done++, total })
}
