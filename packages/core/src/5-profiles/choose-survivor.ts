// Which value wins, field by field, as SQL over the parts of one profile. Pure: merge policy × schema → statement.
import type { EntitySchema } from '../entities/entity-schema.js'
import { type SqlText, joined, name, param, sqlText } from '../kernel/sql-text.js'

export interface SourceRank {
  readonly uid: number
  readonly name: string
}

/** Ascending: the last row wins. A deterministic order even when two sources changed at the same instant. */
export function survivorOrder(schema: EntitySchema, sources: readonly SourceRank[]): SqlText {
  const newest = sqlText`_changed_at, _seq, _source_key`
  switch (schema.mergePolicy.method) {
    case 'timestamp':
      return newest
    case 'precedence':
      return sqlText`${precedence(schema.mergePolicy.sources, sources)} desc, ${newest}`
  }
}

// Sources that the policy does not name come after those that it does.
function precedence(order: readonly string[], sources: readonly SourceRank[]): SqlText {
  const known = order.flatMap((each, index) => {
    const uid = sources.find((source) => source.name === each)?.uid
    return uid === undefined ? [] : [sqlText`when ${param(uid)} then ${param(index)}`]
  })
  return known.length === 0 ? sqlText`0` : sqlText`case _source ${joined(known, ' ')} else ${param(order.length)} end`
}

/** For each field the last value that is there, over rows of one `_id` numbered by `_rank`. */
export function survivingFields(schema: EntitySchema): SqlText {
  const fields = Object.keys(schema.fields).map((field) => sqlText`arg_max(${name(field)}, _rank) filter (where ${name(field)} is not null) as ${name(field)}`)
  return joined(fields, ', ')
}

export function plainFields(schema: EntitySchema): SqlText {
  return joined(Object.keys(schema.fields).map((field) => name(field)), ', ')
}
