// SQL as people read it: clauses on lines of their own, queries inside queries indented. Parameters stay parameters.
import type { SqlValue } from '../kernel/sql-text.js'

const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\b(?:left join|group by|order by|union all)\b|[A-Za-z_$][\w$]*|\d+(?:\.\d+)?(?:e[+-]?\d+)?|::|<>|<=|>=|\|\||[^\s]/g
const clauses = new Set(['select', 'from', 'where', 'join', 'left join', 'group by', 'order by', 'union all', 'qualify', 'limit'])

/** @example renderSql('select a from t where x and y') // ['select', '  a', 'from t', 'where x', '  and y'] */
export function renderSql(text: string): readonly string[] {
  const writer = new Writer()
  const found = text.replaceAll(/\s+/g, ' ').match(tokens) ?? []
  found.forEach((token, index) => { writer.take(token, found[index + 1] ?? '') })
  return writer.lines()
}

/** `$1 = 30`, a line each. */
export function renderParameters(values: readonly SqlValue[]): readonly string[] {
  return values.map((value, index) => `$${String(index + 1)} = ${typeof value === 'bigint' ? String(value) : JSON.stringify(value)}`)
}

interface Level {
  readonly kind: 'query' | 'inline'
  readonly indent: number
  clause: string
}

class Writer {
  readonly #lines: string[] = []
  readonly #levels: Level[] = [{ kind: 'query', indent: 0, clause: '' }]
  #line = ''
  #before = ''

  lines(): readonly string[] {
    this.end()
    return this.#lines
  }

  take(token: string, next: string): void {
    const level = this.level()
    if (token === '(') this.open(next)
    else if (token === ')') this.close()
    else if (level.kind === 'query' && clauses.has(token)) this.clause(token, level)
    else if (level.kind === 'query' && token === ',' && (level.clause === 'select' || level.clause === '')) this.breakAfter(token, level)
    else if (level.kind === 'query' && (token === 'and' || token === 'or') && level.clause === 'where') this.breakBefore(token, level)
    else this.write(token)
    this.#before = token
  }

  private level(): Level {
    return this.#levels.at(-1) ?? { kind: 'query', indent: 0, clause: '' }
  }

  private open(next: string): void {
    const isQuery = next === 'select' || next === 'with'
    this.write('(')
    const indent = this.#levels.findLast((each) => each.kind === 'query')?.indent ?? 0
    this.#levels.push(isQuery ? { kind: 'query', indent: indent + 1, clause: '' } : { kind: 'inline', indent, clause: '' })
  }

  private close(): void {
    const level = this.#levels.pop()
    if (level?.kind === 'query') {
      this.end()
      this.#line = '  '.repeat(Math.max(0, level.indent - 1))
    }
    this.#line += ')'
  }

  private clause(token: string, level: Level): void {
    this.end()
    this.#line = '  '.repeat(level.indent) + token
    level.clause = token
    if (token === 'select') {
      this.end()
      this.#line = '  '.repeat(level.indent + 1)
    }
  }

  private breakAfter(token: string, level: Level): void {
    this.#line += token
    this.end()
    this.#line = '  '.repeat(level.clause === 'select' ? level.indent + 1 : level.indent)
  }

  private breakBefore(token: string, level: Level): void {
    this.end()
    this.#line = '  '.repeat(level.indent + 1) + token
  }

  private write(token: string): void {
    this.#line += `${this.needsSpace(token) ? ' ' : ''}${token}`
  }

  private needsSpace(token: string): boolean {
    if (this.#line.trim() === '' || this.#before === '(' || this.#before === '.' || this.#before === '::' || this.#before === '[') return false
    if (token === ',' || token === '.' || token === '::' || token === '[' || token === ']') return false
    // A function and its bracket belong together; `in (`, `as (`, `filter (` do not.
    return !(token === '(' && /^[a-z_]\w*$/i.test(this.#before) && !spaced.has(this.#before))
  }

  private end(): void {
    if (this.#line.trim() !== '') this.#lines.push(this.#line.trimEnd())
    this.#line = ''
  }
}

/** Words that a bracket does not belong to. */
const spaced = new Set([...clauses, 'with', 'as', 'in', 'filter', 'and', 'or', 'not', 'when', 'then', 'else', 'case', 'on', 'by', 'over', 'distinct', 'is', 'between'])
