// The B2B pack: the ten entities and nine namespaces of Adobe Real-Time CDP B2B Edition in plain field names.
// Facts: XDM B2B classes (Business Account, Individual Profile + Business Person Details, Business Opportunity, the two
// relations, Business Campaign and its members, Marketing List and its members, ExperienceEvent) and the Marketo namespaces page.
import type { EntityName, EntitySchema, Field, IdentityField } from './entity-schema.js'

const string: Field = { type: 'string' }
/** Identifies a person directly: says who it is, or reaches them. */
const direct: Field = { type: 'string', labels: ['I1'] }
/** Identifies a person together with other data, or a device. */
const indirect: Field = { type: 'string', labels: ['I2'] }
const number: Field = { type: 'number' }
const integer: Field = { type: 'integer' }
const boolean: Field = { type: 'boolean' }
const timestamp: Field = { type: 'timestamp' }
const date: Field = { type: 'date' }
const strings: Field = { type: 'strings' }
const object: Field = { type: 'object' }
const keyOf = (entity: EntityName): Field => ({ type: 'key', references: entity, ...(entity === 'person' ? { labels: ['I2'] } : {}) })
const identity = (field: string, namespace: string): IdentityField => ({ field, namespace, unique: false })

const address = (prefix: string): Readonly<Record<string, Field>> => ({
  [`${prefix}.street`]: string, [`${prefix}.city`]: string, [`${prefix}.state`]: string, [`${prefix}.postalCode`]: string, [`${prefix}.country`]: string,
})

export const person: EntitySchema = {
  name: 'person',
  grain: 'stitched',
  description: 'A lead or contact. One component per source record; the unified person is made from them.',
  namespace: 'b2b_person',
  fields: {
    email: direct, ecid: indirect, anonymousId: indirect, phone: direct, mobile: direct, firstName: direct, lastName: direct, title: string, department: string, seniority: string,
    country: string, state: string, city: string, postalCode: indirect, language: string, timezone: string,
    personType: string, personStatus: string, personSource: string, leadSource: string, leadStatus: string, leadScore: number, personGroup: string,
    'scores.fit': number, 'scores.engagement': number,
    companyName: string, companyWebsite: string, accountKey: keyOf('account'), externalKey: keyOf('person'), convertedContactKey: keyOf('person'), mergedIntoKey: keyOf('person'),
    isConverted: boolean, convertedDate: timestamp, isCustomer: boolean, isMarketingSuspended: boolean, doNotEmail: boolean, unsubscribed: boolean, emailInvalid: boolean,
    'consents.collect': string, 'consents.share': string, 'consents.adID': string, 'consents.personalize.content': string,
    'consents.marketing.any': string, 'consents.marketing.email': string, 'consents.marketing.phone': string, 'consents.marketing.push': string, 'consents.marketing.sms': string, 'consents.marketing.updated': date,
    tags: strings, birthDate: { type: 'date', labels: ['I2'] }, createdDate: timestamp, lastActivityDate: timestamp, lastUpdatedDate: timestamp, custom: object,
  },
  identities: [identity('email', 'email'), identity('ecid', 'ecid'), identity('anonymousId', 'anonymous_id'), identity('externalKey', 'b2b_person'), identity('convertedContactKey', 'b2b_person'), identity('mergedIntoKey', 'b2b_person')],
  mergePolicy: { method: 'timestamp' },
}

export const account: EntitySchema = {
  name: 'account',
  grain: 'stitched',
  description: 'A company.',
  namespace: 'b2b_account',
  fields: {
    name: string, accountNumber: string, site: string, accountType: string, ownership: string, phone: string, website: string, domain: string,
    industry: string, annualRevenue: number, employees: integer, yearEstablished: integer, tier: string, isTarget: boolean, healthScore: number,
    sicCode: string, naicsCode: string, duns: string, country: string, city: string, state: string, technologies: strings,
    ...address('billing'), ...address('shipping'),
    parentKey: keyOf('account'), externalKey: keyOf('account'), mergedIntoKey: keyOf('account'), owner: string, createdDate: timestamp, lastUpdatedDate: timestamp, custom: object,
  },
  identities: [identity('externalKey', 'b2b_account'), identity('mergedIntoKey', 'b2b_account')],
  mergePolicy: { method: 'timestamp' },
}

export const opportunity: EntitySchema = {
  name: 'opportunity',
  grain: 'stitched',
  description: 'A deal with an account.',
  namespace: 'b2b_opportunity',
  fields: {
    name: string, type: string, stage: string, amount: number, currency: string, expectedRevenue: number, isClosed: boolean, isWon: boolean, probability: number,
    createdDate: timestamp, closeDate: date, forecastCategory: string, fiscalYear: string, fiscalQuarter: string, nextStep: string, leadSource: string, owner: string, product: string, products: strings,
    accountKey: keyOf('account'), campaignKey: keyOf('campaign'), externalKey: keyOf('opportunity'), lastUpdatedDate: timestamp, custom: object,
  },
  identities: [identity('externalKey', 'b2b_opportunity')],
  mergePolicy: { method: 'timestamp' },
}

export const opportunityPerson: EntitySchema = {
  name: 'opportunity-person',
  grain: 'relation',
  description: "A person's role on an opportunity.",
  namespace: 'b2b_opportunity_person_relation',
  fields: { opportunityKey: keyOf('opportunity'), personKey: keyOf('person'), role: string, isPrimary: boolean, active: boolean, lastUpdatedDate: timestamp },
  identities: [],
  mergePolicy: { method: 'timestamp' },
}

export const accountPerson: EntitySchema = {
  name: 'account-person',
  grain: 'relation',
  description: "A person's place at an account.",
  namespace: 'b2b_account_person_relation',
  fields: {
    accountKey: keyOf('account'), personKey: keyOf('person'), role: string, roles: strings, isDirect: boolean, isActive: boolean, isPrimary: boolean,
    since: date, endDate: date, relationshipSource: string, matchingScore: number, lastUpdatedDate: timestamp,
  },
  identities: [],
  mergePolicy: { method: 'timestamp' },
}

export const campaign: EntitySchema = {
  name: 'campaign',
  grain: 'stitched',
  description: 'A campaign of the CRM or a program of Marketo.',
  namespace: 'b2b_campaign',
  fields: {
    name: string, type: string, status: string, channel: string, region: string, startDate: date, endDate: date, actualCost: number, budgetedCost: number,
    isActive: boolean, parentKey: keyOf('campaign'), externalKey: keyOf('campaign'), lastUpdatedDate: timestamp, custom: object,
  },
  identities: [identity('externalKey', 'b2b_campaign')],
  mergePolicy: { method: 'timestamp' },
}

export const campaignMember: EntitySchema = {
  name: 'campaign-member',
  grain: 'relation',
  description: 'A person in a campaign.',
  namespace: 'b2b_campaign_member',
  fields: {
    campaignKey: keyOf('campaign'), personKey: keyOf('person'), status: string, statusReason: string, hasResponded: boolean, firstRespondedDate: date,
    hasReachedSuccess: boolean, reachedSuccessDate: date, memberSince: timestamp, nurtureTrack: string, nurtureCadence: string, lastUpdatedDate: timestamp,
  },
  identities: [],
  mergePolicy: { method: 'timestamp' },
}

export const marketingList: EntitySchema = {
  name: 'marketing-list',
  grain: 'stitched',
  description: 'A static list.',
  namespace: 'b2b_marketing_list',
  fields: { name: string, description: string, externalKey: keyOf('marketing-list'), lastUpdatedDate: timestamp },
  identities: [identity('externalKey', 'b2b_marketing_list')],
  mergePolicy: { method: 'timestamp' },
}

export const listMember: EntitySchema = {
  name: 'list-member',
  grain: 'relation',
  description: 'A person on a static list.',
  namespace: 'b2b_marketing_list_member',
  fields: { listKey: keyOf('marketing-list'), personKey: keyOf('person'), addedDate: timestamp, lastUpdatedDate: timestamp },
  identities: [],
  mergePolicy: { method: 'timestamp' },
}

export const event: EntitySchema = {
  name: 'event',
  grain: 'event',
  description: 'Something a person did, or that happened to them, at a time.',
  namespace: 'event',
  fields: {
    eventType: string, timestamp, personKey: keyOf('person'), email: direct, ecid: indirect, anonymousId: indirect,
    accountKey: keyOf('account'), opportunityKey: keyOf('opportunity'), campaignKey: keyOf('campaign'), listKey: keyOf('marketing-list'),
    'web.url': string, 'web.page': string, 'web.referrer': string, 'web.linkName': string,
    'message.subject': string, 'message.link': string, 'message.campaign': string,
    'form.name': string, 'form.fields': object, 'score.name': string, 'score.from': number, 'score.to': number, properties: object,
  },
  identities: [identity('personKey', 'b2b_person'), identity('email', 'email'), identity('ecid', 'ecid'), identity('anonymousId', 'anonymous_id')],
  mergePolicy: { method: 'timestamp' },
}

/** The B2B pack by name; `extends: b2b/person` in a schema starts from here. */
export const standardEntities: Readonly<Record<EntityName, EntitySchema>> = Object.fromEntries(
  [person, account, opportunity, opportunityPerson, accountPerson, campaign, campaignMember, marketingList, listMember, event].map((each) => [each.name, each]),
)

/** Namespaces and what they identify. Email, phone and ECID are Adobe's standard ones, the b2b_* nine come with the pack; anonymous_id is what Segment's libraries call a browser. */
export const namespaces: Readonly<Record<string, 'person' | 'device' | 'cookie' | 'thing'>> = {
  b2b_person: 'person', email: 'person', phone: 'person', ecid: 'cookie', anonymous_id: 'cookie',
  b2b_account: 'thing', b2b_opportunity: 'thing', b2b_opportunity_person_relation: 'thing', b2b_account_person_relation: 'thing',
  b2b_campaign: 'thing', b2b_campaign_member: 'thing', b2b_marketing_list: 'thing', b2b_marketing_list_member: 'thing',
}
