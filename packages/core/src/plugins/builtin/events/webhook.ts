// What an `events` source is told of the webhooks that it takes: whose signature, and how old one may be.
import type { JsonSchema } from '../../sdk.js'

export type Webhook = StandardWebhook | HmacWebhook

interface Signed {
  /** The present one first; a former one is good while senders change. */
  readonly secrets: readonly string[]
  readonly toleranceMs: number
}

/** github.com/standard-webhooks/standard-webhooks: id, time and body are signed. */
export interface StandardWebhook extends Signed {
  readonly scheme: 'standardwebhooks'
}

/** HMAC-SHA256 in a header of the sender's own. */
export interface HmacWebhook extends Signed {
  readonly scheme: 'hmac-sha256'
  /** In lower case, like the others. */
  readonly header: string
  readonly prefix: string
  readonly encoding: 'hex' | 'base64'
  /** With `{body}`, and `{timestamp}` where the time is signed. */
  readonly signed: string
  readonly timestampHeader?: string
  readonly idHeader?: string
}

const secret: JsonSchema = { type: 'string', minLength: 1, 'x-secret': true }
const header: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9-]+$' }

export const webhookSchema: JsonSchema = {
  type: 'object', required: ['secret'], additionalProperties: false, description: 'Signed webhooks at POST /hooks/<source>.',
  properties: {
    secret: { ...secret, description: 'What the sender signs with; whsec_<base64> for Standard Webhooks.' },
    formerSecret: { ...secret, description: 'Still good, while the sender is given the new one.' },
    scheme: { enum: ['standardwebhooks', 'hmac-sha256'], default: 'standardwebhooks', description: 'How it is signed.' },
    header: { ...header, default: 'x-signature', description: 'hmac-sha256: the header with the signature.' },
    prefix: { type: 'string', default: '', description: 'hmac-sha256: what stands before the signature, such as sha256=.' },
    encoding: { enum: ['hex', 'base64'], default: 'hex', description: 'hmac-sha256: how the signature is written.' },
    signed: { type: 'string', pattern: '\\{body\\}', default: '{body}', description: 'hmac-sha256: what is signed, such as {timestamp}.{body}.' },
    timestampHeader: { ...header, description: 'hmac-sha256: the header with the time in seconds; sign it too, or it proves nothing.' },
    idHeader: { ...header, description: 'hmac-sha256: the header with the id of the message; what it names twice counts once. The digest of the body unless told.' },
    toleranceSeconds: { type: 'integer', minimum: 1, maximum: 3600, default: 300, description: 'How far the time of a message may be from now.' },
  },
}

/** Of a source's configuration, secrets resolved; undefined when it takes none. */
export function webhookOf(config: Readonly<Record<string, unknown>>): Webhook | undefined {
  const written = config['webhook'] as Readonly<Record<string, string | number | undefined>> | undefined
  if (written === undefined) return undefined
  const text = (key: string): string | undefined => (typeof written[key] === 'string' ? written[key] : undefined)
  const lower = (key: string): string | undefined => text(key)?.toLowerCase()
  const signed: Signed = { secrets: [text('secret'), text('formerSecret')].filter((each) => each !== undefined), toleranceMs: Number(written['toleranceSeconds'] ?? 300) * 1000 }
  if (written['scheme'] !== 'hmac-sha256') return { ...signed, scheme: 'standardwebhooks' }
  const [timestampHeader, idHeader] = [lower('timestampHeader'), lower('idHeader')]
  return {
    ...signed, scheme: 'hmac-sha256', header: lower('header') ?? 'x-signature', prefix: text('prefix') ?? '', encoding: text('encoding') === 'base64' ? 'base64' : 'hex', signed: text('signed') ?? '{body}',
    ...(timestampHeader === undefined ? {} : { timestampHeader }), ...(idHeader === undefined ? {} : { idHeader }),
  }
}
