// A stream's mapping, compiled once: source record in, the part's values out, or the first reason why it is no part.
import type { RunTimeGuardrail, RunTimeLimits, Source, Stream } from '../1-project/project.js'
import { type EntitySchema, mergedInto, toSourceKey } from '../entities/entity-schema.js'
import type { Bindings } from '../expressions/expression.js'
import { isTrue } from '../expressions/is-true.js'
import { type ParseOptions, parseExpression } from '../expressions/parse.js'
import type { RecordCode } from '../kernel/codes/record.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject, toText } from '../kernel/json.js'
import type { StoreValue } from '../stores/store.js'
import { type SourceRecord, findRecordProblem } from './check-record.js'
import { type FieldReader, toFieldReader } from './field-reader.js'
import { toFieldValue } from './to-field-value.js'

export interface MappingRequest {
  readonly source: Source
  readonly stream: Stream
  readonly schema: EntitySchema
  /** All sources, for `$sourceKey(id, "crm")`. */
  readonly sources: readonly Source[]
  readonly vars: JsonObject
  readonly limits: RunTimeLimits
  readonly nowMs: number
}

export type Mapped =
  /** `exceeds`: a soft guardrail that is breached; the record is taken. */
  | { readonly is: 'part'; readonly sourceKey: string; readonly values: Readonly<Record<string, StoreValue>>; readonly exceeds?: Excess }
  | { readonly is: 'deleted'; readonly sourceKey: string }
  | { readonly is: 'refused'; readonly code: RecordCode; readonly field: string | null; readonly message: string }

export interface Excess {
  readonly guardrail: RunTimeGuardrail
  readonly size: number
}

export interface Mapping {
  /** The fields of the source record that the mapping reads; undefined when it may read all of them. */
  readonly reads: readonly string[] | undefined
  /** The record's id in the source; undefined when it has none. */
  keyOf(record: JsonObject): Promise<string | undefined>
  map(key: string, source: SourceRecord): Promise<Mapped>
  /** What is left of a record that became part of another: the link to it. Without such a link in the schema it is deleted. */
  mapMerged(key: string, into: string): Mapped
  sourceKey(key: string): string
}

export function toMapping(request: MappingRequest): Mapping {
  const { source, stream, schema } = request
  const bindings: Bindings = { nowMs: request.nowMs, vars: request.vars }
  const options = { functions: { sourceKey: toSourceKeyFunction(request.sources) } }
  const key = toFieldReader(stream.key, options)
  const deletedWhen = stream.deletedWhen === undefined ? undefined : toFieldReader(stream.deletedWhen, options)
  const fields = Object.entries(stream.map).map(([field, expression]) => ({ field, reader: toFieldReader(expression, options) }))
  const expressions = [stream.key, ...(stream.deletedWhen === undefined ? [] : [stream.deletedWhen]), ...Object.values(stream.map)]
  const sourceKey = (id: string): string => toSourceKey(id, source.instance, source.type)
  return {
    reads: findReads(expressions, options, stream.cursor),
    sourceKey,
    async keyOf(record) {
      const outcome = await key(record, bindings)
      return outcome.ok && (typeof outcome.value === 'string' || typeof outcome.value === 'number') && outcome.value !== '' ? String(outcome.value).trim() : undefined
    },
    async map(id, { record, text }) {
      const problem = findRecordProblem(schema, { record, text }, request.limits)
      if (problem) return { is: 'refused', field: null, ...problem }
      if (deletedWhen && (await isDeleted(deletedWhen, record, bindings))) return { is: 'deleted', sourceKey: sourceKey(id) }
      const mapped = await mapFields(fields, { record, schema, source, bindings })
      if ('code' in mapped) return { is: 'refused', ...mapped }
      const { values, longestList } = mapped
      return findEventProblem(schema, values) ?? { is: 'part', sourceKey: sourceKey(id), values, ...toExcess(schema, longestList, request.limits) }
    },
    mapMerged(key, into) {
      return schema.fields[mergedInto] ? { is: 'part', sourceKey: sourceKey(key), values: { [mergedInto]: sourceKey(into) } } : { is: 'deleted', sourceKey: sourceKey(key) }
    },
  }
}

function findReads(expressions: readonly string[], options: ParseOptions, cursor: string | undefined): readonly string[] | undefined {
  const names = new Set(cursor === undefined ? [] : [cursor])
  for (const text of expressions) {
    const parsed = parseExpression(text, options)
    if (parsed.ok) for (const { name } of parsed.expression.reads.roots) names.add(name)
  }
  return names.has('*') ? undefined : [...names].sort()
}

interface FieldContext {
  readonly record: JsonObject
  readonly schema: EntitySchema
  readonly source: Source
  readonly bindings: Bindings
}

type FieldsOutcome = { readonly values: Readonly<Record<string, StoreValue>>; readonly longestList: number } | { readonly code: RecordCode; readonly field: string; readonly message: string }

async function mapFields(fields: readonly { readonly field: string; readonly reader: FieldReader }[], context: FieldContext): Promise<FieldsOutcome> {
  const values: Record<string, StoreValue> = {}
  let longestList = 0
  for (const { field, reader } of fields) {
    const spec = context.schema.fields[field]
    if (!spec) continue
    const read = reader(context.record, context.bindings)
    const outcome = read instanceof Promise ? await read : read
    if (!outcome.ok) return { code: 'record/mapping-failed', field, message: `${outcome.code}: ${outcome.message}` }
    const value = toFieldValue(outcome.value, spec, context.source)
    if (!value.ok) return { code: value.code, field, message: value.message }
    if (value.value !== null) values[field] = value.value
    if (typeof outcome.value === 'object' && outcome.value !== null) longestList = Math.max(longestList, lengthOfLongest(outcome.value))
  }
  return { values, longestList }
}

/** Items of the longest list in a value. */
function lengthOfLongest(value: Json): number {
  const inner = isJsonArray(value) ? value : isJsonObject(value) ? Object.values(value) : []
  return inner.reduce<number>((longest, each) => Math.max(longest, lengthOfLongest(each)), isJsonArray(value) ? value.length : 0)
}

function toExcess({ grain }: EntitySchema, longestList: number, limits: RunTimeLimits): { readonly exceeds?: Excess } {
  const guardrail = grain === 'event' ? 'array-card-event' : 'array-card-profile'
  const limit = limits[guardrail]
  return limit === undefined || longestList <= limit ? {} : { exceeds: { guardrail, size: longestList } }
}

async function isDeleted(reader: FieldReader, record: JsonObject, bindings: Bindings): Promise<boolean> {
  const outcome = await reader(record, bindings)
  return outcome.ok && isTrue(outcome.value)
}

function findEventProblem(schema: EntitySchema, values: Readonly<Record<string, StoreValue>>): Mapped | undefined {
  if (schema.grain !== 'event') return undefined
  if (values['timestamp'] === undefined) return { is: 'refused', code: 'record/no-timestamp', field: 'timestamp', message: 'no value' }
  if (schema.identities.every((each) => values[each.field] === undefined)) {
    return { is: 'refused', code: 'record/no-identity', field: schema.identities.map((each) => each.field).join(', '), message: 'no value' }
  }
  return undefined
}

/** `$sourceKey(id, "crm")`: the key of a record of another source. */
function toSourceKeyFunction(sources: readonly Source[]): (...args: readonly Json[]) => Json | undefined {
  const byName = new Map(sources.map((each) => [each.name, each]))
  return (id, name) => {
    const source = byName.get(toText(name))
    return (typeof id === 'string' || typeof id === 'number') && source ? { sourceKey: toSourceKey(String(id).trim(), source.instance, source.type) } : undefined
  }
}
