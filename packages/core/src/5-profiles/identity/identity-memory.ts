// The identities of one graph in memory: which node a value is, and whose. For a daemon that takes events by the thousand, so that the
// usual event, of somebody who is known, asks nothing of the store. Values are kept as bytes outside of the heap: a million people with
// three identities each take some 150 MB. It is a copy: whatever changes the graph in the store tells it, and when that fails it is
// read again.
import { tableOf } from '../../entities/entity-schema.js'
import { name, param, sqlText } from '../../kernel/sql-text.js'
import type { Connection } from '../../stores/store.js'

const slotsAtFirst = 1 << 16
const bytesAtFirst = 1 << 20
/** Of two nodes as one number: there are fewer nodes than this. */
const pairBase = 2 ** 26

export class IdentityMemory {
  /** Open addressing: the node in each slot, or 0. */
  #slots = new Int32Array(slotsAtFirst)
  #bytes = Buffer.allocUnsafe(bytesAtFirst)
  #end = 0
  /** By node: where its value starts (its length stands before it), and whose it is. */
  #starts = new Float64Array(slotsAtFirst)
  #ids = new Int32Array(slotsAtFirst)
  #nodes = 0
  #lastNode = 0
  /** By profile: whether it has a row. */
  #hasRow = new Uint8Array(slotsAtFirst)
  readonly #namespaces = new Map<string, number>()
  readonly #links = new Set<number>()
  #isStale = true

  constructor(readonly graph: string) {}

  get nodes(): number {
    return this.#nodes
  }

  /** What was noted was taken back, or never came: it is read again before it is used. */
  forget(): void {
    this.#isStale = true
  }

  async load(store: Connection): Promise<void> {
    if (!this.#isStale) return
    this.clear()
    const graph = param(this.graph)
    for await (const { rows, columns } of store.chunks(sqlText`select i.nid, i.namespace, i.value, n.id from identity i join node n on n.graph = i.graph and n.nid = i.nid where i.graph = ${graph}`)) {
      for (let row = 0; row < rows; row++) this.add(Number(columns[0]?.[row]), String(columns[1]?.[row]), String(columns[2]?.[row]), Number(columns[3]?.[row]))
    }
    for await (const { rows, columns } of store.chunks(sqlText`select a, b from link where graph = ${graph} and origin = 'event'`)) {
      for (let row = 0; row < rows; row++) this.link(Number(columns[0]?.[row]), Number(columns[1]?.[row]))
    }
    for await (const { rows, columns } of store.chunks(sqlText`select _id as id from ${name(tableOf(this.graph))}`)) {
      for (let row = 0; row < rows; row++) this.noteRow(Number(columns[0]?.[row]), true)
    }
    this.#isStale = false
  }

  /** Whose identities are known need not be there: the record that told them may be gone. */
  hasRow(id: number): boolean {
    return this.#hasRow[id] === 1
  }

  noteRow(id: number, isThere: boolean): void {
    if (id >= this.#hasRow.length) {
      const larger = new Uint8Array(Math.max(this.#hasRow.length * 2, id + 1))
      larger.set(this.#hasRow)
      this.#hasRow = larger
    }
    this.#hasRow[id] = isThere ? 1 : 0
  }

  /** The node of a value; undefined when it was never heard of. */
  find(namespace: string, value: string): number | undefined {
    const code = this.#namespaces.get(namespace)
    if (code === undefined) return undefined
    const length = this.write(code, value)
    const node = this.#slots[this.slotOf(this.#end, length)] ?? 0
    return node === 0 ? undefined : node
  }

  /** The profile that a node belongs to. */
  idOf(node: number): number {
    return this.#ids[node] ?? 0
  }

  /** Whether an event has said already that node `a` is also known as `b`. */
  isLinked(a: number, b: number): boolean {
    return this.#links.has(a * pairBase + b)
  }

  link(a: number, b: number): void {
    this.#links.add(a * pairBase + b)
  }

  add(node: number, namespace: string, value: string, id: number): void {
    if ((this.#nodes + 1) * 2 > this.#slots.length) this.grow()
    this.reserve(node)
    const length = this.write(this.codeOf(namespace), value)
    const slot = this.slotOf(this.#end, length)
    this.#slots[slot] = node
    this.#starts[node] = this.#end
    this.#ids[node] = id
    this.#end += headerBytes + length
    this.#nodes++
    this.#lastNode = Math.max(this.#lastNode, node)
  }

  /** The first identity of somebody new, who has a row from now on. Gives the node, which is their profile's id, too. */
  addNewcomer(namespace: string, value: string): number {
    const node = this.#lastNode + 1
    this.add(node, namespace, value, node)
    this.noteRow(node, true)
    return node
  }

  /** A node belongs to another profile now. */
  move(node: number, id: number): void {
    this.#ids[node] = id
  }

  private clear(): void {
    this.#slots = new Int32Array(slotsAtFirst)
    this.#end = 0
    this.#nodes = 0
    this.#lastNode = 0
    this.#hasRow.fill(0)
    this.#links.clear()
  }

  private codeOf(namespace: string): number {
    const known = this.#namespaces.get(namespace)
    if (known !== undefined) return known
    this.#namespaces.set(namespace, this.#namespaces.size)
    return this.#namespaces.size - 1
  }

  /** Writes a value where the next one goes; gives its length without the header. */
  private write(code: number, value: string): number {
    const most = value.length * 3 + 1
    if (this.#end + headerBytes + most > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + headerBytes + most))
      this.#bytes.copy(larger, 0, 0, this.#end)
      this.#bytes = larger
    }
    const at = this.#end + headerBytes
    this.#bytes[at] = code
    const length = 1 + this.#bytes.write(value, at + 1, 'utf8')
    this.#bytes.writeUInt32LE(length, this.#end)
    return length
  }

  /** The slot that has the value which stands at `start`, or the free one where it belongs. */
  private slotOf(start: number, length: number): number {
    const mask = this.#slots.length - 1
    for (let slot = this.hash(start, length) & mask; ; slot = (slot + 1) & mask) {
      const node = this.#slots[slot] ?? 0
      if (node === 0) return slot
      const other = this.#starts[node] ?? 0
      // The header is compared with the value: other lengths are other values.
      const end = headerBytes + length
      if (other === start || this.#bytes.compare(this.#bytes, other, other + end, start, start + end) === 0) return slot
    }
  }

  // FNV-1a.
  private hash(start: number, length: number): number {
    let hash = 0x811c9dc5
    for (let at = start + headerBytes; at < start + headerBytes + length; at++) hash = Math.imul(hash ^ (this.#bytes[at] ?? 0), 0x01000193)
    return hash ^ (hash >>> 15)
  }

  private grow(): void {
    const former = this.#slots
    this.#slots = new Int32Array(former.length * 2)
    for (const node of former) {
      if (node === 0) continue
      const start = this.#starts[node] ?? 0
      this.#slots[this.slotOf(start, this.#bytes.readUInt32LE(start))] = node
    }
  }

  private reserve(node: number): void {
    if (node < this.#ids.length) return
    const size = Math.max(this.#ids.length * 2, node + 1)
    const [ids, starts] = [new Int32Array(size), new Float64Array(size)]
    ids.set(this.#ids)
    starts.set(this.#starts)
    this.#ids = ids
    this.#starts = starts
  }
}

/** The length of a value stands before it. */
const headerBytes = 4
