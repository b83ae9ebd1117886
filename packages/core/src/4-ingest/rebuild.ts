// Parts made again from the raw records: after a mapping changed, without asking the source; and forgotten, when a stream is gone.
import type { RunTimeLimits, Source, Stream } from '../1-project/project.js'
import type { AppliedResource } from '../2-plan/applied.js'
import { type EntityName, type EntitySchema, tableOf } from '../entities/entity-schema.js'
import type { Clock } from '../kernel/clock.js'
import type { JsonObject } from '../kernel/json.js'
import { name, param, sqlText } from '../kernel/sql-text.js'
import { rawTable } from '../stores/entity-tables.js'
import type { Connection, Store } from '../stores/store.js'
import type { StreamAddress } from './cursor.js'
import { toMapping } from './map-fields.js'
import { type RawRecord, mapRaw } from './map-raw.js'
import { type QuarantinedRecord, writeQuarantine } from './quarantine.js'
import { takeSequence } from './record-sequence.js'
import { type PartWrite, writeParts } from './write-parts.js'

export interface RebuildRequest {
  readonly source: AppliedResource<Source>
  readonly stream: Stream
  readonly sources: readonly AppliedResource<Source>[]
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  readonly vars: JsonObject
  readonly limits: RunTimeLimits
  readonly store: Store
  readonly clock: Clock
}

const recordsAtOnce = 20_000

/** Maps every raw record of a stream again, all in one transaction. Events that profiles have taken stay as they are. */
export async function rebuildParts(request: RebuildRequest): Promise<void> {
  const { source, stream, store, clock } = request
  const schema = request.entities[stream.entity]
  const address: StreamAddress = { source: source.uid, stream: stream.name }
  const raw = rawTable(source.uid, stream.name)
  if (!schema || schema.grain === 'event') return
  const mapping = toMapping({ source: source.spec, stream, schema, sources: request.sources.map((each) => each.spec), vars: request.vars, limits: request.limits, nowMs: clock.nowMs() })
  await store.transaction(async (tx) => {
    await tx.ensureTable(raw)
    await markDeleted(tx, request.entities, address)
    await tx.run(sqlText`delete from quarantine where source = ${param(address.source)} and stream = ${param(address.stream)} and key is not null`)
    await tx.run(sqlText`create or replace temporary table newest_raw as select max(seq) as seq from ${name(raw.name)} group by key`)
    for (let after = 0; ; ) {
      const page = await readRawPage(tx, raw.name, after)
      if (page.length === 0) return
      after = page.at(-1)?.seq ?? after
      const base = await takeSequence(tx, page.length)
      const parts: PartWrite[] = []
      const refused: QuarantinedRecord[] = []
      for (const [index, row] of page.entries()) {
        const seq = base + index + 1
        const mapped = await mapRaw(mapping, row)
        if (mapped.is === 'refused') refused.push({ seq, key: row.key, code: mapped.code, field: mapped.field, message: mapped.message, record: row.record })
        else parts.push({ seq, sourceKey: mapped.sourceKey, values: mapped.is === 'part' ? mapped.values : undefined })
      }
      await writeParts(tx, schema, parts, { ...address, at: clock.now() })
      await writeQuarantine(tx, address, [], refused, clock.now())
    }
  })
}

interface RawRow extends RawRecord {
  readonly seq: number
}

async function readRawPage(tx: Connection, table: string, after: number): Promise<readonly RawRow[]> {
  return tx.rows<{ seq: number; key: string; op: string; record: string }>(
    sqlText`select seq, key, op, record from ${name(table)} where seq > ${param(after)} and seq in (select seq from newest_raw) order by seq limit ${param(recordsAtOnce)}`,
  )
}

export interface ForgetRequest extends StreamAddress {
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  readonly store: Store
}

/** The records of a stream that is gone leave the profiles; what was read of it is dropped. */
export async function forgetSource({ source, stream, entities, store }: ForgetRequest): Promise<void> {
  await store.transaction(async (tx) => {
    await markDeleted(tx, entities, { source, stream })
    await tx.dropTable(rawTable(source, stream).name)
    await tx.run(sqlText`delete from cursor where source = ${param(source)} and stream = ${param(stream)}`)
    await tx.run(sqlText`delete from quarantine where source = ${param(source)} and stream = ${param(stream)}`)
  })
}

async function markDeleted(tx: Connection, entities: ForgetRequest['entities'], { source, stream }: StreamAddress): Promise<void> {
  for (const schema of Object.values(entities).filter((each) => each.grain !== 'event')) {
    const table = name(`part_${tableOf(schema.name)}`)
    const own = sqlText`_source = ${param(source)} and _stream = ${param(stream)} and not _deleted`
    const { count } = await tx.row<{ count: number }>(sqlText`select count(*) as count from ${table} where ${own}`)
    if (count === 0) continue
    const base = await takeSequence(tx, count)
    await tx.run(sqlText`create or replace temporary table leaving as select _source_key as key, ${param(base)} + row_number() over (order by _seq) as seq from ${table} where ${own}`)
    await tx.run(sqlText`update ${table} set _deleted = true, _seq = l.seq from leaving l where l.key = _source_key`)
  }
}
