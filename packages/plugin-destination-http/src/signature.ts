// Standard Webhooks signatures (github.com/standard-webhooks/standard-webhooks, spec): HMAC-SHA256 over `id.timestamp.body`.
import { createHmac } from 'node:crypto'

export interface SignedParts {
  readonly id: string
  readonly timestampSeconds: number
  readonly body: string
}

/** The headers that let a receiver check where a request is from. Secrets are `whsec_<base64>`, or any other text as it is. */
export function toSignatureHeaders(secret: string, { id, timestampSeconds, body }: SignedParts): Readonly<Record<string, string>> {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret, 'utf8')
  const signature = createHmac('sha256', key).update(`${id}.${String(timestampSeconds)}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(timestampSeconds), 'webhook-signature': `v1,${signature}` }
}
