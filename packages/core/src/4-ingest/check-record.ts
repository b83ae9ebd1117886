// A source record against the guardrails of records. One that breaches any is not mapped: it waits in quarantine.
import type { RunTimeLimits } from '../1-project/project.js'
import type { EntitySchema } from '../entities/entity-schema.js'
import type { RecordCode } from '../kernel/codes/record.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../kernel/json.js'

export interface RecordProblem {
  readonly code: RecordCode
  readonly message: string
}

export interface SourceRecord {
  readonly record: JsonObject
  /** The record as JSON. */
  readonly text: string
}

export function findRecordProblem(schema: EntitySchema, source: SourceRecord, limits: RunTimeLimits): RecordProblem | undefined {
  return findSizeProblem(schema, source.text, limits) ?? findFieldsProblem(source, limits)
}

function findSizeProblem(schema: EntitySchema, text: string, limits: RunTimeLimits): RecordProblem | undefined {
  const id = schema.grain === 'event' ? 'event-size' : 'record-size'
  const limit = limits[id]
  // A character is at most three bytes for each UTF-16 unit: most records need no exact count.
  if (limit === undefined || text.length * 3 <= limit) return undefined
  const bytes = Buffer.byteLength(text)
  return bytes <= limit ? undefined : { code: `guardrail/${id}`, message: `${String(bytes)} bytes; the limit is ${String(limit)}` }
}

/** `"":0,` is the least that a field takes. */
const shortestField = 5

function findFieldsProblem({ record, text }: SourceRecord, { 'row-fields': limit }: RunTimeLimits): RecordProblem | undefined {
  if (limit === undefined || text.length / shortestField < limit) return undefined
  const fields = countFields(record)
  return fields <= limit ? undefined : { code: 'guardrail/row-fields', message: `${String(fields)} fields; the limit is ${String(limit)}` }
}

function countFields(value: Json): number {
  const inner = isJsonArray(value) ? value : isJsonObject(value) ? Object.values(value) : []
  const own = isJsonObject(value) ? inner.length : 0
  return inner.reduce<number>((sum, each) => sum + countFields(each), own)
}
