// The built-in `files` destination: one file per audience with its members of now, rewritten as a whole, so that a reader
// never sees half of it. Repeating a delivery changes nothing.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Json, type JsonObject, canonicalJson, isJsonObject, toText } from '../../../kernel/json.js'
import type { BatchResult, ConnectorContext, DeliveryRequest, DestinationConnector, OpenDestination } from '../../sdk.js'

export const filesDestination: DestinationConnector = {
  capabilities: {
    entities: ['person', 'account'], identities: ['email', 'b2b_person', 'b2b_account'], maxBatch: 5000, asyncJobs: false, idempotent: true, createsMissing: true, readBack: 'none', limits: [],
    defaultPayload: '$exists(person) ? { "email": person.email, "firstName": person.firstName, "lastName": person.lastName, "title": person.title } : { "name": account.name }',
  },
  governance: { party: 'first', marketingActions: [], identities: [] },
  configSchema: {
    type: 'object',
    required: ['folder'],
    additionalProperties: false,
    properties: {
      folder: { type: 'string', minLength: 1, description: 'Where the files go, relative to the project.' },
      format: { enum: ['csv', 'jsonl'], default: 'csv', description: 'Of the file with the members.' },
      body: { type: 'string', description: 'JSONata for the record of a member.', 'x-jsonata': true },
    },
  },
  open: (context) => new FilesDestination(context),
}

type Members = Map<string, Json>

class FilesDestination implements OpenDestination {
  readonly #folder: string
  readonly #format: 'csv' | 'jsonl'

  constructor({ config, folder }: ConnectorContext) {
    this.#folder = resolve(folder, toText(config['folder']))
    this.#format = config['format'] === 'jsonl' ? 'jsonl' : 'csv'
  }

  async check(): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string; readonly pointer: string }> {
    try {
      await mkdir(this.#folder, { recursive: true })
      return { ok: true }
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? error.message : String(error), pointer: '/folder' }
    }
  }

  upsert(delivery: DeliveryRequest): Promise<BatchResult> {
    return this.change(delivery, (members) => { for (const item of delivery.items) members.set(memberOf(item.key), item.payload) })
  }

  remove(delivery: DeliveryRequest): Promise<BatchResult> {
    return this.change(delivery, (members) => { for (const item of delivery.items) members.delete(memberOf(item.key)) })
  }

  // State and members are one rename each, the state first: a kill between them is mended by the repeat of the delivery.
  private async change(delivery: DeliveryRequest, mend: (members: Members) => void): Promise<BatchResult> {
    await mkdir(this.#folder, { recursive: true })
    const name = delivery.audience.list.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
    const state = join(this.#folder, `.${name}.members.json`)
    const members = await readMembers(state)
    mend(members)
    await replaceFile(state, JSON.stringify([...members]))
    const rows = [...members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, payload]) => payload)
    await replaceFile(join(this.#folder, `${name}.${this.#format}`), this.#format === 'csv' ? toCsv(rows) : rows.map((each) => `${canonicalJson(each)}\n`).join(''))
    return { items: delivery.items.map(({ key }) => ({ key, status: 'ok' })) }
  }
}

/** `<segment>:<profile>:<position in the log>`: the first two say who it is. */
function memberOf(key: string): string {
  return key.split(':').slice(0, 2).join(':')
}

async function readMembers(file: string): Promise<Members> {
  try {
    return new Map(JSON.parse(await readFile(file, 'utf8')) as readonly (readonly [string, Json])[])
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'ENOENT') return new Map()
    throw error
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

function toCsv(rows: readonly Json[]): string {
  const records = rows.map((each): JsonObject => (isJsonObject(each) ? each : { value: each }))
  const columns = [...new Set(records.flatMap((each) => Object.keys(each)))]
  const lines = records.map((record) => columns.map((column) => toCell(record[column])).join(','))
  return [columns.map((each) => toCell(each)).join(','), ...lines].join('\n').concat(columns.length > 0 ? '\n' : '')
}

// RFC 4180. A leading =, +, - or @ would be run as a formula by spreadsheets, so such text is set off with an apostrophe.
function toCell(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value.replace(/^(?=[=+\-@\t\r])/, "'") : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
