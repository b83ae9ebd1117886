// The stream `activities`: what people did and what happened to them. History by bulk extract, then polls; whatever comes twice is
// known by its key.
import { asId, asObject, asText } from '../client/wire.js'
import { type TypeNames, eventTypes, firstCustomType, toActivity } from './activity-events.js'
import { type PollState, type ReadStream, type Reading, checkpointOf, dayMs, earlier, nextPoll, nowOf, questionOf, repairOverlapMs, stateOf, upserts } from './reading.js'
import { type WindowPlan, type WindowState, readAll, startWindows } from './windows.js'

interface ActivitiesState extends PollState {
  readonly backfill?: WindowState
  readonly repairedAt: string
}

/** Marketo keeps activities for 25 months, many for 90 days only: older ones are not to be had. */
const keptMs = 760 * dayMs
const firstDays = 7
const columns = ['marketoGUID', 'leadId', 'activityDate', 'activityTypeId', 'campaignId', 'primaryAttributeValueId', 'primaryAttributeValue', 'attributes'] as const

export const readActivities: ReadStream = async function* (reading) {
  const now = nowOf(reading)
  const names = await loadTypes(reading)
  const wanted = [...names.keys()].filter((each) => eventTypes[each] !== undefined || each >= firstCustomType)
  const plan: WindowPlan = {
    kind: 'activities', fields: columns, filter: (range) => ({ createdAt: range, activityTypeIds: wanted }),
    toRecord: (header, row) => toActivity(Object.fromEntries(header.map((each, index) => [each, row[index] ?? ''])), names),
  }
  let state = stateOf<ActivitiesState>(reading, 'polledTo') ?? (await begin(reading, now))
  const repairs = state.backfill === undefined && Date.parse(now) - Date.parse(state.repairedAt) >= dayMs
  if (repairs) state = { ...state, backfill: startWindows(earlier(state.repairedAt, repairOverlapMs), now, firstDays) }
  if (state.backfill) {
    for await (const each of readAll(reading, plan, state.backfill)) {
      yield each.part
      if (each.state !== state.backfill) yield checkpointOf((state = { ...state, backfill: each.state }))
    }
    const { backfill: _done, ...after } = state
    yield checkpointOf((state = { ...after, repairedAt: now }))
  }
  const { from, after } = nextPoll(state, now)
  for await (const records of reading.polls.activities(wanted, questionOf(reading, from))) yield upserts(records.map((each) => toActivity(each, names)))
  yield checkpointOf({ ...state, ...after })
}

async function begin(reading: Reading, now: string): Promise<ActivitiesState> {
  const oldest = earlier(now, keptMs)
  const since = reading.request.since?.replace(/\.\d{3}Z$/, 'Z') ?? (await reading.oldest())
  return { backfill: startWindows(since > oldest ? since : oldest, now, firstDays), polledTo: now, sweptAt: now, repairedAt: now }
}

async function loadTypes({ client }: Reading): Promise<TypeNames> {
  const { result } = await client.get({ path: '/rest/v1/activities/types.json' })
  return new Map(result.map(asObject).map((each) => [asId(each['id']) ?? 0, asText(each['apiName']) || asText(each['name'])]))
}

