import { type Identity, parseIdentity } from '../entities/identity-value.js'
import { fail } from '../kernel/error.js'

/** `email:ada@acme.example`. @throws cli/not-an-identity */
export function toIdentity(written: string): Identity {
  const identity = parseIdentity(written)
  if (!identity) throw fail('cli/not-an-identity', { written })
  return identity
}
