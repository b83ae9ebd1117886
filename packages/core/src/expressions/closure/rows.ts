// Rows of bindings, which paths with `@`, `#` and `%` carry from step to step. `@` in a row is the current value.
import { type Frame, frameIn } from './frame.js'

export type Row = Record<string, unknown>

export function frameOfRow(row: Row, env: Frame): Frame {
  return Object.assign(frameIn(env), row)
}

export function newRow(...parts: readonly Row[]): Row {
  return Object.assign(Object.create(null) as Row, ...parts) as Row
}
