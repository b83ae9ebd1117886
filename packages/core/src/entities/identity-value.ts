// One form for each identity value, so that the same thing written twice is found once.

/** E-mail addresses without surrounding space and in lower case; all others without surrounding space. */
export function normalizeIdentity(namespace: string, value: string): string {
  const trimmed = value.trim()
  return namespace === 'email' ? trimmed.toLowerCase() : trimmed
}
