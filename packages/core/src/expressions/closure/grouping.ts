// `{ key: value }`, as an object of its own or after a path: items are grouped by key, and each value sees its whole group.
import { Collected } from './collected.js'
import { raise } from './failure.js'
import type { Frame } from './frame.js'
import { spend } from './run.js'
import type { Compile } from './function-value.js'
import { type Grouping, child } from './tree-node.js'
import { type Row, frameOfRow } from './rows.js'
import { isRows, keysOf, append } from './values.js'

interface Group {
  readonly items: Collected
  readonly pair: number
}

export function toGroupEvaluator(group: Grouping, compile: Compile): (input: unknown, env: Frame) => unknown {
  const pairs = group.lhs.map(([key, value]) => ({ key: compile(child(key)), value: compile(child(value)) }))
  const { position } = group
  return (input, env) => {
    const areRows = isRows(input)
    const items = itemsOf(input, areRows)
    // Made by key in an object, so that keys come in the order in which the reference has them.
    const groups = Object.create(null) as Record<string, Group>
    spend(items.length)
    for (const item of items) {
      const frame = areRows ? frameOfRow(item as Row, env) : env
      const context = areRows ? (item as Row)['@'] : item
      for (const [index, pair] of pairs.entries()) addTo(groups, { key: pair.key(context, frame), pair: index, item, position })
    }
    const made = Object.create(null) as Record<string, unknown>
    for (const key of Object.keys(groups)) {
      const entry = groups[key]
      const pair = pairs[entry?.pair ?? 0]
      if (!entry || !pair) continue
      const value = areRows ? valueOfRows(entry.items.value, pair.value, env) : pair.value(entry.items.value, env)
      if (value !== undefined) made[key] = value
    }
    return made
  }
}

function itemsOf(input: unknown, areRows: boolean): readonly unknown[] {
  const items: readonly unknown[] = Array.isArray(input) ? input : [input]
  return items.length === 0 && !areRows ? [undefined] : items
}

function addTo(groups: Record<string, Group>, { key, pair, item, position }: { key: unknown; pair: number; item: unknown; position: number | undefined }): void {
  if (key === undefined) return
  if (typeof key !== 'string') raise({ code: 'T1003', position, value: key })
  if (key === '_jsonata_lambda' || key === '_jsonata_function') raise({ code: 'D1013', position, value: key })
  const known = groups[key]
  if (!known) {
    groups[key] = { items: new Collected(item), pair }
    return
  }
  if (known.pair !== pair) raise({ code: 'D1009', position, value: key })
  known.items.add(item)
}

function valueOfRows(data: unknown, value: (input: unknown, env: Frame) => unknown, env: Frame): unknown {
  const row = Array.isArray(data) ? joinRows(data as readonly Row[]) : (data as Row)
  const context = row['@']
  // As in the reference: a second pair over the same single row finds no value in it.
  delete row['@']
  return value(context, frameOfRow(row, env))
}

function joinRows(rows: readonly Row[]): Row {
  const joined = Object.assign(Object.create(null) as Row, rows[0])
  for (const row of rows.slice(1)) for (const name of keysOf(row)) joined[name] = append(joined[name], row[name])
  return joined
}
