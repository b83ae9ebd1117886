// The streams `lists` and `list-members`: static lists, listed as a whole each time; their members, page by page once, and after
// that by the activities that tell who was added and removed.
import type { Change } from '@cdpkit/core/sdk'
import { positionPages } from '../client/pages.js'
import { asId, asText } from '../client/wire.js'
import { maxBatch } from '../limits.js'
import { type PollState, type ReadStream, type Reading, checkpointOf, nextPoll, nowOf, questionOf, stateOf, upserts } from './reading.js'

interface ListsState {
  readonly known: readonly number[]
}

export const readLists: ReadStream = async function* (reading) {
  const before = stateOf<ListsState>(reading, 'known')?.known ?? []
  const known: number[] = []
  for await (const page of positionPages(reading.client, { path: '/rest/v1/lists.json', query: { batchSize: String(maxBatch) } })) {
    known.push(...page.flatMap((each) => asId(each['id']) ?? []))
    yield upserts(page)
  }
  const now = new Set(known)
  const gone = before.filter((each) => !now.has(each))
  if (gone.length > 0) yield { records: gone.map((each) => ({ op: 'delete', key: String(each) })) }
  yield checkpointOf({ known } satisfies ListsState)
}

interface MembersState extends PollState {
  /** Lists whose members are still to be read. */
  readonly waiting?: readonly number[]
}

const [added, removed] = [24, 25] as const

export const readListMembers: ReadStream = async function* (reading) {
  const now = nowOf(reading)
  let state = stateOf<MembersState>(reading, 'polledTo') ?? { waiting: await listIds(reading), polledTo: now, sweptAt: now }
  for (const list of state.waiting ?? []) {
    for await (const page of positionPages(reading.client, { path: `/rest/v1/lists/${String(list)}/leads.json`, query: { fields: 'id', batchSize: String(maxBatch) } })) yield upserts(page.map((each) => toMember(list, asText(each['id']))))
    yield checkpointOf((state = { ...state, waiting: state.waiting?.filter((each) => each !== list) ?? [] }))
  }
  const { from, after } = nextPoll(state, now)
  for await (const page of reading.polls.activities([added, removed], questionOf(reading, from))) {
    yield {
      records: page.flatMap((each): readonly Change[] => {
        const [list, lead] = [asId(each['primaryAttributeValueId']), asText(each['leadId'])]
        if (list === undefined) return []
        return each['activityTypeId'] === removed ? [{ op: 'delete', key: keyOf(list, lead) }] : [{ op: 'upsert', record: { ...toMember(list, lead), addedDate: asText(each['activityDate']) } }]
      }),
    }
  }
  yield checkpointOf(after)
}

async function listIds({ client }: Reading): Promise<readonly number[]> {
  const ids: number[] = []
  for await (const page of positionPages(client, { path: '/rest/v1/lists.json', query: { batchSize: String(maxBatch) } })) ids.push(...page.flatMap((each) => asId(each['id']) ?? []))
  return ids
}

function keyOf(list: number, lead: string): string {
  return `${String(list)}-${lead}`
}

function toMember(list: number, leadId: string): { readonly key: string; readonly listId: number; readonly leadId: string } {
  return { key: keyOf(list, leadId), listId: list, leadId }
}
