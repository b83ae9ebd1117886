// The state of a simulated organization: records with their stamps, what is in the recycle bin, what was merged or converted,
// and rows that become visible later than their stamp says.
import { type FieldDefinition, type ObjectDefinition, customField, standardObjects, typeOfValue } from './objects.js'
import type { Value } from './soql.js'

export type Row = Readonly<Record<string, Value>>

export interface Stored {
  readonly row: Row
  /** From when on reads see this version (ms); they see `before` until then. */
  readonly visibleAtMs: number
  readonly before?: Stored
}

export interface Written {
  /** ISO time; the clock's unless given. */
  readonly stamp?: string
  readonly visibleAt?: string
}

export interface DeletedEntry {
  readonly id: string
  readonly deletedAtMs: number
}

/** Rows that are made when they are read: half a million contacts need no memory. */
export interface Generated {
  readonly count: number
  readonly make: (index: number) => Row
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export class Organization {
  readonly id: string
  readonly objects = new Map<string, ObjectDefinition>(standardObjects.map((each) => [each.name, each]))
  readonly #tables = new Map<string, Map<string, Stored>>()
  readonly #generated = new Map<string, Generated>()
  readonly #hidden = new Set<string>()
  readonly #deleted = new Map<string, DeletedEntry[]>()
  readonly #nextNumber = new Map<string, number>()

  constructor(private readonly clock: { readonly nowMs: number }, number = 1) {
    this.id = toId('00D', number)
  }

  addObject(definition: ObjectDefinition): void {
    this.objects.set(definition.name, definition)
  }

  /** `addField('Contact', 'Score__c:double')`. */
  addField(object: string, written: string): void {
    const definition = this.objects.get(object)
    if (definition) this.objects.set(object, { ...definition, fields: [...definition.fields, customField(written)] })
  }

  /** Field-level security: describe and queries no longer know it. */
  hideField(object: string, field: string): void {
    this.#hidden.add(`${object}.${field}`)
  }

  fieldsOf(object: string): readonly FieldDefinition[] {
    return (this.objects.get(object)?.fields ?? []).filter((each) => !this.#hidden.has(`${object}.${each.name}`))
  }

  generate(object: string, generated: Generated): void {
    this.#generated.set(object, generated)
  }

  /** Adds a record, with custom fields as they come; gives its id. */
  add(object: string, values: Readonly<Record<string, Value>>, written: Written = {}): string {
    const id = typeof values['Id'] === 'string' ? values['Id'] : this.newId(object)
    for (const [name, value] of Object.entries(values)) if (name.endsWith('__c') && !this.objects.get(object)?.fields.some((each) => each.name === name)) this.addField(object, `${name}:${typeOfValue(value)}`)
    const stamp = written.stamp ?? this.#now()
    this.#write(object, { IsDeleted: false, ...values, Id: id, CreatedDate: stamp, LastModifiedDate: stamp, SystemModstamp: stamp }, written)
    return id
  }

  update(id: string, values: Readonly<Record<string, Value>>, written: Written = {}): void {
    const { object, row } = this.get(id)
    const stamp = written.stamp ?? this.#now()
    this.#write(object, { ...row, ...values, LastModifiedDate: stamp, SystemModstamp: stamp }, written)
  }

  /** Into the recycle bin. */
  remove(id: string, values: Readonly<Record<string, Value>> = {}): void {
    const { object } = this.get(id)
    this.update(id, { ...values, IsDeleted: true })
    this.#noteDeleted(object, id)
  }

  undelete(id: string): void {
    this.update(id, { IsDeleted: false })
  }

  /** Gone without a row; only the deleted log knows. */
  hardDelete(id: string): void {
    const { object } = this.get(id)
    this.#tables.get(object)?.delete(id)
    this.#noteDeleted(object, id)
  }

  /** Gone without any trace. */
  vanish(id: string): void {
    this.#tables.get(this.get(id).object)?.delete(id)
  }

  /** The loser's children point to the winner afterwards, and their stamps do not move. */
  merge(winner: string, loser: string): void {
    this.remove(loser, { MasterRecordId: winner })
    for (const [object, table] of this.#tables) {
      const references = (this.objects.get(object)?.fields ?? []).filter((each) => each.type === 'reference' && each.name !== 'MasterRecordId').map((each) => each.name)
      for (const [id, stored] of table) {
        const moved = references.filter((each) => stored.row[each] === loser)
        if (moved.length > 0 && id !== loser) table.set(id, { ...stored, row: { ...stored.row, ...Object.fromEntries(moved.map((each) => [each, winner])) } })
      }
    }
  }

  /** Makes a contact (or takes an existing one) of a lead; the lead stays, read-only. */
  convert(leadId: string, into: { readonly contactId?: string; readonly accountId?: string } = {}): string {
    const { row } = this.get(leadId)
    const accountId = into.accountId ?? this.add('Account', { Name: row['Company'] ?? '' })
    const contactId = into.contactId ?? this.add('Contact', { AccountId: accountId, Email: row['Email'] ?? null, FirstName: row['FirstName'] ?? null, LastName: row['LastName'] ?? null, Title: row['Title'] ?? null })
    this.update(leadId, { IsConverted: true, Status: 'Closed - Converted', ConvertedDate: this.#now().slice(0, 10), ConvertedContactId: contactId, ConvertedAccountId: accountId })
    return contactId
  }

  get(id: string): { readonly object: string; readonly row: Row } {
    for (const [object, table] of this.#tables) {
      const stored = table.get(id)
      if (stored) return { object, row: stored.row }
    }
    throw new Error(`no record ${id}`)
  }

  find(id: string): { readonly object: string; readonly row: Row } | undefined {
    for (const [object, table] of this.#tables) {
      const stored = table.get(id)
      if (stored) return { object, row: stored.row }
    }
    return undefined
  }

  /** Every row as it can be seen now. */
  *rows(object: string): Iterable<Row> {
    const table = this.#tables.get(object)
    const generated = this.#generated.get(object)
    for (let index = 0; index < (generated?.count ?? 0); index++) {
      const row = generated?.make(index)
      if (row && table?.has(String(row['Id'])) !== true) yield row
    }
    for (const stored of table?.values() ?? []) {
      const seen = this.#seen(stored)
      if (seen) yield seen
    }
  }

  deletedBetween(object: string, fromMs: number, toMs: number): readonly DeletedEntry[] {
    return (this.#deleted.get(object) ?? []).filter((each) => each.deletedAtMs >= fromMs && each.deletedAtMs < toMs)
  }

  newId(object: string): string {
    const number = (this.#nextNumber.get(object) ?? 0) + 1
    this.#nextNumber.set(object, number)
    return toId(this.objects.get(object)?.keyPrefix ?? '000', number)
  }

  #write(object: string, row: Row, { visibleAt }: Written): void {
    const table = this.#tables.get(object) ?? new Map<string, Stored>()
    this.#tables.set(object, table)
    const id = String(row['Id'])
    const before = table.get(id)
    const filled: Row = { ...Object.fromEntries((this.objects.get(object)?.fields ?? []).map((each) => [each.name, each.type === 'boolean' ? false : null])), ...row }
    table.set(id, { row: filled, visibleAtMs: visibleAt === undefined ? 0 : Date.parse(visibleAt), ...(before ? { before } : {}) })
  }

  #seen(stored: Stored | undefined): Row | undefined {
    if (!stored) return undefined
    return stored.visibleAtMs <= this.clock.nowMs ? stored.row : this.#seen(stored.before)
  }

  #noteDeleted(object: string, id: string): void {
    this.#deleted.set(object, [...(this.#deleted.get(object) ?? []), { id, deletedAtMs: this.clock.nowMs }])
  }

  // Stamps have whole seconds.
  #now(): string {
    return new Date(Math.floor(this.clock.nowMs / 1000) * 1000).toISOString()
  }
}

/** 15 characters that tell upper from lower case, and three that check them: `003000000000001AAA`. */
export function toId(prefix: string, number: number): string {
  let digits = ''
  for (let rest = number; rest > 0; rest = Math.floor(rest / 62)) digits = `${base62.charAt(rest % 62)}${digits}`
  const short = `${prefix}${digits.padStart(12, '0')}`
  const check = [0, 5, 10].map((from) => [...short.slice(from, from + 5)].reduce((bits, character, index) => bits | (/[A-Z]/.test(character) ? 1 << index : 0), 0))
  return `${short}${check.map((bits) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'.charAt(bits)).join('')}`
}
