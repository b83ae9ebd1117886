// One form for each identity value, so that the same thing written twice is found once, and what is no identity at all.

const maxLength = 1024
/** What forms and exports write where there is nothing (Adobe's identity service blocks the first three). */
const banned: ReadonlySet<string> = new Set(['null', 'anonymous', 'invalid', 'undefined', 'none', 'n/a', 'unknown'])

/** E-mail addresses without surrounding space and in lower case; all others without surrounding space. */
export function normalizeIdentity(namespace: string, value: string): string {
  const trimmed = value.trim()
  return namespace === 'email' ? trimmed.toLowerCase() : trimmed
}

export type IdentityRefusal = 'guardrail/id-banned' | 'guardrail/id-length' | 'guardrail/ecid-format'

/** Why a normalized value cannot identify anybody (fact sheet rows 73 to 75); undefined when it can. */
export function findIdentityRefusal(namespace: string, value: string): IdentityRefusal | undefined {
  if (value === '' || banned.has(value.toLowerCase())) return 'guardrail/id-banned'
  if (value.length > maxLength) return 'guardrail/id-length'
  if (namespace === 'ecid' && !/^\d{38}$/.test(value)) return 'guardrail/ecid-format'
  return undefined
}
