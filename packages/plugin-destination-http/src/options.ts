// What people write under `config:` of an http destination, and the schema that checks it.
import type { JsonSchema } from '@cdpkit/core/sdk'

export interface Options {
  readonly url: string
  readonly method: 'POST' | 'PUT' | 'PATCH'
  readonly headers: Readonly<Record<string, string>>
  readonly auth?: { readonly bearer: string } | { readonly basic: { readonly user: string; readonly password: string } } | { readonly header: { readonly name: string; readonly value: string } }
  readonly signing?: { readonly secret: string }
  readonly timeoutMs: number
}

const secret = (description: string): object => ({ type: 'string', minLength: 1, 'x-secret': true, description })
const one = (properties: Readonly<Record<string, object>>): object => ({ type: 'object', additionalProperties: false, required: Object.keys(properties), properties })

export const optionsSchema = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  properties: {
    url: { type: 'string', pattern: '^https?://[^\\s]+$', description: 'Where requests go.' },
    method: { enum: ['POST', 'PUT', 'PATCH'], default: 'POST', description: 'HTTP method of every request.' },
    headers: { type: 'object', additionalProperties: { type: 'string' }, description: 'Further headers; secrets belong under auth.' },
    auth: {
      description: 'How requests authenticate: one of bearer, basic, header.',
      oneOf: [
        one({ bearer: secret('Token of the Authorization header.') }),
        one({ basic: { ...one({ user: { type: 'string', description: 'Name of the user.' }, password: secret('Password of the user.') }), description: 'HTTP Basic.' } }),
        one({ header: { ...one({ name: { type: 'string', pattern: '^[A-Za-z0-9-]+$', description: 'Name of the header.' }, value: secret('Value of the header.') }), description: 'A header of your own.' } }),
      ],
    },
    signing: { ...one({ secret: secret('whsec_ and base64, as Standard Webhooks have it.') }), description: 'Signs each request as Standard Webhooks do.' },
    batch: { type: 'object', additionalProperties: false, description: 'How much goes into one request.', properties: { maxRecords: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'Records in one request.' } } },
    body: { type: 'string', description: 'JSONata that makes the record of a profile.', 'x-jsonata': true },
    timeoutSeconds: { type: 'number', exclusiveMinimum: 0, maximum: 300, default: 30, description: 'Until a request without an answer is tried again.' },
  },
} as unknown as JsonSchema

/** The configuration as checked by the schema, with its defaults. */
export function readOptions(config: Readonly<Record<string, unknown>>): Options {
  const { url, method, headers, auth, signing, timeoutSeconds } = config as Partial<Options> & { readonly timeoutSeconds?: number }
  return {
    url: url ?? '',
    method: method ?? 'POST',
    headers: headers ?? {},
    ...(auth === undefined ? {} : { auth }),
    ...(signing === undefined ? {} : { signing }),
    timeoutMs: (timeoutSeconds ?? 30) * 1000,
  }
}
