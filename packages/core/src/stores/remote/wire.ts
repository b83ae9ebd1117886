// What goes over the admin socket: one JSON document per line, in both directions. Statements travel with their parameters apart,
// as everywhere; 64-bit parameters as text.
import { type CdpError, fail, isCdpError } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { type SqlText, type SqlValue, fromParts } from '../../kernel/sql-text.js'
import type { StoreValue, Table } from '../store.js'

export type SqlWire = readonly (string | readonly [value: SqlValue | { readonly bigint: string }])[]

/** `inside`: in the transaction of this connection, which `begin` opened. */
export type Request =
  | { readonly id: number; readonly inside: boolean; readonly do: 'run' | 'rows' | 'row' | 'chunks'; readonly sql: SqlWire }
  | { readonly id: number; readonly inside: boolean; readonly do: 'insert' | 'temporaryFrom'; readonly table: string; readonly sql: SqlWire }
  | { readonly id: number; readonly inside: boolean; readonly do: 'append'; readonly table: Table; readonly rows: readonly (readonly StoreValue[])[] }
  | { readonly id: number; readonly inside: boolean; readonly do: 'ensureTable' | 'temporaryTable'; readonly table: Table }
  | { readonly id: number; readonly inside: boolean; readonly do: 'findColumns' | 'dropTable'; readonly table: string }
  | { readonly id: number; readonly do: 'begin' | 'commit' | 'rollback' | 'checkpoint' }
  | { readonly id: number; readonly do: 'ask'; readonly verb: string; readonly options: Json }

export type Answer =
  | { readonly id: number; readonly value: Json }
  /** More comes; of `ask` it is progress, of `chunks` a part. */
  | { readonly id: number; readonly part: Json }
  | { readonly id: number; readonly error: ErrorWire }

export type ErrorWire = { readonly code: string; readonly params: Readonly<Record<string, string | number | boolean>> } | { readonly message: string }

export function toSqlWire({ parts }: SqlText): SqlWire {
  return parts.map((part) => ('text' in part ? part.text : [typeof part.value === 'bigint' ? { bigint: part.value.toString() } : part.value]))
}

export function fromSqlWire(wire: SqlWire): SqlText {
  return fromParts(wire.map((part) => (typeof part === 'string' ? { text: part } : { value: toValue(part[0]) })))
}

function toValue(value: SqlValue | { readonly bigint: string }): SqlValue {
  return typeof value === 'object' && value !== null && 'bigint' in value ? BigInt(value.bigint) : value
}

export function toErrorWire(error: unknown): ErrorWire {
  if (isCdpError(error)) return { code: error.code, params: error.params }
  return { message: error instanceof Error ? error.message : String(error) }
}

export function fromErrorWire(error: ErrorWire): Error {
  return 'code' in error ? fail(error.code as CdpError['code'], error.params as never) : new Error(error.message)
}

/** Cuts what comes in into lines. */
export class Lines {
  #rest: Buffer[] = []

  constructor(private readonly onLine: (line: string) => void) {}

  take(part: Buffer): void {
    let from = 0
    for (let end = part.indexOf(10); end >= 0; end = part.indexOf(10, from)) {
      const line = Buffer.concat([...this.#rest, part.subarray(from, end)]).toString('utf8')
      this.#rest = []
      from = end + 1
      this.onLine(line)
    }
    if (from < part.length) this.#rest.push(part.subarray(from))
  }
}
