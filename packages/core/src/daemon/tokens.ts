// Who may use the admin API. A token's value is told once; what is kept is its SHA-256. A slow hash would defend what can be guessed,
// and 256 random bits cannot be: all that matters is that whoever reads the database learns no token.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../kernel/clock.js'
import { fail } from '../kernel/error.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection, Store } from '../stores/store.js'
import { tokenTable } from '../stores/tables.js'

/** Each may do what those before it may. */
export const roles = ['read', 'write', 'admin'] as const
export type Role = (typeof roles)[number]

export interface TokenEntry {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly createdAt: Instant
  readonly revokedAt: Instant | null
}

export interface NewToken {
  readonly name: string
  readonly role: Role
  /** 32 random bytes. */
  readonly secret: Uint8Array
  readonly at: Instant
}

/** Gives the value that nobody can be told again. */
export async function createToken(store: Store, { name, role, secret, at }: NewToken): Promise<TokenEntry & { readonly value: string }> {
  const text = Buffer.from(secret).toString('base64url')
  const id = digestOf(`id ${text}`).toString('hex').slice(0, 12)
  await store.transaction(async (tx) => {
    if ((await readTokens(tx)).some((each) => each.name === name && each.revokedAt === null)) throw fail('token/name-taken', { name })
    await tx.append(tokenTable, [[id, name, role, digestOf(text).toString('hex'), at, null]])
  })
  return { id, name, role, createdAt: at, revokedAt: null, value: `cdp_${id}_${text}` }
}

export async function readTokens(store: Connection): Promise<readonly TokenEntry[]> {
  return store.rows<{ id: string; name: string; role: Role; createdAt: Instant; revokedAt: Instant | null }>(
    sqlText`select id, t.name, role, created_at as "createdAt", revoked_at as "revokedAt" from token t order by created_at, id`,
  )
}

/** By its name or id. @throws token/unknown */
export async function revokeToken(store: Store, written: string, at: Instant): Promise<void> {
  const revoked = await store.transaction((tx) => tx.run(sqlText`update token set revoked_at = ${param(at)}::timestamp where (name = ${param(written)} or id = ${param(written)}) and revoked_at is null`))
  if (revoked === 0) throw fail('token/unknown', { written })
}

export async function findRole(store: Connection, value: string): Promise<Role | undefined> {
  const [, id = '', text = ''] = /^cdp_([0-9a-f]{12})_([\w-]{43})$/.exec(value) ?? []
  if (id === '') return undefined
  const [known] = await store.rows<{ role: Role; digest: string }>(sqlText`select role, digest from token where id = ${param(id)} and revoked_at is null`)
  return known && timingSafeEqual(Buffer.from(known.digest, 'hex'), digestOf(text)) ? known.role : undefined
}

export function mayAct(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed)
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
