// Stage 5: records → people and accounts. Who is who, which value wins, and what belongs together, for all records that
// came since the last time, in one transaction.
import type { RunTimeLimits } from '../1-project/project.js'
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import { tableOf } from '../entities/entity-schema.js'
import type { Clock } from '../kernel/clock.js'
import type { Log } from '../kernel/log.js'
import { joined, name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection, Store, Table } from '../stores/store.js'
import type { SourceRank } from './choose-survivor.js'
import { prepareActive, updateEvents } from './events.js'
import type { IdentityMemory } from './identity/identity-memory.js'
import { prepareStitching, remember, stitchGraph } from './identity/stitch.js'
import { collectChangedKeys } from './keys.js'
import type { ActivePerson } from './known-events.js'
import { updatePersonAccounts } from './person-accounts.js'
import type { ProfileChanges } from './profile.js'
import { logActive, logProfileChanges, rememberBefore } from './profile-changes.js'
import { updateRelation } from './relations.js'
import { addAnonymous, touchStitched, touchUnseen, unifyTouched } from './unify.js'

export { forgetOldChanges, forgetOldEvents } from './forget-old.js'
export { forgetPerson } from './forget-person.js'
export { IdentityMemory } from './identity/identity-memory.js'
export { type ActivePerson, type EventPart, placeKnownEvents } from './known-events.js'

export interface UpdateRequest {
  readonly store: Store
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  /** Uids of the sources by name, for the precedence merge policy. */
  readonly sourceRanks: readonly SourceRank[]
  readonly limits: RunTimeLimits
  readonly clock: Clock
  readonly log: Log
  readonly onProgress?: (progress: { readonly text: string; readonly done: number; readonly total?: number }) => void
  /** What a daemon remembers of people's identities; it is told of what changes. */
  readonly memory?: IdentityMemory
  /** People who have a row and of whom events were placed already (known-events.ts). */
  readonly active?: readonly ActivePerson[]
  /** What the log of changed profiles had reached before, if that is known: less of it is looked through. */
  readonly lastChange?: number
  /** Told whose rows were made again. */
  readonly onRemade?: (people: ArrayLike<number>) => void
  /** Make everything again from the parts: after a change of identities or merge policies. */
  readonly rebuild?: boolean
}

/** Brings the profiles up to the newest record. With nothing new it costs a few questions and writes nothing. */
export function updateProfiles(request: UpdateRequest): Promise<ProfileChanges> {
  return request.store.transaction(async (tx) => {
    const before = await readState(tx, request.entities, request.lastChange ?? 0)
    const afterSeq = request.rebuild === true ? 0 : before.throughSeq
    const { active = [], rebuild, clock } = request
    if (before.newestSeq <= afterSeq && rebuild !== true) {
      const personsChanged = await logActive(tx, active, { after: before.lastChange, at: clock.now() })
      return { ...noChanges, ...(await countProfiles(tx)), throughSeq: before.throughSeq, lastChange: before.lastChange + personsChanged, personsChanged }
    }
    await updateFrom(tx, request, { afterSeq, fresh: before.fresh })
    const throughSeq = Math.max(before.newestSeq, before.throughSeq)
    if (throughSeq > before.throughSeq) {
      await tx.run(sqlText`delete from profile_cursor`)
      await tx.run(sqlText`insert into profile_cursor values (${param(throughSeq)})`)
    }
    return toChanges(tx, { throughSeq, lastChangeBefore: before.lastChange, refusedBefore: before.refused })
  })
}

interface Update {
  readonly afterSeq: number
  readonly fresh: ReadonlySet<EntityName>
}

async function updateFrom(tx: Connection, request: UpdateRequest, update: Update): Promise<void> {
  await updateTouched(tx, request, update)
  if (request.onRemade) await tellRemade(tx, request.onRemade)
  if (request.memory) await remember(tx, request.memory)
}

async function tellRemade(tx: Connection, onRemade: (people: ArrayLike<number>) => void): Promise<void> {
  for await (const { columns: [people] } of tx.chunks(sqlText`select id from touched where entity = 'person'`)) onRemade(people as ArrayLike<number>)
}

async function updateTouched(tx: Connection, request: UpdateRequest, { afterSeq, fresh }: Update): Promise<void> {
  const at = request.clock.now()
  const { entities: schemas, rebuild = false } = request
  const all = Object.values(schemas)
  const stitched = all.filter((each) => each.grain === 'stitched')
  const event = schemas['event']
  const steps = progressOf(request, stitched.length + 6)
  await prepareTables(tx)
  if (rebuild) await forgetRecordLinks(tx)
  // The person graph comes last: events are placed by its claims.
  for (const schema of [...stitched].sort((a, b) => Number(a.name === 'person') - Number(b.name === 'person'))) {
    steps(`stitch ${schema.name}`)
    const events = schema.name === 'person' && event ? { event } : {}
    if (rebuild || fresh.has(schema.name) || ('event' in events && fresh.has('event'))) await stitchGraph(tx, { schema, afterSeq, at, limits: request.limits, everywhere: rebuild, ...events })
  }
  const changed = await collectChangedKeys(tx, stitched)
  await prepareActive(tx, request.active ?? [])
  steps('events')
  if (event) await updateEvents(tx, { event, afterSeq: rebuild ? await takenThrough(tx) : afterSeq, changed, schemas })
  const touched = new Set<EntityName>()
  for (const schema of stitched) if ((await touchStitched(tx, schema, changed)) > 0) touched.add(schema.name)
  if ((await touchUnseen(tx)) > 0) touched.add('person')
  const remade = stitched.filter((each) => touched.has(each.name))
  await rememberBefore(tx, touched)
  steps('unify')
  for (const schema of remade) await noteReferred(tx, schema)
  for (const schema of remade) await unifyTouched(tx, schema, { sources: request.sourceRanks, schemas })
  for (const schema of remade) await noteReferred(tx, schema)
  if (schemas['person'] && touched.has('person')) await addAnonymous(tx, schemas['person'])
  steps('relations')
  for (const schema of all.filter((each) => each.grain === 'relation')) await updateRelation(tx, schema, { afterSeq, changed, schemas })
  steps('accounts of people')
  if (schemas['person'] && schemas['account']) await updatePersonAccounts(tx, { person: schemas['person'], account: schemas['account'], touched, changed })
  steps('changes')
  await logProfileChanges(tx, touched, at)
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
async function takenThrough(tx: Connection): Promise<number> {
  const { through } = await tx.row<{ through: number }>(sqlText`select coalesce(max(seq), ${param(0)}) as through from profile_cursor`)
  return through
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
  /** Entities that have parts which the profiles have not taken. */
  readonly fresh: ReadonlySet<EntityName>
}

async function readState(tx: Connection, entities: UpdateRequest['entities'], lastChange: number): Promise<State> {
  const newest = Object.values(entities).map((each) => sqlText`, (select max(_seq) from ${name(`part_${tableOf(each.name)}`)}) as ${name(`newest ${each.name}`)}`)
  const row = await tx.row<Record<string, number | null>>(
    sqlText`select (select coalesce(max(seq), 0) from profile_cursor) as "throughSeq", (select coalesce(max(seq), 0) from profile_change where seq >= ${param(lastChange)}) as "lastChange", (select count(*) from refused_link) as refused${joined(newest, ' ')}`,
  )
  const number = (column: string): number => row[column] ?? 0
  const throughSeq = number('throughSeq')
  const newestOf = (entity: EntityName): number => number(`newest ${entity}`)
  const names = Object.keys(entities)
  return { throughSeq, newestSeq: Math.max(0, ...names.map(newestOf)), lastChange: number('lastChange'), refused: number('refused'), fresh: new Set(names.filter((each) => newestOf(each) > throughSeq)) }
}

interface Before {
  readonly throughSeq: number
  readonly lastChangeBefore: number
  readonly refusedBefore: number
}

async function toChanges(tx: Connection, { throughSeq, lastChangeBefore, refusedBefore }: Before): Promise<ProfileChanges> {
  const changes = await tx.rows<{ entity: string; change: string; count: number }>(sqlText`select entity, change, count(*) as count from profile_change where seq > ${param(lastChangeBefore)} group by entity, change`)
  const { refused, lastChange } = await tx.row<{ refused: number; lastChange: number }>(
    sqlText`select (select count(*) from refused_link) as refused, (select coalesce(max(seq), 0) from profile_change where seq >= ${param(lastChangeBefore)}) as "lastChange"`,
  )
  const count = (entity: string, change: string): number => changes.find((each) => each.entity === entity && each.change === change)?.count ?? 0
  return {
    throughSeq,
    lastChange,
    ...(await countProfiles(tx)),
    personsChanged: count('person', 'changed'),
    personsRemoved: count('person', 'removed'),
    personsMerged: count('person', 'merged'),
    accountsChanged: count('account', 'changed'),
    accountsRemoved: count('account', 'removed'),
    refusedLinks: Math.max(0, refused - refusedBefore),
  }
}

const noChanges: Pick<ProfileChanges, 'personsRemoved' | 'personsMerged' | 'accountsChanged' | 'accountsRemoved' | 'refusedLinks'> = { personsRemoved: 0, personsMerged: 0, accountsChanged: 0, accountsRemoved: 0, refusedLinks: 0 }

function countProfiles(tx: Connection): Promise<Pick<ProfileChanges, 'persons' | 'accounts'>> {
  return tx.row<{ persons: number; accounts: number }>(sqlText`select (select count(*) from person) as persons, (select count(*) from account) as accounts`)
}

function progressOf(request: UpdateRequest, total: number): (text: string) => void {
  let done = 0
  return (text) => request.onProgress?.({ text, done: done++, total })
}
