// What people write under `config:` of a Dynamics 365 source.
import type { JsonObject } from '@cdpkit/core/sdk'
import { address, objectSchema, secret } from '../config-schema.js'

export interface Options {
  readonly url: string
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly overlapMs: number
}

export const sourceSchema = objectSchema({
  url: { ...address, description: 'The environment: https://{organization}.crm.dynamics.com.' },
  tenantId: { type: 'string', pattern: '^[A-Za-z0-9.-]+$', description: 'Entra tenant of the app registration.' },
  clientId: { type: 'string', minLength: 1, description: 'The app registration, which must be an application user with a security role.' },
  clientSecret: { ...secret, description: 'Its client secret.' },
  loginUrl: { ...address, default: 'https://login.microsoftonline.com', description: 'Another cloud has another one.' },
  overlapMinutes: { type: 'integer', minimum: 0, maximum: 1440, default: 10, description: 'For tables without change tracking: how far back each read starts again.' },
}, ['url', 'tenantId', 'clientId', 'clientSecret'])

export const streamSchema = objectSchema({
  table: { type: 'string', pattern: '^[a-z][a-z0-9_]*$', description: "Logical name of the table, unless the stream's name is that." },
  fields: { type: 'array', items: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }, description: 'Columns to read besides those that the mapping names.' },
})

/** The configuration as checked by the schema, with its defaults. */
export function readOptions(config: JsonObject): Options {
  const { url, tenantId, clientId, clientSecret, loginUrl, overlapMinutes } = config as { readonly [Key in 'url' | 'tenantId' | 'clientId' | 'clientSecret' | 'loginUrl']?: string } & { readonly overlapMinutes?: number }
  return {
    url: (url ?? '').replace(/\/+$/, ''),
    tokenUrl: `${(loginUrl ?? 'https://login.microsoftonline.com').replace(/\/+$/, '')}/${tenantId ?? ''}/oauth2/v2.0/token`,
    clientId: clientId ?? '',
    clientSecret: clientSecret ?? '',
    overlapMs: (overlapMinutes ?? 10) * 60_000,
  }
}
