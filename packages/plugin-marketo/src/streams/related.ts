// Streams of what hangs on people: their companies, opportunities and roles. Marketo has no list of these; people lead to them. So
// everybody's id is extracted once, window by window, and after that whoever changed leads to what is new.
import type { Json, JsonObject, ReadPart } from '@cdpkit/core/sdk'
import { asId, asText } from '../client/wire.js'
import { companyFields, inheritedFields } from './lead-fields.js'
import { leadPlan } from './lead-windows.js'
import { leadsById } from './leads-by-id.js'
import { findByKey, keysOf } from './keyed-objects.js'
import { type PollState, type ReadStream, type Reading, checkpointOf, nextPoll, nowOf, questionOf, stateOf, upserts } from './reading.js'
import { type WindowState, readAll, startWindows } from './windows.js'

interface RelatedState extends PollState {
  readonly backfill?: WindowState
}

interface Related {
  /** Fields of people that lead to the objects. */
  readonly leadFields: readonly string[]
  /** What belongs to these people. */
  readonly find: (reading: Reading, leads: readonly JsonObject[]) => AsyncIterable<ReadPart>
  /** People to whom something may have happened since an instant, and what is gone. */
  readonly changed: (reading: Reading, from: string) => AsyncIterable<{ readonly leads: readonly number[] } | ReadPart>
}

function relatedStream(related: Related): ReadStream {
  return async function* (reading) {
    const now = nowOf(reading)
    const types = await reading.leadFields()
    const fields = ['id', ...related.leadFields].filter((each) => types.types.has(each))
    let state = stateOf<RelatedState>(reading, 'polledTo') ?? { backfill: startWindows(await reading.oldest(), now), polledTo: now, sweptAt: now }
    if (state.backfill) {
      for await (const each of readAll(reading, leadPlan('createdAt', fields, types), state.backfill)) {
        if ('records' in each.part) yield* related.find(reading, each.part.records.flatMap((change) => (change.op === 'upsert' ? [change.record] : [])))
        else yield each.part
        if (each.state !== state.backfill) yield checkpointOf((state = { ...state, backfill: each.state }))
      }
      const { backfill: _done, ...after } = state
      yield checkpointOf((state = after))
    }
    const { from, after } = nextPoll(state, now)
    const changed = new Set<number>()
    for await (const each of related.changed(reading, from)) {
      if ('leads' in each) for (const id of each.leads) changed.add(id)
      else yield each
    }
    for await (const { leads } of leadsById(reading, [...changed], fields)) yield* related.find(reading, leads)
    yield checkpointOf(after)
  }
}

// --- companies

export const readCompanies = relatedStream({
  leadFields: companyFields,
  async *find(reading, leads) {
    const byCompany = new Map(leads.flatMap((each) => (asText(each['contactCompany']) === '' ? [] : [[asText(each['contactCompany']), each] as const])))
    for await (const found of findByKey(reading.client, '/rest/v1/companies.json', 'id', [...byCompany.keys()])) {
      // People inherit the fields of their company: where the CRM owns companies, theirs are as good.
      if ('owned' in found) yield upserts([...byCompany].map(([id, lead]) => inherited(id, lead)))
      else if (found.records.length > 0) yield upserts(found.records)
    }
  },
  async *changed(reading, from) {
    const { types } = await reading.leadFields()
    yield { leads: [...(await reading.polls.changedLeads({ fields: companyFields.filter((each) => types.has(each)), others: [], known: types }, questionOf(reading, from)))] }
  },
})

function inherited(id: string, lead: JsonObject): JsonObject {
  return { id: Number(id), ...Object.fromEntries(inheritedFields.flatMap((each): readonly (readonly [string, Json])[] => (lead[each] === undefined ? [] : [[each, lead[each]]]))) }
}

// --- opportunities and roles

const opportunityTypes = [34, 35, 36]

async function* rolesOf(reading: Reading, leads: readonly JsonObject[]): AsyncIterable<readonly JsonObject[]> {
  for await (const found of findByKey(reading.client, '/rest/v1/opportunities/roles.json', 'leadId', keysOf(leads, 'id'))) {
    if ('owned' in found) tellOwned(reading, found.owned)
    else yield found.records
  }
}

const told = new WeakSet<Reading['client']>()

function tellOwned({ client, context }: Reading, message: string): void {
  if (told.has(client)) return
  told.add(client)
  context.log.write('info', `opportunities belong to the CRM that is synced into Marketo (${message}): read them with the connector of that CRM`)
}

/** The CRM's key of a role, which names it after it is gone, too. */
export function roleKey(opportunity: string, leadId: string, role: string): string {
  return `${opportunity}-${leadId}-${role}`
}

export const readRoles = relatedStream({
  leadFields: [],
  async *find(reading, leads) {
    for await (const roles of rolesOf(reading, leads)) {
      if (roles.length > 0) yield upserts(roles.map((each) => ({ ...each, key: roleKey(asText(each['externalOpportunityId']), asText(each['leadId']), asText(each['role'])) })))
    }
  },
  async *changed(reading, from) {
    for await (const page of reading.polls.activities(opportunityTypes, questionOf(reading, from))) {
      yield { leads: page.flatMap((each) => asId(each['leadId']) ?? []) }
      const removed = page.filter((each) => each['activityTypeId'] === 35).map((each) => ({ op: 'delete' as const, key: roleKey(attributeOf(each, 'External Opportunity Id'), asText(each['leadId']), attributeOf(each, 'Role')) }))
      if (removed.length > 0) yield { records: removed }
    }
  },
})

/** Marketo's opportunities name no company: the one of the first person with a role is theirs. */
export const readOpportunities = relatedStream({
  leadFields: ['contactCompany'],
  async *find(reading, leads) {
    const companies = new Map(leads.map((each) => [asText(each['id']), each['contactCompany']]))
    for await (const roles of rolesOf(reading, leads)) {
      const byOpportunity = new Map([...roles].sort((a, b) => Number(b['leadId']) - Number(a['leadId'])).map((each) => [asText(each['externalOpportunityId']), companies.get(asText(each['leadId']))]))
      for await (const found of findByKey(reading.client, '/rest/v1/opportunities.json', 'externalOpportunityId', keysOf(roles, 'externalOpportunityId'))) {
        if ('owned' in found) continue
        if (found.records.length > 0) yield upserts(found.records.map((each) => withCompany(each, byOpportunity.get(asText(each['externalOpportunityId'])))))
      }
    }
  },
  async *changed(reading, from) {
    for await (const page of reading.polls.activities(opportunityTypes, questionOf(reading, from))) yield { leads: page.flatMap((each) => asId(each['leadId']) ?? []) }
  },
})

function withCompany(opportunity: JsonObject, company: Json | undefined): JsonObject {
  return company === undefined ? opportunity : { ...opportunity, contactCompany: company }
}

export function attributeOf(activity: JsonObject, name: string): string {
  const list = Array.isArray(activity['attributes']) ? (activity['attributes'] as readonly JsonObject[]) : []
  return asText(list.find((each) => each['name'] === name)?.['value'])
}
