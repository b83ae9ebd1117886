// What people are by their own rows, in memory: the bits of the atoms that read nothing else, worked out once for everybody and again
// for those whose rows were made again. For a daemon, in whose micro-batches many events come and few rows change.
import { type SqlText, joined, name, param, render, sqlText } from '../kernel/sql-text.js'
import type { ColumnChunk, Connection, Table } from '../stores/store.js'
import { wordColumn } from './bit-places.js'
import type { ProfilePart } from './last-pass.js'

/** Words are kept in two halves: whole, they are more than a number of JavaScript holds. */
const bitsPerHalf = 30

export class ProfileWords {
  /** What the words were worked out by: the atoms with their values. */
  #key = ''
  #lastKey = ''
  #words: readonly number[] = []
  /** By profile id: the halves of its words, one after the other. */
  #halves = new Int32Array(0)
  #isKnown = new Uint8Array(0)

  forget(): void {
    this.#key = ''
  }

  /** Their rows were made again. */
  forgetProfiles(ids: ArrayLike<number>): void {
    for (let index = 0; index < ids.length; index++) this.#isKnown[ids[index] ?? 0] = 0
  }

  /**
   * Writes the profiles of a scope to a table, with what is known of each, and gives the rows of the profile part (`id`, `a0` …); those who are
   * gone have none. Undefined, and nothing written, where it is not worth it: atoms that are others each time, because the clock is in them,
   * are not kept.
   */
  async writeScope(store: Connection, table: string, { part, ids }: { readonly part: ProfilePart; readonly ids: readonly number[] }): Promise<SqlText | undefined> {
    const { text, values } = render(part.sql)
    const key = `${text} ${values.map(String).join(' ')}`
    const isSeenAgain = key === this.#lastKey
    this.#lastKey = key
    if (!isSeenAgain) return undefined
    if (key !== this.#key) await this.start(store, part, key)
    const unknown = ids.filter((id) => this.#isKnown[id] !== 1)
    if (unknown.length > 0) await this.look(store, part, unknown)
    return this.write(store, table, ids)
  }

  private async start(store: Connection, part: ProfilePart, key: string): Promise<void> {
    this.#words = part.words
    this.#isKnown.fill(0)
    this.#halves = new Int32Array(this.#isKnown.length * this.width)
    await this.read(store, part.sql)
    this.#key = key
  }

  private get width(): number {
    return this.#words.length * 2
  }

  private async look(store: Connection, { sql }: ProfilePart, ids: readonly number[]): Promise<void> {
    const table: Table = { name: 'unknown_profile', columns: [{ name: 'id', type: 'int' }] }
    await store.temporaryTable(table)
    await store.append(table, ids.map((id) => [id]))
    await this.read(store, sqlText`${sql} where p._id in (select id from unknown_profile)`)
  }

  private async read(store: Connection, rows: SqlText): Promise<void> {
    const mask = param(2 ** bitsPerHalf - 1)
    const halves = this.#words.flatMap((word) => [sqlText`(${name(wordColumn(word))} & ${mask})::integer`, sqlText`(${name(wordColumn(word))} >> ${param(bitsPerHalf)})::integer`])
    for await (const chunk of store.chunks(sqlText`select id, ${joined(halves, ', ')} from (${rows})`)) this.take(chunk)
  }

  private take({ rows, columns }: ColumnChunk): void {
    const [ids, ...halves] = columns
    for (let row = 0; row < rows; row++) {
      const id = Number(ids?.[row])
      this.reserve(id)
      this.#isKnown[id] = 1
      halves.forEach((column, index) => { this.#halves[id * this.width + index] = Number(column[row]) })
    }
  }

  private reserve(id: number): void {
    if (id < this.#isKnown.length) return
    const size = Math.max(this.#isKnown.length * 2, id + 1, 1024)
    const [isKnown, halves] = [new Uint8Array(size), new Int32Array(size * this.width)]
    isKnown.set(this.#isKnown)
    halves.set(this.#halves)
    this.#isKnown = isKnown
    this.#halves = halves
  }

  private async write(store: Connection, table: string, ids: readonly number[]): Promise<SqlText> {
    const columns = Array.from({ length: this.width }, (_, index) => `h${String(index)}`)
    const scope: Table = { name: table, columns: ['id', ...columns].map((each) => ({ name: each, type: 'int' as const })) }
    await store.temporaryTable(scope)
    await store.append(scope, ids.map((id) => [id, ...columns.map((_, index) => (this.#isKnown[id] === 1 ? (this.#halves[id * this.width + index] ?? 0) : null))]))
    const words = this.#words.map((word, index) => sqlText`(${name(`h${String(index * 2)}`)}::bigint + (${name(`h${String(index * 2 + 1)}`)}::bigint << ${param(bitsPerHalf)})) as ${name(wordColumn(word))}`)
    return sqlText`select id, ${joined(words, ', ')} from ${name(table)} where h0 is not null`
  }
}
