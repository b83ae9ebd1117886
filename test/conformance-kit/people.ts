// The people whom the setups of our connectors share.
import type { Item } from '../../packages/core/src/plugins/sdk.js'

export function emailOf(number: number): string {
  return `p${String(number)}@acme.example`
}

export function person(number: number, parts: Partial<Item> = {}): Item {
  return { key: `7:${String(number)}:1`, identities: { email: emailOf(number) }, sourceKeys: [], payload: { email: emailOf(number) }, ...parts }
}
