// Pieces of the configuration schemas that the three connectors share.
import type { JsonSchema } from '@cdpkit/core/sdk'

export const secret = { type: 'string', minLength: 1, 'x-secret': true } as const
/** Plain hosts of sandboxes and simulators are allowed: loopback has no certificate. */
export const address = { type: 'string', pattern: '^https?://[^\\s]+$' } as const

export function objectSchema(properties: Readonly<Record<string, object>>, required: readonly string[] = []): JsonSchema {
  return { type: 'object', additionalProperties: false, required, properties } as unknown as JsonSchema
}
