// One batch of changes into the store: raw records, parts, quarantine and checkpoint, all in one transaction. What did not
// change since the last time leaves no trace.
import type { EntitySchema } from '../entities/entity-schema.js'
import type { Instant } from '../kernel/clock.js'
import type { RecordCode } from '../kernel/codes/record.js'
import type { Json, JsonObject } from '../kernel/json.js'
import { name, param, sqlText } from '../kernel/sql-text.js'
import type { Change } from '../plugins/sdk.js'
import { rawTable } from '../stores/entity-tables.js'
import type { Connection, Table } from '../stores/store.js'
import { noteSeen } from './complete-read.js'
import type { Exceeded } from './batch.js'
import { type StreamAddress, writeCheckpoint } from './cursor.js'
import type { Excess, Mapping } from './map-fields.js'
import { type QuarantinedRecord, writeQuarantine } from './quarantine.js'
import { mapRaw } from './map-raw.js'
import { takeSequence } from './record-sequence.js'
import { dropForgotten } from './tombstones.js'
import { type PartWrite, writeParts } from './write-parts.js'

export interface StreamContext {
  readonly address: StreamAddress
  readonly schema: EntitySchema
  readonly mapping: Mapping
}

export interface BatchCounts {
  readonly read: number
  readonly changed: number
  readonly unchanged: number
  readonly deleted: number
  readonly quarantined: number
  readonly exceeded: readonly Exceeded[]
}

export const noCounts: BatchCounts = { read: 0, changed: 0, unchanged: 0, deleted: 0, quarantined: 0, exceeded: [] }

/** `text` is what the raw record keeps: the record, for a merge the key that it went into, nothing for a delete. */
export interface Incoming {
  readonly ordinal: number
  readonly key: string
  readonly op: 'upsert' | 'delete' | 'merge'
  /** Only of an upsert. */
  readonly record?: JsonObject
  readonly text: string
}

interface Unkeyed {
  readonly code: RecordCode
  readonly message: string
  readonly text: string
}

export interface StoreOptions {
  readonly checkpoint?: Json
  readonly at: Instant
  /** They are part of a read of everything. */
  readonly isComplete?: boolean
}

export async function storeChanges(tx: Connection, context: StreamContext, changes: readonly Change[], { checkpoint, at, isComplete }: StoreOptions): Promise<BatchCounts> {
  const { incoming, unkeyed } = await toIncoming(changes, context.mapping)
  if (isComplete === true) await noteSeen(tx, incoming.filter((each) => each.op !== 'delete').map((each) => each.key))
  const fresh = await selectChanged(tx, context, incoming)
  const base = await takeSequence(tx, fresh.length + unkeyed.length)
  await appendRaw(tx, context, at, base)
  const { parts, refused, exceeded } = await dropForgotten(tx, context, await mapAll(context, fresh, base), { fresh, base })
  await writeParts(tx, context.schema, parts, { ...context.address, at })
  const broken = unkeyed.map((each, index): QuarantinedRecord => ({ seq: base + fresh.length + index + 1, key: null, code: each.code, field: null, message: each.message, record: each.text }))
  await writeQuarantine(tx, context.address, fresh.map((each) => each.key), [...refused, ...broken], at)
  if (checkpoint !== undefined) await writeCheckpoint(tx, context.address, checkpoint, at)
  return {
    read: changes.length,
    changed: fresh.length,
    unchanged: changes.length - fresh.length - unkeyed.length,
    deleted: parts.filter((each) => each.values === undefined).length,
    quarantined: refused.length + broken.length,
    exceeded,
  }
}

// Within a batch the last record of a key holds.
export async function toIncoming(changes: readonly Change[], mapping: Mapping): Promise<{ readonly incoming: readonly Incoming[]; readonly unkeyed: readonly Unkeyed[] }> {
  const byKey = new Map<string, Incoming>()
  const unkeyed: Unkeyed[] = []
  for (const [ordinal, change] of changes.entries()) {
    switch (change.op) {
      case 'delete':
        byKey.set(change.key, { ordinal, key: change.key, op: 'delete', text: '' })
        break
      case 'merge':
        byKey.set(change.key, { ordinal, key: change.key, op: 'merge', text: JSON.stringify(change.into) })
        break
      case 'unreadable':
        unkeyed.push({ code: 'record/unreadable', message: `${change.where}: ${change.reason}`, text: change.text })
        break
      case 'upsert': {
        const text = JSON.stringify(change.record)
        const key = await mapping.keyOf(change.record)
        if (key === undefined) unkeyed.push({ code: 'record/no-key', message: 'the key field has no value', text: text.slice(0, 2000) })
        else byKey.set(key, { ordinal, key, op: 'upsert', record: change.record, text })
      }
    }
  }
  return { incoming: [...byKey.values()].sort((a, b) => a.ordinal - b.ordinal), unkeyed }
}

const incomingTable: Table = {
  name: 'incoming',
  columns: [{ name: 'ordinal', type: 'int' }, { name: 'key', type: 'text' }, { name: 'op', type: 'text' }, { name: 'record', type: 'json' }],
}

/** Leaves in `incoming` what differs from the newest raw record of its key. An event that was seen before never differs. */
async function selectChanged(tx: Connection, { address, schema }: StreamContext, incoming: readonly Incoming[]): Promise<readonly Incoming[]> {
  const raw = rawTable(address.source, address.stream)
  await tx.ensureTable(raw)
  await tx.temporaryTable(incomingTable)
  await tx.append(incomingTable, incoming.map((each) => [each.ordinal, each.key, each.op, each.text]))
  const newest = sqlText`select key, arg_max(op, seq) as op, arg_max(record, seq) as record from ${name(raw.name)} where key in (select key from incoming) group by key`
  const same = schema.grain === 'event' ? sqlText`true` : sqlText`n.op = i.op and n.record = i.record`
  await tx.run(sqlText`delete from incoming where ordinal in (select i.ordinal from incoming i join (${newest}) n on n.key = i.key where ${same})`)
  // A delete of what was never there is no news either.
  await tx.run(sqlText`delete from incoming where op = 'delete' and key not in (select key from ${name(raw.name)})`)
  const kept = new Set<number>()
  for (const row of await tx.rows<{ ordinal: number }>(sqlText`select ordinal from incoming`)) kept.add(row.ordinal)
  return kept.size === incoming.length ? incoming : incoming.filter((each) => kept.has(each.ordinal))
}

async function appendRaw(tx: Connection, { address }: StreamContext, at: Instant, base: number): Promise<void> {
  const raw = rawTable(address.source, address.stream)
  await tx.run(
    sqlText`insert into ${name(raw.name)} select ${param(base)} + row_number() over (order by ordinal), key, op, ${param(at)}::timestamp, record from incoming order by ordinal`,
  )
}

export interface MappedRecords {
  readonly parts: readonly PartWrite[]
  readonly refused: readonly QuarantinedRecord[]
  readonly exceeded: readonly Exceeded[]
}

export async function mapAll({ mapping, schema }: StreamContext, fresh: readonly Incoming[], base: number): Promise<MappedRecords> {
  let exceeded: readonly Exceeded[] = []
  const parts: PartWrite[] = []
  const refused: QuarantinedRecord[] = []
  for (const [index, { key, op, record, text }] of fresh.entries()) {
    const seq = base + index + 1
    const mapped = record === undefined ? await mapRaw(mapping, { key, op, record: text }) : await mapping.map(key, { record, text })
    switch (mapped.is) {
      case 'part':
        parts.push({ seq, sourceKey: mapped.sourceKey, values: mapped.values })
        if (mapped.exceeds) exceeded = addExceeded(exceeded, [toExceeded(mapped.exceeds, mapped.sourceKey)])
        break
      case 'deleted':
        if (schema.grain !== 'event') parts.push({ seq, sourceKey: mapped.sourceKey, values: undefined })
        break
      case 'refused':
        refused.push({ seq, key, code: mapped.code, field: mapped.field, message: mapped.message, record: text })
    }
  }
  return { parts, refused, exceeded }
}

function toExceeded({ guardrail, size }: Excess, sample: string): Exceeded {
  return { guardrail, count: 1, worst: size, sample }
}

/** Added up by guardrail. */
export function addExceeded(a: readonly Exceeded[], b: readonly Exceeded[]): readonly Exceeded[] {
  const others = a.filter((each) => !b.some(({ guardrail }) => guardrail === each.guardrail))
  return [...others, ...b.map((each): Exceeded => {
    const same = a.find(({ guardrail }) => guardrail === each.guardrail)
    if (!same) return each
    return { ...(same.worst >= each.worst ? same : each), count: same.count + each.count }
  })]
}
