// How a function of single values is written in SQL: exact, or with what is not sure about it.
import type { SqlText } from '../../kernel/sql-text.js'
import type { Dialect } from '../sql/dialect.js'
import type { SqlScalar } from '../sql/value.js'

export interface FormTools {
  readonly dialect: Dialect
  /** The value as the text or number that the expression sees, whatever its form in SQL. */
  readonly text: (value: SqlScalar) => SqlText
}

/** Undefined where SQL has no form for these arguments: the closure decides then. */
export type SqlForm = (args: readonly SqlScalar[], tools: FormTools) => SqlScalar | undefined
