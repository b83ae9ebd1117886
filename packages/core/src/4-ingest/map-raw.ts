// A raw record as it is kept → what it means now: a part, a deleted part, or the reason why it is neither.
import type { JsonObject } from '../kernel/json.js'
import type { Mapped, Mapping } from './map-fields.js'

export interface RawRecord {
  readonly key: string
  readonly op: string
  readonly record: string
}

export function mapRaw(mapping: Mapping, { key, op, record }: RawRecord): Mapped | Promise<Mapped> {
  if (op === 'delete') return { is: 'deleted', sourceKey: mapping.sourceKey(key) }
  if (op === 'merge') return mapping.mapMerged(key, JSON.parse(record) as string)
  return mapping.map(key, { record: JSON.parse(record) as JsonObject, text: record })
}
