// The few SOQL statements that reading needs. No value ever becomes part of one but times and ids, and both are checked.

export interface Selection {
  readonly object: string
  readonly fields: readonly string[]
  readonly where?: string
  readonly orderBy?: string
}

export function toSoql({ object, fields, where, orderBy }: Selection): string {
  return `SELECT ${fields.join(', ')} FROM ${object}${where === undefined ? '' : ` WHERE ${where}`}${orderBy === undefined ? '' : ` ORDER BY ${orderBy}`}`
}

/** Salesforce wants no milliseconds and no quotes: `2026-01-31T12:00:00Z`. */
export function timeLiteral(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

export function idLiteral(id: string): string {
  if (!/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id)) throw new TypeError(`no Salesforce id: ${id.slice(0, 40)}`)
  return `'${id}'`
}

/** A place in the order of time and id. */
export interface Place {
  readonly atMs: number
  readonly id: string
}

/** Rows of a window of time, in the order of `cursor` and id, after a place in it. Many rows may have one stamp, so time alone is no order. */
export function inWindow(cursor: string, { fromMs, toMs, after }: { readonly fromMs: number; readonly toMs: number; readonly after?: Place }): Pick<Required<Selection>, 'where' | 'orderBy'> {
  const start = after
    ? `((${cursor} = ${timeLiteral(after.atMs)} AND Id > ${idLiteral(after.id)}) OR ${cursor} > ${timeLiteral(after.atMs)})`
    : `${cursor} >= ${timeLiteral(fromMs)}`
  return { where: `${start} AND ${cursor} <= ${timeLiteral(toMs)}`, orderBy: `${cursor} ASC, Id ASC` }
}
