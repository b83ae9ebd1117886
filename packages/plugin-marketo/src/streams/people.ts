// The stream `people`. First everybody, by bulk extract; then, poll by poll, who is new or changed (lead changes), who became part
// of somebody else (merges), and who was deleted.
import type { JsonObject, ReadPart } from '@cdpkit/core/sdk'
import { toError } from '../client/client.js'
import { asId, asList, asObject, asText } from '../client/wire.js'
import { chooseFields, companyFields } from './lead-fields.js'
import { leadPlan } from './lead-windows.js'
import { leadsById } from './leads-by-id.js'
import { type PollState, type ReadStream, type Reading, checkpointOf, dayMs, earlier, nextPoll, nowOf, questionOf, stateOf, upserts } from './reading.js'
import type { PollQuestion } from './shared-polls.js'
import { type WindowPlan, type WindowState, isDone, readAll, readWindows, startWindows } from './windows.js'

interface PeopleState extends PollState {
  readonly backfill?: WindowState
  /** The daily look back by bulk extract; its filter may not be to be had. */
  readonly repair?: WindowState
  readonly repairedAt: string
  readonly noRepair?: boolean
  /** Merges of the last two weeks, by the one that is gone: Marketo may tell them as deleted, too, before or after. */
  readonly merged: Readonly<Record<string, MergedLead>>
}

interface MergedLead {
  readonly into: number
  readonly at: string
}

const deletesKeptMs = 14 * dayMs

export const readPeople: ReadStream = async function* (reading) {
  const { request, context } = reading
  const fields = await reading.leadFields()
  const chosen = chooseFields(fields, request.fields)
  // Fields of a CRM are there only with that CRM.
  const missing = chosen.missing.filter((each) => !/^(sfdc|msft)/.test(each))
  if (missing.length > 0) context.log.write('info', `Marketo has no such fields of people, or does not show them to this user: ${missing.join(', ')}`)
  const now = nowOf(reading)
  let state = stateOf<PeopleState>(reading, 'polledTo') ?? (await begin(reading, now))
  if (state.backfill) {
    for await (const each of readAll(reading, leadPlan('createdAt', chosen.fields, fields), state.backfill)) {
      yield each.part
      if (each.state !== state.backfill) yield checkpointOf((state = { ...state, backfill: each.state }))
    }
    const { backfill: _done, ...after } = state
    yield checkpointOf((state = after))
  }
  warnOfLongPause(reading, state, now)
  const { from, after } = nextPoll(state, now)
  const merged = { ...recent(state.merged, now) }
  yield* readChanges(reading, from, chosen.fields, merged)
  yield checkpointOf((state = { ...state, ...after, merged }))
  yield* repair(reading, state, now, leadPlan('updatedAt', chosen.fields, fields))
}

async function begin(reading: Reading, now: string): Promise<PeopleState> {
  return { backfill: startWindows(reading.request.since?.replace(/\.\d{3}Z$/, 'Z') ?? (await reading.oldest()), now), polledTo: now, sweptAt: now, repairedAt: now, merged: {} }
}

async function* readChanges(reading: Reading, from: string, fields: readonly string[], merged: Record<string, MergedLead>): AsyncIterable<ReadPart> {
  const question = questionOf(reading, from)
  const { types } = await reading.leadFields()
  const others = question.streams.includes('companies') ? companyFields.filter((each) => types.has(each)) : []
  const changed = await reading.polls.changedLeads({ fields, others, known: types }, question)
  for (const { loser, winner, at } of await merges(reading, question)) {
    merged[String(loser)] = { into: winner, at }
    changed.add(winner)
  }
  const deleted = new Set<number>()
  for await (const page of reading.polls.deleted(question)) for (const each of page) deleted.add(asId(each['leadId']) ?? 0)
  const gone = (id: number): boolean => deleted.has(id) || merged[String(id)] !== undefined
  for await (const { leads, missing } of leadsById(reading, [...changed].filter((each) => !gone(each)), fields)) {
    if (leads.length > 0) yield upserts(leads)
    for (const id of missing) deleted.add(id)
  }
  // Who is told as merged and as deleted is merged; whoever was deleted only, is deleted.
  const ends = [
    ...Object.entries(merged).filter(([, { at }]) => at >= from).map(([key, { into }]) => ({ op: 'merge' as const, key, into: String(into) })),
    ...[...deleted].filter((each) => each !== 0 && merged[String(each)] === undefined).map((each) => ({ op: 'delete' as const, key: String(each) })),
  ]
  if (ends.length > 0) yield { records: ends }
}

interface Merge {
  readonly loser: number
  readonly winner: number
  readonly at: string
}

const mergeLeads = 32

async function merges({ polls }: Reading, question: PollQuestion): Promise<readonly Merge[]> {
  const found: Merge[] = []
  for await (const page of polls.activities([mergeLeads], question)) {
    for (const each of page) found.push(...losersOf(each).map((loser) => ({ loser, winner: asId(each['leadId']) ?? 0, at: asText(each['activityDate']) })))
  }
  return found.filter(({ loser, winner }) => winner !== 0 && loser !== winner)
}

function losersOf(activity: JsonObject): readonly number[] {
  const attribute = asList(activity['attributes']).map(asObject).find((each) => ['Merge IDs', 'mergeIDs', 'Merge_IDs'].includes(asText(each['name'])))
  return asText(attribute?.['value']).split(/[^0-9]+/).flatMap((each) => asId(each) ?? [])
}

function recent(merged: PeopleState['merged'], now: string): PeopleState['merged'] {
  const oldest = earlier(now, deletesKeptMs)
  return Object.fromEntries(Object.entries(merged).filter(([, { at }]) => at >= oldest))
}

function warnOfLongPause({ context, request }: Reading, { polledTo }: PollState, now: string): void {
  if (Date.parse(now) - Date.parse(polledTo) <= deletesKeptMs) return
  context.log.write('warn', `stream ${request.stream} was not read since ${polledTo}: Marketo keeps deleted people for 14 days only, so some who were deleted may still be here`)
}

/** Once a day, what a poll may have missed: two days of changes by bulk extract. */
async function* repair(reading: Reading, begun: PeopleState, now: string, plan: WindowPlan): AsyncIterable<ReadPart> {
  let state = begun
  if (state.noRepair === true || (state.repair === undefined && Date.parse(now) - Date.parse(state.repairedAt) < dayMs)) return
  state = { ...state, repair: state.repair ?? startWindows(earlier(state.repairedAt, dayMs), now) }
  for await (const each of readWindows(reading, plan, state.repair ?? startWindows(now, now))) {
    if ('refused' in each) {
      if (each.refused.code !== '1035') throw toError(each.refused)
      reading.context.log.write('info', 'this Marketo subscription has no bulk extract by updatedAt: people are not read again once a day')
      const { repair: _none, ...without } = state
      yield checkpointOf({ ...without, noRepair: true })
      return
    }
    yield each.part
    if (each.state !== state.repair) yield checkpointOf((state = { ...state, repair: each.state }))
  }
  if (state.repair && isDone(state.repair)) {
    const { repair: _done, ...after } = state
    yield checkpointOf({ ...after, repairedAt: now })
  }
}
