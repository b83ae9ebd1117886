// The tables that follow from the entity schemas.
//   part_<entity>   one row per source record, as mapped (4-ingest); for events only what the profiles have not taken yet
//   <entity>        unified (5-profiles): stitched entities by `id`; relations and events with the ids that they refer to
//   raw_<uid>_<stream>  what the source said, append-only (4-ingest)
import { type EntityName, type EntitySchema, type Field, type FieldType, tableOf } from '../entities/entity-schema.js'
import type { Column, ColumnType, Table } from './store.js'

export const columnTypes: Readonly<Record<FieldType, ColumnType>> = {
  string: 'text', number: 'double', integer: 'double', boolean: 'boolean', timestamp: 'instant', date: 'text', strings: 'texts', object: 'json', key: 'text',
}

/** Bookkeeping columns in front of the fields of a part. `changed_at` decides the timestamp merge policy: the record's lastUpdatedDate, else when it was read. */
export const partColumns: readonly Column[] = [
  { name: '_seq', type: 'bigint' },
  { name: '_source_key', type: 'text' },
  { name: '_source', type: 'int' },
  { name: '_stream', type: 'text' },
  { name: '_changed_at', type: 'instant' },
  { name: '_deleted', type: 'boolean' },
]

/** One row per source record, fields as columns under their dotted names. */
export function partTable(schema: EntitySchema): Table {
  return { name: `part_${tableOf(schema.name)}`, columns: [...partColumns, ...fieldColumns(schema)] }
}

/**
 * The unified table of an entity.
 * stitched: `_id`, `_source_keys` (of its components), fields, and `<field>_id` per reference.
 * relation: `_source_key`, fields, `<field>_id` per reference (`personKey_id`, `accountKey_id`).
 * event: `_seq`, `_source_key`, `_nid` (the node that it was known by), `_id` (the person), fields, `<field>_id` per reference but the person's.
 */
export function unifiedTable(schema: EntitySchema): Table {
  const kept = referenceFields(schema).filter(([, entity]) => schema.grain !== 'event' || entity !== 'person')
  const references = kept.map(([field]) => ({ name: `${field}_id`, type: 'int' as const }))
  const own = [...fieldColumns(schema), ...references]
  return { name: tableOf(schema.name), columns: [...leadingColumns(schema), ...own] }
}

export function rawTable(sourceUid: number, stream: string): Table {
  return {
    name: `raw_${String(sourceUid)}_${stream}`,
    columns: [
      { name: 'seq', type: 'bigint' },
      { name: 'key', type: 'text' },
      { name: 'op', type: 'text' },
      { name: 'at', type: 'instant' },
      { name: 'record', type: 'json' },
    ],
  }
}

/** Fields that hold the source key of another entity. */
export function referenceFields(schema: EntitySchema): readonly (readonly [field: string, entity: EntityName])[] {
  return Object.entries(schema.fields).flatMap(([field, { references }]) => (references === undefined ? [] : [[field, references] as const]))
}

function leadingColumns(schema: EntitySchema): readonly Column[] {
  switch (schema.grain) {
    case 'stitched':
      return [{ name: '_id', type: 'int' }, { name: '_source_keys', type: 'texts' }]
    case 'relation':
      return [{ name: '_source_key', type: 'text' }]
    case 'event':
      return [{ name: '_seq', type: 'bigint' }, { name: '_source_key', type: 'text' }, { name: '_nid', type: 'int' }, { name: '_id', type: 'int' }]
  }
}

function fieldColumns(schema: EntitySchema): readonly Column[] {
  return Object.entries(schema.fields).map(([name, field]: [string, Field]) => ({ name, type: columnTypes[field.type] }))
}
