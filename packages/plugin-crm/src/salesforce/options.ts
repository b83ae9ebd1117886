// What people write under `config:` of a Salesforce source or destination, and of a source's streams.
import type { JsonObject } from '@cdpkit/core/sdk'
import { address, objectSchema, secret } from '../config-schema.js'

/** Either a key to sign with (JWT bearer), or a client secret (client credentials). */
export type Login =
  | { readonly flow: 'jwt-bearer'; readonly username: string; readonly privateKey: string }
  | { readonly flow: 'client-credentials'; readonly clientSecret: string }

export interface Options {
  readonly loginUrl: string
  readonly clientId: string
  readonly login: Login
  readonly apiVersion: string
  readonly reserve: Reserve
  readonly overlapMs: number
  readonly lagMs: number
  readonly bulkAbove: number
}

/** Shares of the organization's daily calls at which we stop. */
export interface Reserve {
  readonly organizationPercent: number
  readonly runPercent: number
}

const connection = {
  loginUrl: { ...address, default: 'https://login.salesforce.com', description: 'https://login.salesforce.com, https://test.salesforce.com for sandboxes, or your My Domain (client credentials need it).' },
  clientId: { type: 'string', minLength: 1, description: 'Consumer key of the External Client App or connected app.' },
  username: { type: 'string', minLength: 1, description: 'JWT bearer: the user that the app acts for.' },
  privateKey: { ...secret, description: 'JWT bearer: the PEM key whose certificate was uploaded to the app.' },
  clientSecret: { ...secret, description: 'Client credentials: the consumer secret.' },
  apiVersion: { type: 'string', pattern: '^v[0-9]{2,3}\\.0$', default: 'v66.0', description: 'Pinned, so that a release of Salesforce changes nothing by itself.' },
  apiUsage: {
    ...objectSchema({ organizationPercent: { type: 'integer', minimum: 1, maximum: 100, default: 80, description: 'Of the day’s calls, by whomever.' }, runPercent: { type: 'integer', minimum: 1, maximum: 100, default: 25, description: 'Of the day’s calls, by one run of ours.' } }),
    description: "Shares of the organization's daily API calls at which reading and writing stop: used by everybody, and by one run of ours.",
  },
} as const

const oneLogin = { oneOf: [{ required: ['privateKey', 'username'], not: { required: ['clientSecret'] } }, { required: ['clientSecret'], not: { required: ['privateKey'] } }] }

const ofSources = {
  overlapMinutes: { type: 'integer', minimum: 0, maximum: 1440, default: 10, description: 'How far back each read starts again, for rows that were committed late.' },
  lagSeconds: { type: 'integer', minimum: 0, maximum: 3600, default: 30, description: 'Rows younger than this wait for the next read.' },
  bulkAbove: { type: 'integer', minimum: 0, default: 2000, description: 'Rows from which on a read is a Bulk API job.' },
} as const

export const sourceSchema = { ...objectSchema({ ...connection, ...ofSources }, ['clientId']), ...oneLogin }

export const streamSchema = objectSchema({
  object: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*$', description: "API name of the object, unless the stream's name is that." },
  fields: { type: 'array', items: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*$' }, description: 'Fields to read besides those that the mapping names.' },
  formulaFields: { enum: ['skip', 'read'], default: 'skip', description: 'Formula fields change without a trace, so they are only read when asked for.' },
})

export type Kind = 'checkbox' | 'picklist' | 'campaign'

export interface DestinationOptions extends Options {
  readonly as: Kind
  /** picklist: the multi-select field whose values are the audiences. */
  readonly field: string
  readonly memberStatus?: string
  readonly exitStatus?: string
  /** Whose records are ours, where several organizations are read. */
  readonly instance?: string
  readonly externalId?: { readonly object: Person; readonly field: string }
  readonly create: boolean
}

export type Person = 'Contact' | 'Lead'

const apiName = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*$' } as const

/** The options of a source are taken as well, for `configFrom: Source/…`. */
export const destinationSchema = {
  ...objectSchema({
    ...connection, ...ofSources,
    as: { enum: ['checkbox', 'picklist', 'campaign'], description: "How a membership is kept. checkbox: the activation's list is the API name of a checkbox of contacts and leads. picklist: it is a value of the multi-select field. campaign: it is the name or id of a campaign." },
    field: { ...apiName, description: 'picklist: the API name of the multi-select field of contacts and leads.' },
    memberStatus: { type: 'string', minLength: 1, description: 'campaign: the status of those who enter.' },
    exitStatus: { type: 'string', minLength: 1, description: 'campaign: the status of those who left; without it they are taken out of the campaign.' },
    instance: { type: 'string', minLength: 1, description: "sourceInstanceID of the organization's records: the source's name, unless it says another one. Audiences are read back only when it is given." },
    externalId: { ...objectSchema({ object: { enum: ['Contact', 'Lead'], description: 'Whose external id it is.' }, field: { ...apiName, description: 'API name of the external id.' } }, ['object', 'field']), description: 'Finds people who were not read from Salesforce: the body gives the value of this external id.' },
    create: { type: 'boolean', default: false, description: 'Create people whom Salesforce does not know, by externalId. Off: they are listed as not found.' },
    batch: { ...objectSchema({ maxRecords: { type: 'integer', minimum: 1, maximum: 200, default: 200, description: 'People in one call.' } }), description: 'How much goes into one call.' },
    body: { type: 'string', 'x-jsonata': true, description: 'JSONata that gives further fields to write, by their API names.' },
  }, ['clientId', 'as']),
  ...oneLogin,
  allOf: [
    { if: { properties: { as: { const: 'picklist' } } }, then: { required: ['field'] } },
    { if: { properties: { create: { const: true } }, required: ['create'] }, then: { required: ['externalId'] } },
  ],
}

export function readDestinationOptions(config: JsonObject): DestinationOptions {
  const { as, field, memberStatus, exitStatus, instance, externalId, create } = config as Partial<DestinationOptions>
  return {
    ...readOptions(config), as: as ?? 'checkbox', field: field ?? '', create: create === true,
    ...(memberStatus === undefined ? {} : { memberStatus }), ...(exitStatus === undefined ? {} : { exitStatus }), ...(instance === undefined ? {} : { instance }), ...(externalId === undefined ? {} : { externalId }),
  }
}

/** The configuration as checked by the schema, with its defaults. */
export function readOptions(config: JsonObject): Options {
  const written = config as {
    readonly loginUrl?: string; readonly clientId?: string; readonly username?: string; readonly privateKey?: string; readonly clientSecret?: string; readonly apiVersion?: string
    readonly apiUsage?: Partial<Reserve>; readonly overlapMinutes?: number; readonly lagSeconds?: number; readonly bulkAbove?: number
  }
  return {
    loginUrl: (written.loginUrl ?? 'https://login.salesforce.com').replace(/\/+$/, ''),
    clientId: written.clientId ?? '',
    login: written.privateKey === undefined ? { flow: 'client-credentials', clientSecret: written.clientSecret ?? '' } : { flow: 'jwt-bearer', username: written.username ?? '', privateKey: written.privateKey },
    apiVersion: written.apiVersion ?? 'v66.0',
    reserve: { organizationPercent: written.apiUsage?.organizationPercent ?? 80, runPercent: written.apiUsage?.runPercent ?? 25 },
    overlapMs: (written.overlapMinutes ?? 10) * 60_000,
    lagMs: (written.lagSeconds ?? 30) * 1000,
    bulkAbove: written.bulkAbove ?? 2000,
  }
}
