// What destinations find a profile by: its identities, as they are told of them.
import { type JsonObject, isJsonObject } from '../kernel/json.js'
import type { ProfileView } from './match.js'

export function toIdentities({ root, sourceKeys }: Pick<ProfileView, 'root' | 'sourceKeys'>): Readonly<Record<string, string>> {
  const person = root['person']
  const [key] = sourceKeys
  const found: Record<string, string> = {}
  if (isJsonObject(person ?? null)) {
    const { email, ecid } = person as JsonObject
    if (typeof email === 'string') found['email'] = email.trim().toLowerCase()
    if (typeof ecid === 'string') found['ecid'] = ecid
  }
  if (key !== undefined) found[person === undefined ? 'b2b_account' : 'b2b_person'] = key
  return found
}
