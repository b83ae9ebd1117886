// Activities of Marketo as events: one form for what REST and bulk extract give, and the event's name in XDM.
// Source: Adobe, mapping of Marketo activities; names from XDM components/behaviors/time-series.
import type { Json, JsonObject } from '@cdpkit/core/sdk'
import { readJson, asList, asObject, asText } from '../client/wire.js'

/** The standard types that are events, by their ids. */
export const eventTypes: Readonly<Record<number, string>> = {
  1: 'web.webpagedetails.pageViews', 2: 'web.formFilledOut', 3: 'web.webinteraction.linkClicks',
  6: 'directMarketing.emailSent', 7: 'directMarketing.emailDelivered', 8: 'directMarketing.emailBounced', 9: 'directMarketing.emailUnsubscribed', 10: 'directMarketing.emailOpened', 11: 'directMarketing.emailClicked', 27: 'directMarketing.emailBouncedSoft',
  12: 'leadOperation.newLead', 21: 'leadOperation.convertLead', 22: 'leadOperation.scoreChanged', 32: 'leadOperation.mergeLeads', 46: 'leadOperation.interestingMoment', 101: 'leadOperation.revenueStageChanged', 104: 'leadOperation.statusInCampaignProgressionChanged', 110: 'leadOperation.callWebhook',
  113: 'leadOperation.addToCampaign', 114: 'leadOperation.changeCampaignStream', 115: 'leadOperation.changeEngagementCampaignCadence',
  24: 'listOperation.addToList', 25: 'listOperation.removeFromList',
  34: 'opportunityEvent.addToOpportunity', 35: 'opportunityEvent.removeFromOpportunity', 36: 'opportunityEvent.opportunityUpdated',
}

/** Custom activities have ids from here on. */
export const firstCustomType = 100_001

export type TypeNames = ReadonlyMap<number, string>

export function toEventType(typeId: number, names: TypeNames): string {
  return eventTypes[typeId] ?? `marketo.custom.${(names.get(typeId) ?? String(typeId)).replaceAll(/[^A-Za-z0-9]+/g, '_')}`
}

const numberText = /^-?\d+(\.\d+)?$/

/** A row of a bulk extract or a record of REST → the record of the stream. The key is marketoGUID: ids are not unique. */
export function toActivity(raw: JsonObject, names: TypeNames): JsonObject {
  const typeId = Number(raw['activityTypeId'])
  const record: Record<string, Json> = {
    marketoGUID: asText(raw['marketoGUID']) || asText(raw['id']),
    leadId: asText(raw['leadId']),
    activityDate: asText(raw['activityDate']),
    activityTypeId: typeId,
    eventType: toEventType(typeId, names),
    attributes: toAttributes(raw['attributes']),
  }
  for (const name of ['campaignId', 'primaryAttributeValueId', 'primaryAttributeValue'] as const) {
    const value = asText(raw[name])
    if (value !== '' && value !== 'null') record[name] = value
  }
  return record
}

/** A list of names and values in REST; in an extract JSON text, of an object or of such a list. */
function toAttributes(written: Json | undefined): JsonObject {
  const value = typeof written === 'string' ? readJson(written) : written
  const entries = Array.isArray(value) ? asList(value).map(asObject).map((each): readonly [string, Json] => [asText(each['name']), each['value'] ?? null]) : Object.entries(asObject(value))
  return Object.fromEntries(entries.filter(([, each]) => each !== null && each !== '').map(([name, each]) => [name, typeof each === 'string' && numberText.test(each) && each.length < 16 ? Number(each) : each]))
}
