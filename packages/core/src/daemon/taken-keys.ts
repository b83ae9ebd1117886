// Keys of the events that were taken lately, so that what a sender repeats is not counted twice. Kept in memory in two generations
// of a fixed size, and read back from the raw records at a start: the window is a number of events, at least one generation.
import { name, param, sqlText } from '../kernel/sql-text.js'
import type { CollectingStream, TakenKeys } from '../4-ingest/index.js'
import { rawTable } from '../stores/entity-tables.js'
import type { Store } from '../stores/store.js'

const keysPerGeneration = 1_000_000

export class KeyWindow {
  #current = new Set<string>()
  #former = new Set<string>()

  constructor(private readonly size = keysPerGeneration) {}

  get keys(): number {
    return this.#current.size + this.#former.size
  }

  /** Reads the newest keys of the streams' raw records. */
  async load(store: Store, streams: readonly CollectingStream[]): Promise<void> {
    for (const { address, schema } of streams.filter((each) => each.schema.grain === 'event')) {
      const raw = rawTable(address.source, address.stream)
      if (schema.grain !== 'event' || (await store.findColumns(raw.name)).length === 0) continue
      for await (const { columns } of store.chunks(sqlText`select key from ${name(raw.name)} order by seq desc limit ${param(this.size)}`)) {
        for (const key of columns[0] ?? []) this.#former.add(toEntry(address, String(key)))
      }
    }
  }

  /** What is taken in one transaction; `undo` when it failed. */
  begin(): TakenKeys & { undo(): void } {
    const added: string[] = []
    return {
      add: (address, key) => {
        const entry = toEntry(address, key)
        if (this.#current.has(entry) || this.#former.has(entry)) return false
        if (this.#current.size >= this.size) this.turn()
        this.#current.add(entry)
        added.push(entry)
        return true
      },
      undo: () => { for (const each of added) if (!this.#current.delete(each)) this.#former.delete(each) },
    }
  }

  private turn(): void {
    this.#former = this.#current
    this.#current = new Set()
  }
}

function toEntry({ source, stream }: Parameters<TakenKeys['add']>[0], key: string): string {
  return `${String(source)} ${stream} ${key}`
}
