// One form for each identity value, so that the same thing written twice is found once.

/** E-mail addresses without surrounding space and in lower case; all others without surrounding space. */
export function normalizeIdentity(namespace: string, value: string): string {
  const trimmed = value.trim()
  return namespace === 'email' ? trimmed.toLowerCase() : trimmed
}

export interface Identity {
  readonly namespace: string
  readonly value: string
}

/** `namespace:value` as people write it; undefined when it is none. The value may have colons. */
export function parseIdentity(written: string): Identity | undefined {
  const colon = written.indexOf(':')
  const value = written.slice(colon + 1).trim()
  return colon < 1 || value === '' ? undefined : { namespace: written.slice(0, colon), value }
}
