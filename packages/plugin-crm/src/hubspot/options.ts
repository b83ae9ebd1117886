// What people write under `config:` of a HubSpot source or destination.
import type { JsonObject } from '@cdpkit/core/sdk'
import { address, objectSchema, secret } from '../config-schema.js'

export interface Options {
  readonly url: string
  readonly accessToken: string
  readonly apiVersion: string
  readonly overlapMs: number
}

const connection = {
  accessToken: { ...secret, description: 'Service key, or token of an account-local app.' },
  url: { ...address, default: 'https://api.hubapi.com', description: 'Where the API is.' },
  apiVersion: { type: 'string', pattern: '^(20[0-9]{2}-0[39]|v3)$', default: '2026-09', description: 'Date version in the path of every call; v3 for accounts that still need it.' },
} as const

const overlap = {
  overlapMinutes: { type: 'integer', minimum: 5, maximum: 1440, default: 10, description: 'How far back each read starts again: the search index follows with a delay.' },
} as const

export const sourceSchema = objectSchema({ ...connection, ...overlap }, ['accessToken'])

export interface DestinationOptions extends Options {
  /** Whose contacts are ours, where several accounts are read. */
  readonly instance?: string
}

/** The options of a source are taken as well, for `configFrom: Source/…`. */
export const destinationSchema = objectSchema({
  ...connection, ...overlap,
  instance: { type: 'string', minLength: 1, description: "sourceInstanceID of the account's records: the source's name, unless it says another one. Audiences are read back only when it is given." },
  batch: { ...objectSchema({ maxRecords: { type: 'integer', minimum: 1, maximum: 500, default: 500, description: 'People in one call.' } }), description: 'How much goes into one call.' },
}, ['accessToken'])

export const streamSchema = objectSchema({
  object: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$', description: "Object type, unless the stream's name is that." },
  properties: { type: 'array', items: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*$' }, description: 'Properties to read besides those that the mapping names.' },
})

/** The configuration as checked by the schema, with its defaults. */
export function readOptions(config: JsonObject): Options {
  const { url, accessToken, apiVersion, overlapMinutes } = config as { readonly [Key in 'url' | 'accessToken' | 'apiVersion']?: string } & { readonly overlapMinutes?: number }
  return { url: (url ?? 'https://api.hubapi.com').replace(/\/+$/, ''), accessToken: accessToken ?? '', apiVersion: apiVersion ?? '2026-09', overlapMs: (overlapMinutes ?? 10) * 60_000 }
}

export function readDestinationOptions(config: JsonObject): DestinationOptions {
  const instance = config['instance']
  return { ...readOptions(config), ...(typeof instance === 'string' ? { instance } : {}) }
}
