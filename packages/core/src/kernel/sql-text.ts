// SQL as text with its parameters kept apart. Only sqlText builds SQL; a value can never become text.

const mark = Symbol.for('cdpkit.sql')

export type SqlValue = string | number | bigint | boolean | null | readonly string[]

type Part = { readonly text: string } | { readonly value: SqlValue }

export interface SqlText {
  readonly [mark]: true
  readonly parts: readonly Part[]
}

/**
 * A statement or a piece of one. Holes take other pieces; values go through `param`, names through `name`.
 * @example sqlText`select ${name('email')} from person where pid = ${param(7)}`
 */
export function sqlText(strings: TemplateStringsArray, ...holes: readonly SqlText[]): SqlText {
  const parts: Part[] = []
  strings.forEach((text, index) => {
    if (text) parts.push({ text })
    const hole = holes[index]
    if (hole) parts.push(...hole.parts)
  })
  return piece(parts)
}

/** A value, bound as a parameter. */
export function param(value: SqlValue): SqlText {
  return piece([{ value }])
}

/**
 * Whole numbers in brackets, however many, as one parameter.
 * @example sqlText`select email from person where _id in ${numbers([7, 9])}`
 */
export function numbers(values: readonly number[]): SqlText {
  return sqlText`(select unnest(${param(values.map(String))})::integer)`
}

/** A quoted identifier: a table or a column, whatever characters it has. */
export function name(...path: readonly string[]): SqlText {
  return piece([{ text: path.map((each) => `"${each.replaceAll('"', '""')}"`).join('.') }])
}

/** Pieces in a row, with a separator between them. */
export function joined(pieces: readonly SqlText[], separator: ', ' | ' and ' | ' or ' | ' + ' | ' union all ' | ' ' | '; '): SqlText {
  return piece(pieces.flatMap((each, index) => (index === 0 ? each.parts : [{ text: separator }, ...each.parts])))
}

const quotedName = /"((?:[^"]|"")+)"/g

/** The same with quoted names exchanged where `to` gives something for one. */
export function replaceNames(sql: SqlText, to: (name: string) => SqlText | undefined): SqlText {
  return piece(sql.parts.flatMap((part) => ('text' in part ? exchange(part.text, to) : [part])))
}

function exchange(text: string, to: (name: string) => SqlText | undefined): readonly Part[] {
  const parts: Part[] = []
  let from = 0
  for (const match of text.matchAll(quotedName)) {
    const other = to(match[1] ?? '')
    if (!other) continue
    parts.push({ text: text.slice(from, match.index) }, ...other.parts)
    from = match.index + match[0].length
  }
  return [...parts, { text: text.slice(from) }]
}

/** A statement that came over the wire as its parts. Only for statements that `sqlText` made at the other end. */
export function fromParts(parts: SqlText['parts']): SqlText {
  return piece(parts)
}

export const empty: SqlText = piece([])

/** The text with numbered placeholders, and the values in their order. */
export function render(sql: SqlText): { readonly text: string; readonly values: readonly SqlValue[] } {
  const values: SqlValue[] = []
  const text = sql.parts.map((part) => ('text' in part ? part.text : `$${String(values.push(part.value))}`)).join('')
  return { text, values }
}

function piece(parts: readonly Part[]): SqlText {
  return { [mark]: true, parts }
}
