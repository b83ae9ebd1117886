// A simulated Dataverse (Dynamics 365): client credentials, metadata, pages by nextLink, change tracking by delta link with its
// expiry, protection limits. Facts: MicrosoftDocs, powerapps-docs (Web API; change tracking; API limits).
import { HttpSimulator, type SimulatedAnswer, type SimulatedRequest, jsonAnswer } from '../http-simulator.js'

export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>

export interface Column {
  readonly name: string
  readonly type: 'String' | 'Integer' | 'Money' | 'Boolean' | 'DateTime' | 'Picklist' | 'State' | 'Lookup' | 'Customer' | 'Uniqueidentifier'
}

export interface Table {
  readonly name: string
  readonly set: string
  readonly key: string
  readonly columns: readonly Column[]
  readonly isTracked: boolean
}

export interface DynamicsOptions {
  readonly now?: string
  readonly port?: number
  /** Rows of a page, at most; the real one gives up to 5,000. */
  readonly pageRows?: number
  readonly clientSecret?: string
}

interface Change {
  readonly version: number
  readonly id: string
  readonly isDeleted: boolean
}

interface Cursor {
  readonly set: string
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
  readonly deleted: readonly string[]
  readonly tracks: boolean
  readonly version: number
}

const dayMs = 86_400_000

/** `name:Type`, types shortened to `Lookup`, … ; every table has its key, createdon and modifiedon. */
function table(name: string, set: string, columns: string, isTracked = true): Table {
  const key = `${name}id`
  const all = `${key}:Uniqueidentifier createdon:DateTime modifiedon:DateTime ${columns}`
  return { name, set, key, isTracked, columns: all.trim().split(/\s+/).map((each) => { const [column = '', type = 'String'] = each.split(':'); return { name: column, type: type as Column['type'] } }) }
}

const person = 'emailaddress1 emailaddress2 firstname lastname jobtitle telephone1 mobilephone donotbulkemail:Boolean donotemail:Boolean address1_city address1_stateorprovince address1_country address1_postalcode statecode:State merged:Boolean masterid:Lookup'

export const tables: readonly Table[] = [
  table('account', 'accounts', 'name accountnumber parentaccountid:Lookup websiteurl telephone1 industrycode:Picklist numberofemployees:Integer revenue:Money transactioncurrencyid:Lookup statecode:State merged:Boolean masterid:Lookup ownerid:Lookup address1_line1 address1_city address1_stateorprovince address1_country address1_postalcode sic'),
  table('contact', 'contacts', `${person} parentcustomerid:Customer department birthdate:DateTime`),
  table('lead', 'leads', `${person} companyname websiteurl leadsourcecode:Picklist statuscode:Picklist parentaccountid:Lookup parentcontactid:Lookup`),
  table('opportunity', 'opportunities', 'name customerid:Customer parentaccountid:Lookup parentcontactid:Lookup originatingleadid:Lookup estimatedvalue:Money actualvalue:Money estimatedclosedate:DateTime actualclosedate:DateTime stepname salesstage:Picklist closeprobability:Integer transactioncurrencyid:Lookup statecode:State ownerid:Lookup campaignid:Lookup'),
  table('connection', 'connections', 'record1id:Lookup record2id:Lookup record1roleid:Lookup record2roleid:Lookup statecode:State'),
  table('campaign', 'campaigns', 'name typecode:Picklist statuscode:Picklist statecode:State actualstart:DateTime actualend:DateTime budgetedcost:Money totalactualcost:Money'),
  table('list', 'lists', 'listname description createdfromcode:Picklist type:Boolean statecode:State'),
  table('listmember', 'listmembers', 'listid:Lookup entityid:Lookup'),
  table('transactioncurrency', 'transactioncurrencies', 'isocurrencycode currencyname', false),
]

export async function startDynamics(options: DynamicsOptions = {}): Promise<DynamicsSimulator> {
  const simulator = new DynamicsSimulator(options)
  await simulator.http.start(options.port)
  return simulator
}

export class DynamicsSimulator {
  readonly http: HttpSimulator
  readonly #tables = new Map<string, Table>(tables.map((each) => [each.name, each]))
  readonly #rows = new Map<string, Map<string, Row>>()
  readonly #changes = new Map<string, Change[]>()
  readonly #cursors = new Map<string, Cursor>()
  readonly #tokens = new Set<string>()
  readonly #deltas = new Map<string, { readonly set: string; readonly columns: readonly string[]; readonly version: number; readonly atMs: number }>()
  #version = 0
  #lastId = 0
  #lastCursor = 0

  constructor(private readonly options: DynamicsOptions) {
    this.http = new HttpSimulator(options.now ?? '2026-11-23T06:00:00.000Z', (request) => this.#answer(request))
  }

  get url(): string {
    return this.http.url
  }

  expireTokens(): void {
    this.#tokens.clear()
  }

  expireNextLinks(): void {
    this.#cursors.clear()
  }

  setTracked(name: string, isTracked: boolean): void {
    const found = this.#tables.get(name)
    if (found) this.#tables.set(name, { ...found, isTracked })
  }

  addColumn(name: string, column: Column): void {
    const found = this.#tables.get(name)
    if (found) this.#tables.set(name, { ...found, columns: [...found.columns, column] })
  }

  /** Lookups are written as `contact:<guid>`. */
  add(name: string, values: Readonly<Record<string, Cell>>): string {
    const id = `00000000-0000-4000-8000-${String(++this.#lastId).padStart(12, '0')}`
    const now = this.#now()
    this.#put(name, id, { ...values, createdon: now, modifiedon: now, [`${name}id`]: id })
    return id
  }

  update(name: string, id: string, values: Readonly<Record<string, Cell>>): void {
    this.#put(name, id, { ...this.get(name, id), ...values, modifiedon: this.#now() })
  }

  remove(name: string, id: string): void {
    this.#rows.get(name)?.delete(id)
    this.#note(name, id, true)
  }

  merge(name: string, winner: string, loser: string): void {
    this.update(name, loser, { merged: true, masterid: `${name}:${winner}`, statecode: 1 })
  }

  get(name: string, id: string): Row {
    return this.#rows.get(name)?.get(id) ?? {}
  }

  close(): Promise<void> {
    return this.http.close()
  }

  #put(name: string, id: string, row: Row): void {
    const rows = this.#rows.get(name) ?? new Map<string, Row>()
    this.#rows.set(name, rows)
    rows.set(id, row)
    this.#note(name, id, false)
  }

  #note(name: string, id: string, isDeleted: boolean): void {
    this.#changes.set(name, [...(this.#changes.get(name) ?? []), { version: ++this.#version, id, isDeleted }])
  }

  #now(): string {
    return new Date(Math.floor(this.http.nowMs / 1000) * 1000).toISOString().replace('.000Z', 'Z')
  }

  #answer(request: SimulatedRequest): SimulatedAnswer {
    if (request.path.endsWith('/oauth2/v2.0/token')) return this.#token(request)
    if (!this.#tokens.has((request.headers.authorization ?? '').replace(/^Bearer /, ''))) return { status: 401 }
    const rest = request.path.replace(/^\/api\/data\/v9\.2\//, '')
    if (rest === 'WhoAmI') return jsonAnswer(200, { BusinessUnitId: '1', UserId: '2', OrganizationId: '3' })
    const described = /^EntityDefinitions\(LogicalName='(\w+)'\)$/.exec(rest)?.[1]
    if (described !== undefined) return this.#describe(described)
    const found = [...this.#tables.values()].find((each) => each.set === rest)
    if (!found) return refusal(404, '0x80060888', `Resource not found for the segment '${rest}'.`)
    return this.#read(found, request)
  }

  #token({ body }: SimulatedRequest): SimulatedAnswer {
    const form = new URLSearchParams(body)
    if (form.get('client_secret') !== (this.options.clientSecret ?? 'secret')) return jsonAnswer(401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' })
    if (form.get('scope') !== `${this.url}/.default`) return jsonAnswer(400, { error: 'invalid_scope', error_description: 'AADSTS70011: The provided value for scope is not valid.' })
    const token = `token${String(this.#tokens.size + 1)}-${String(this.http.requests.length)}`
    this.#tokens.add(token)
    return jsonAnswer(200, { token_type: 'Bearer', expires_in: 3599, access_token: token })
  }

  #describe(name: string): SimulatedAnswer {
    const found = this.#tables.get(name)
    if (!found) return refusal(404, '0x80060888', `The entity with a name = '${name}' was not found in the MetadataCache.`)
    return jsonAnswer(200, {
      LogicalName: name, EntitySetName: found.set, PrimaryIdAttribute: found.key, ChangeTrackingEnabled: found.isTracked,
      Attributes: found.columns.map((each) => ({ LogicalName: each.name, AttributeType: each.type, IsValidForRead: true, AttributeOf: null })),
    })
  }

  #read(found: Table, request: SimulatedRequest): SimulatedAnswer {
    const { query } = request
    const skip = query.get('$skiptoken')
    if (skip !== null) {
      const cursor = this.#cursors.get(skip)
      return cursor ? this.#page(cursor, request) : refusal(400, '0x80040203', 'the paging cookie is not valid')
    }
    const delta = query.get('$deltatoken')
    if (delta !== null) return this.#changesSince(found, delta, request)
    const columns = (query.get('$select') ?? '').split(',')
    const unknown = columns.find((each) => !found.columns.some((column) => columnName(column) === each))
    if (unknown !== undefined) return refusal(400, '0x80060888', `Could not find a property named '${unknown}' on type 'Microsoft.Dynamics.CRM.${found.name}'.`)
    const tracks = /odata\.track-changes/.test(String(request.headers['prefer'] ?? ''))
    if (tracks && (query.has('$filter') || query.has('$orderby'))) return refusal(400, '0x80060888', 'odata.track-changes does not go with $filter or $orderby')
    if (tracks && !found.isTracked) return refusal(400, '0x8006088a', `Change tracking is not enabled for ${found.name}`)
    const rows = this.#select(found, query)
    return this.#page({ set: found.set, columns, rows, deleted: [], tracks, version: this.#version }, request)
  }

  #select(found: Table, query: URLSearchParams): readonly Row[] {
    const rows = [...(this.#rows.get(found.name)?.values() ?? [])]
    const conditions = (query.get('$filter') ?? '').split(' and ').filter((each) => each !== '').map((each) => each.split(' '))
    const passes = (row: Row): boolean => conditions.every(([field = '', operator, value = '']) => {
      const [left, right] = [Date.parse(String(row[field])), Date.parse(value)]
      return operator === 'ge' ? left >= right : left <= right
    })
    const order = (query.get('$orderby') ?? '').split(',').map((each) => each.split(' ')[0] ?? '').filter((each) => each !== '')
    return rows.filter(passes).sort((a, b) => {
      for (const field of order) if (a[field] !== b[field]) return String(a[field]) < String(b[field]) ? -1 : 1
      return 0
    })
  }

  #changesSince(found: Table, token: string, request: SimulatedRequest): SimulatedAnswer {
    const delta = this.#deltas.get(token)
    if (!delta || this.http.nowMs - delta.atMs > 7 * dayMs) return refusal(400, '0x80044352', 'The version of the change tracking token is no longer valid.')
    const changed = new Map((this.#changes.get(found.name) ?? []).filter((each) => each.version > delta.version).map((each) => [each.id, each.isDeleted]))
    const rows = [...changed].filter(([, isDeleted]) => !isDeleted).map(([id]) => this.get(found.name, id))
    const deleted = [...changed].filter(([, isDeleted]) => isDeleted).map(([id]) => id)
    return this.#page({ set: found.set, columns: delta.columns, rows, deleted, tracks: true, version: this.#version }, request)
  }

  #page(cursor: Cursor, { headers }: SimulatedRequest): SimulatedAnswer {
    const asked = Number(/odata\.maxpagesize=(\d+)/.exec(String(headers['prefer'] ?? ''))?.[1] ?? 5000)
    const size = Math.min(asked, this.options.pageRows ?? 5000)
    const base = `${this.url}/api/data/v9.2/${cursor.set}`
    const found = [...this.#tables.values()].find((each) => each.set === cursor.set)
    const value: unknown[] = cursor.rows.slice(0, size).map((row) => (found ? shown(found, row, cursor.columns) : row))
    if (cursor.rows.length > size) {
      const token = `cookie${String(++this.#lastCursor)}`
      this.#cursors.set(token, { ...cursor, rows: cursor.rows.slice(size) })
      return jsonAnswer(200, { value, '@odata.nextLink': `${base}?$skiptoken=${token}` })
    }
    value.push(...cursor.deleted.map((id) => ({ '@odata.context': `${base}/$deletedEntity`, id, reason: 'deleted' })))
    if (!cursor.tracks) return jsonAnswer(200, { value })
    const token = `${String(cursor.version)}-${String(++this.#lastCursor)}`
    this.#deltas.set(token, { set: cursor.set, columns: cursor.columns, version: cursor.version, atMs: this.http.nowMs })
    return jsonAnswer(200, { value, '@odata.deltaLink': `${base}?$deltatoken=${token}` })
  }
}

function columnName({ name, type }: Column): string {
  return type === 'Lookup' || type === 'Customer' ? `_${name}_value` : name
}

const picklists: Readonly<Record<number, string>> = { 1: 'Accounting', 7: 'Consulting', 33: 'Wholesale' }

/** A row with the annotations that every answer here has, as if all were preferred. */
function shown(table: Table, row: Row, columns: readonly string[]): Readonly<Record<string, Cell>> {
  const entries = table.columns.filter((each) => columns.includes(columnName(each))).flatMap((column): readonly (readonly [string, Cell])[] => {
    const value = row[column.name] ?? null
    const name = columnName(column)
    if (value !== null && name.startsWith('_')) {
      const [type = '', id = '', label] = String(value).split(':')
      return [[name, id.toUpperCase()], [`${name}@Microsoft.Dynamics.CRM.lookuplogicalname`, type], ...(label === undefined ? [] : [[`${name}@OData.Community.Display.V1.FormattedValue`, label] as const])]
    }
    if (value !== null && column.type === 'Picklist') return [[name, value], [`${name}@OData.Community.Display.V1.FormattedValue`, picklists[Number(value)] ?? `option ${String(value)}`]]
    return [[name, value]]
  })
  return Object.fromEntries([['@odata.etag', 'W/"1"'], [table.key, row[table.key] ?? null], ...entries])
}

function refusal(status: number, code: string, message: string): SimulatedAnswer {
  return jsonAnswer(status, { error: { code, message } })
}
