// The streams `programs` and `program-members`. Programs are assets that can be listed; their members come by bulk extract, ten
// programs in a job, and after that by the activities that tell a new status.
import { type JsonObject, connectorError } from '@cdpkit/core/sdk'
import { toError } from '../client/client.js'
import { offsetPages, positionPages } from '../client/pages.js'
import { asId, asText, chunksOf } from '../client/wire.js'
import { maxBatch } from '../limits.js'
import { type PollState, type ReadStream, type Reading, checkpointOf, earlier, nextPoll, nowOf, questionOf, stateOf, upserts, usualOverlapMs } from './reading.js'

interface ProgramsState {
  readonly readTo: string
}

/** Assets write their times as 2017-07-27T01:38:33Z+0000. */
function withTimes(program: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(program).map(([key, value]) => [key, typeof value === 'string' ? value.replace(/Z\+0000$/, 'Z') : value]))
}

export const readPrograms: ReadStream = async function* (reading) {
  const now = nowOf(reading)
  const state = stateOf<ProgramsState>(reading, 'readTo')
  const query: Readonly<Record<string, string>> = state ? { earliestUpdatedAt: earlier(state.readTo, usualOverlapMs), latestUpdatedAt: now } : {}
  for await (const page of offsetPages(reading.client, { path: '/rest/asset/v1/programs.json', query })) yield upserts(page.map(withTimes))
  yield checkpointOf({ readTo: now })
}

interface MembersState extends PollState {
  /** Programs whose members are still to be read. */
  readonly waiting?: readonly number[]
  /** The job that has those of the first ones. */
  readonly job?: string
}

const programsAtOnce = 10
const columns = ['leadId', 'programId', 'statusName', 'reachedSuccess', 'membershipDate', 'updatedAt']
const newStatus = 104

export const readProgramMembers: ReadStream = async function* (reading) {
  const now = nowOf(reading)
  let state = stateOf<MembersState>(reading, 'polledTo') ?? { waiting: await programIds(reading), polledTo: now, sweptAt: now }
  while (state.waiting !== undefined && state.waiting.length > 0) {
    const some = state.waiting.slice(0, programsAtOnce)
    const job: string = state.job ?? (await makeJob(reading, some))
    yield checkpointOf((state = { ...state, job }))
    const ended = await reading.bulk.waitFor('program/members', job)
    const { job: _job, ...without } = state
    let header: readonly string[] | undefined
    let isLost = ended.is === 'lost'
    if (ended.is === 'ended') {
      yield checkpointOf(without)
      throw connectorError('unavailable', { reason: `Marketo failed to extract the members of programs ${some.join(', ')}: ${ended.reason}`, hint: `The next run makes another job. If it stays, give Adobe the export id ${job}.` })
    }
    for await (const part of ended.is === 'ready' ? reading.bulk.rows('program/members', job, ended) : []) {
      if (part === 'lost') { isLost = true; break }
      const rows = header ? part.rows : part.rows.slice(1)
      header ??= part.rows[0] ?? []
      const names = header
      if (rows.length > 0) yield upserts(rows.map((row) => toMember(Object.fromEntries(names.map((each, index) => [each, row[index] ?? 'null'])))))
    }
    // The programs of a job that Marketo forgot still wait.
    yield checkpointOf((state = isLost ? without : { ...without, waiting: state.waiting?.slice(programsAtOnce) ?? [] }))
  }
  const { from, after } = nextPoll(state, now)
  yield* pollMembers(reading, from)
  yield checkpointOf(after)
}

async function programIds({ client }: Reading): Promise<readonly number[]> {
  const ids: number[] = []
  for await (const page of offsetPages(client, { path: '/rest/asset/v1/programs.json' })) ids.push(...page.flatMap((each) => asId(each['id']) ?? []))
  return ids
}

async function makeJob({ bulk }: Reading, ids: readonly number[]): Promise<string> {
  const made = await bulk.create('program/members', { fields: columns, filter: { programIds: [...ids] } })
  if ('code' in made) throw toError(made)
  await bulk.enqueue('program/members', made.id)
  return made.id
}

/** One form for what extracts and REST give. */
function toMember(raw: JsonObject): JsonObject {
  const [programId, leadId] = [asText(raw['programId']), asText(raw['leadId'])]
  const written = Object.fromEntries(['statusName', 'membershipDate', 'updatedAt'].flatMap((each) => (asText(raw[each]) === '' || raw[each] === 'null' ? [] : [[each, asText(raw[each])]])))
  return { key: `${programId}-${leadId}`, programId, leadId, ...written, reachedSuccess: asText(raw['reachedSuccess']) === 'true' }
}

async function* pollMembers(reading: Reading, from: string): ReturnType<ReadStream> {
  const byProgram = new Map<number, Set<string>>()
  for await (const page of reading.polls.activities([newStatus], questionOf(reading, from))) {
    for (const each of page) {
      const program = asId(each['primaryAttributeValueId'])
      if (program !== undefined) byProgram.set(program, (byProgram.get(program) ?? new Set()).add(asText(each['leadId'])))
    }
  }
  for (const [program, leads] of byProgram) {
    for (const chunk of chunksOf([...leads], maxBatch)) {
      for await (const page of positionPages(reading.client, { path: `/rest/v1/programs/${String(program)}/members.json`, query: { filterType: 'leadId', filterValues: chunk.join(',') } })) yield upserts(page.map(toMember))
    }
  }
}
