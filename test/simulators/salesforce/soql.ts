// The part of SOQL that the simulator understands; everything else is MALFORMED_QUERY, so that tests notice.

export type Value = string | number | boolean | null

export interface Soql {
  readonly fields: readonly string[]
  readonly counts: boolean
  readonly object: string
  readonly where: Condition | undefined
  readonly orderBy: readonly { readonly field: string; readonly descending: boolean }[]
  readonly limit: number | undefined
}

export type Condition =
  | { readonly is: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly is: 'compare'; readonly field: string; readonly operator: Operator; readonly value: Value; readonly isDate: boolean }
  | { readonly is: 'in'; readonly field: string; readonly values: readonly Value[] }

type Operator = '=' | '!=' | '<' | '>' | '<=' | '>='

export class MalformedQuery extends Error {}

const token = /\s*(?:('(?:[^'\\]|\\.)*')|(\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2}))|(-?\d+(?:\.\d+)?)|(<=|>=|!=|<>|[=<>(),])|([A-Za-z_][\w.]*(?:\(\))?))/y

export function parseSoql(text: string): Soql {
  return new Parser(tokensOf(text)).query()
}

function tokensOf(text: string): readonly string[] {
  const found: string[] = []
  const trimmed = text.trimEnd()
  for (token.lastIndex = 0; token.lastIndex < trimmed.length; ) {
    const from = token.lastIndex
    const match = token.exec(trimmed)
    if (!match) throw new MalformedQuery(`unexpected token: ${trimmed.slice(from, from + 20)}`)
    found.push(match[0].trim())
  }
  return found
}

class Parser {
  #at = 0

  constructor(private readonly tokens: readonly string[]) {}

  query(): Soql {
    this.#keyword('SELECT')
    const counts = this.#peek()?.toUpperCase() === 'COUNT()'
    const fields = counts ? [] : this.#names()
    if (counts) this.#at++
    this.#keyword('FROM')
    const object = this.#name()
    const where = this.#takes('WHERE') ? this.#or() : undefined
    const orderBy = this.#takes('ORDER') ? this.#order() : []
    const limit = this.#takes('LIMIT') ? Number(this.#next()) : undefined
    if (this.#peek() !== undefined) throw new MalformedQuery(`unexpected token: ${this.#peek() ?? ''}`)
    return { fields, counts, object, where, orderBy, limit }
  }

  #names(): readonly string[] {
    const names = [this.#name()]
    while (this.#takes(',')) names.push(this.#name())
    return names
  }

  #order(): Soql['orderBy'] {
    this.#keyword('BY')
    const one = (): Soql['orderBy'][number] => {
      const field = this.#name()
      const descending = this.#takes('DESC')
      if (!descending) this.#takes('ASC')
      return { field, descending }
    }
    const all = [one()]
    while (this.#takes(',')) all.push(one())
    return all
  }

  #or(): Condition {
    const of = [this.#and()]
    while (this.#takes('OR')) of.push(this.#and())
    return of.length === 1 && of[0] ? of[0] : { is: 'or', of }
  }

  #and(): Condition {
    const of = [this.#one()]
    while (this.#takes('AND')) of.push(this.#one())
    return of.length === 1 && of[0] ? of[0] : { is: 'and', of }
  }

  #one(): Condition {
    if (this.#takes('(')) {
      const inner = this.#or()
      if (!this.#takes(')')) throw new MalformedQuery('expecting a right parenthesis')
      return inner
    }
    const field = this.#name()
    if (this.#takes('IN')) return { is: 'in', field, values: this.#list() }
    const operator = this.#next()
    if (!['=', '!=', '<', '>', '<=', '>='].includes(operator)) throw new MalformedQuery(`unexpected token: ${operator}`)
    const written = this.#next()
    return { is: 'compare', field, operator: operator as Operator, value: toValue(written), isDate: /^\d{4}-/.test(written) }
  }

  #list(): readonly Value[] {
    if (!this.#takes('(')) throw new MalformedQuery('expecting a left parenthesis')
    const values = [toValue(this.#next())]
    while (this.#takes(',')) values.push(toValue(this.#next()))
    if (!this.#takes(')')) throw new MalformedQuery('expecting a right parenthesis')
    return values
  }

  #name(): string {
    const name = this.#next()
    if (!/^[A-Za-z_][\w.]*$/.test(name)) throw new MalformedQuery(`unexpected token: ${name}`)
    return name
  }

  #keyword(word: string): void {
    if (!this.#takes(word)) throw new MalformedQuery(`expecting ${word}`)
  }

  #takes(word: string): boolean {
    const is = this.#peek()?.toUpperCase() === word
    if (is) this.#at++
    return is
  }

  #next(): string {
    const next = this.#peek()
    if (next === undefined) throw new MalformedQuery('unexpected end of query')
    this.#at++
    return next
  }

  #peek(): string | undefined {
    return this.tokens[this.#at]
  }
}

function toValue(written: string): Value {
  if (written.startsWith("'")) return written.slice(1, -1).replaceAll(/\\(.)/g, '$1')
  if (/^\d{4}-/.test(written)) return Date.parse(written)
  if (/^-?\d/.test(written)) return Number(written)
  switch (written.toLowerCase()) {
    case 'true': return true
    case 'false': return false
    case 'null': return null
    default: throw new MalformedQuery(`unexpected token: ${written}`)
  }
}

export function fieldsOf(condition: Condition | undefined): readonly string[] {
  if (!condition) return []
  return 'of' in condition ? condition.of.flatMap(fieldsOf) : [condition.field]
}

export function holds(condition: Condition, read: (field: string) => Value): boolean {
  switch (condition.is) {
    case 'and': return condition.of.every((each) => holds(each, read))
    case 'or': return condition.of.some((each) => holds(each, read))
    case 'in': return condition.values.includes(read(condition.field))
    case 'compare': return compares(condition.isDate ? toMs(read(condition.field)) : read(condition.field), condition.operator, condition.value)
  }
}

function toMs(value: Value): Value {
  return typeof value === 'string' ? Date.parse(value) : value
}

function compares(left: Value, operator: Operator, right: Value): boolean {
  if (operator === '=') return left === right
  if (operator === '!=') return left !== right
  if (left === null || right === null) return false
  switch (operator) {
    case '<': return left < right
    case '>': return left > right
    case '<=': return left <= right
    case '>=': return left >= right
  }
}
