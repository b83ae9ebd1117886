// Records of people who were deleted do not come back by themselves: of each of their identities a keyed digest is kept, and what
// comes under one of them is let go before anything of it stays. The key keeps whoever reads digests from trying e-mail addresses.
import { createHmac } from 'node:crypto'
import type { EntitySchema } from '../entities/entity-schema.js'
import { type Identity, normalizeIdentity } from '../entities/identity-value.js'
import type { Instant } from '../kernel/clock.js'
import { name, param, sqlText } from '../kernel/sql-text.js'
import { rawTable, referenceFields } from '../stores/entity-tables.js'
import type { Connection } from '../stores/store.js'
import { tombstoneTable } from '../stores/tables.js'
import type { StreamAddress } from './cursor.js'
import type { Mapping } from './map-fields.js'
import type { QuarantinedRecord } from './quarantine.js'
import type { PartWrite } from './write-parts.js'

/** Namespace of the source keys of people. */
const personNamespace = 'b2b_person'

export function digestIdentity(salt: string, { namespace, value }: Identity): string {
  return createHmac('sha256', salt).update(`${namespace}\n${normalizeIdentity(namespace, value)}`).digest('hex')
}

export async function addTombstones(tx: Connection, identities: readonly Identity[], { salt, at }: { readonly salt: string; readonly at: Instant }): Promise<void> {
  await tx.append(tombstoneTable, identities.map((each) => [salt, digestIdentity(salt, each), at]))
}

export interface Arriving {
  readonly address: StreamAddress
  readonly schema: EntitySchema
  readonly mapping: Pick<Mapping, 'sourceKey'>
}

export interface Arrived {
  readonly fresh: readonly { readonly key: string }[]
  /** Sequence number before the first of them. */
  readonly base: number
}

/** Lets go of the records of deleted people: their parts, what was refused of them, and the raw records that were just stored. */
export async function dropForgotten<Mapped extends { readonly parts: readonly PartWrite[]; readonly refused: readonly QuarantinedRecord[] }>(tx: Connection, { address, schema, mapping }: Arriving, mapped: Mapped, { fresh, base }: Arrived): Promise<Mapped> {
  const [first] = await tx.rows<{ salt: string }>(sqlText`select salt from tombstone limit 1`)
  if (!first) return mapped
  const owners = new Map<number, readonly string[]>()
  const own = (key: string): readonly string[] => (schema.name === 'person' ? [digestIdentity(first.salt, { namespace: personNamespace, value: mapping.sourceKey(key) })] : [])
  for (const part of mapped.parts) owners.set(part.seq, ownersOf(schema, part).map((each) => digestIdentity(first.salt, each)))
  for (const [index, each] of fresh.entries()) owners.set(base + index + 1, [...(owners.get(base + index + 1) ?? []), ...own(each.key)])
  const digests = [...new Set([...owners.values()].flat())]
  const known = new Set((await tx.rows<{ digest: string }>(sqlText`select distinct digest from tombstone where digest in (select unnest(${param(digests)}))`)).map((each) => each.digest))
  const gone = new Set([...owners].filter(([, each]) => each.some((digest) => known.has(digest))).map(([seq]) => seq))
  if (gone.size === 0) return mapped
  await tx.run(sqlText`delete from ${name(rawTable(address.source, address.stream).name)} where seq in (select unnest(${param([...gone].map(String))})::bigint)`)
  return { ...mapped, parts: mapped.parts.filter((each) => !gone.has(each.seq)), refused: mapped.refused.filter((each) => !gone.has(each.seq)) }
}

/** Whose a part is: of an event the first of its identities, of a relation the people whom it names. */
function ownersOf(schema: EntitySchema, { values = {} }: PartWrite): readonly Identity[] {
  if (schema.grain === 'event') {
    const identities = schema.identities.flatMap(({ field, namespace }) => (typeof values[field] === 'string' ? [{ namespace, value: values[field] }] : []))
    return identities.slice(0, 1)
  }
  return referenceFields(schema).flatMap(([field, entity]) => (entity === 'person' && schema.grain === 'relation' && typeof values[field] === 'string' ? [{ namespace: personNamespace, value: values[field] }] : []))
}
