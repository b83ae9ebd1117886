// A simulated HubSpot: objects, batch reads, search with its delay and its 10,000 results, associations, static lists, limits.
// Written from developers.hubspot.com; paths of the date versions and of v3/v4 are the same here.
import { HttpSimulator, type SimulatedAnswer, type SimulatedRequest, jsonAnswer } from '../http-simulator.js'

export type Properties = Readonly<Record<string, string>>

export interface HubspotRecord {
  readonly id: string
  readonly properties: Properties
  readonly createdAt: string
  readonly updatedMs: number
  readonly archivedAtMs?: number
}

export interface HubspotOptions {
  readonly now?: string
  readonly port?: number
  /** Results of one search, at most. */
  readonly searchLimit?: number
  /** How long a change stays unknown to search. */
  readonly searchDelayMs?: number
  readonly searchRows?: number
  /** What requests must carry. */
  readonly accessToken?: string
}

interface List {
  readonly listId: string
  readonly name: string
  readonly members: Set<string>
}

interface SearchBody {
  readonly filterGroups?: readonly { readonly filters: readonly { readonly propertyName: string; readonly operator: string; readonly value: string }[] }[]
  readonly sorts?: readonly { readonly propertyName: string; readonly direction: string }[]
  readonly properties?: readonly string[]
  readonly limit?: number
  readonly after?: string
}

export async function startHubspot(options: HubspotOptions = {}): Promise<HubspotSimulator> {
  const simulator = new HubspotSimulator(options)
  await simulator.http.start(options.port)
  return simulator
}

const known: Readonly<Record<string, readonly string[]>> = {
  contacts: ['email', 'hs_additional_emails', 'firstname', 'lastname', 'jobtitle', 'phone', 'mobilephone', 'lifecyclestage', 'hs_lead_status', 'associatedcompanyid', 'city', 'state', 'country', 'zip', 'createdate', 'lastmodifieddate', 'hs_object_id', 'hs_merged_object_ids', 'hs_email_optout'],
  companies: ['name', 'domain', 'website', 'industry', 'numberofemployees', 'annualrevenue', 'phone', 'city', 'state', 'country', 'address', 'zip', 'hs_parent_company_id', 'hubspot_owner_id', 'createdate', 'hs_lastmodifieddate', 'hs_object_id', 'hs_merged_object_ids'],
  deals: ['dealname', 'amount', 'closedate', 'dealstage', 'pipeline', 'dealtype', 'hs_is_closed', 'hs_is_closed_won', 'deal_currency_code', 'hs_deal_stage_probability', 'hubspot_owner_id', 'createdate', 'hs_lastmodifieddate', 'hs_object_id', 'hs_merged_object_ids'],
}

export class HubspotSimulator {
  readonly http: HttpSimulator
  readonly lists = new Map<string, List>()
  readonly #objects = new Map<string, Map<string, HubspotRecord>>()
  /** `contacts>companies` → id → what it is tied to. */
  readonly #associations = new Map<string, Map<string, { readonly id: string; readonly label: string | null }[]>>()
  #lastId = 100

  constructor(private readonly options: HubspotOptions) {
    this.http = new HttpSimulator(options.now ?? '2026-11-23T06:00:00.000Z', (request) => this.#answer(request))
  }

  get url(): string {
    return this.http.url
  }

  add(type: string, properties: Properties, { atMs = this.http.nowMs }: { readonly atMs?: number } = {}): string {
    const id = String(++this.#lastId)
    this.#table(type).set(id, { id, properties, createdAt: new Date(atMs).toISOString(), updatedMs: atMs })
    return id
  }

  update(type: string, id: string, properties: Properties): void {
    const record = this.#table(type).get(id)
    if (record) this.#table(type).set(id, { ...record, properties: { ...record.properties, ...properties }, updatedMs: this.http.nowMs })
  }

  archive(type: string, id: string): void {
    const record = this.#table(type).get(id)
    if (record) this.#table(type).set(id, { ...record, archivedAtMs: this.http.nowMs })
  }

  /** A GDPR deletion: it leaves nothing. */
  forget(type: string, id: string): void {
    this.#table(type).delete(id)
  }

  /** The loser is gone; the winner names it. */
  merge(type: string, winner: string, loser: string): void {
    const before = this.#table(type).get(winner)?.properties['hs_merged_object_ids']
    this.#table(type).delete(loser)
    this.update(type, winner, { hs_merged_object_ids: before === undefined ? loser : `${before};${loser}` })
  }

  associate(from: string, fromId: string, to: string, toId: string, label: string | null = null): void {
    const table = this.#tied(from, to)
    table.set(fromId, [...(table.get(fromId) ?? []), { id: toId, label }])
  }

  separate(from: string, fromId: string, to: string, toId: string): void {
    const table = this.#tied(from, to)
    table.set(fromId, (table.get(fromId) ?? []).filter((each) => each.id !== toId))
  }

  close(): Promise<void> {
    return this.http.close()
  }

  #table(type: string): Map<string, HubspotRecord> {
    const found = this.#objects.get(type) ?? new Map<string, HubspotRecord>()
    this.#objects.set(type, found)
    return found
  }

  #tied(from: string, to: string): Map<string, { readonly id: string; readonly label: string | null }[]> {
    const key = `${from}>${to}`
    const found = this.#associations.get(key) ?? new Map<string, { readonly id: string; readonly label: string | null }[]>()
    this.#associations.set(key, found)
    return found
  }

  #answer(request: SimulatedRequest): SimulatedAnswer {
    if (request.headers.authorization !== `Bearer ${this.options.accessToken ?? 'token'}`) return refusal(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.')
    const parts = request.path.split('/').filter((each) => each !== '')
    const [crm = '', area = '', versionOrType = '', ...rest] = parts
    if (crm !== 'crm') return refusal(404, 'OBJECT_NOT_FOUND', 'no such path')
    // /crm/v3/objects/contacts and /crm/objects/2026-09/contacts are the same.
    const [kind, below] = /^v\d$/.test(area) ? [versionOrType, rest] : [area, rest]
    switch (kind) {
      case 'objects': return this.#objectsRoute(request, below)
      case 'associations': return this.#associationsRoute(request, below)
      case 'properties': return jsonAnswer(200, { results: (known[below[0] ?? ''] ?? []).map((name) => ({ name, type: 'string', fieldType: 'text' })) })
      case 'lists': return this.#listsRoute(request, below)
      default: return refusal(404, 'OBJECT_NOT_FOUND', 'no such path')
    }
  }

  #objectsRoute(request: SimulatedRequest, [type = '', action, more]: readonly string[]): SimulatedAnswer {
    if (!(type in known)) return refusal(400, 'VALIDATION_ERROR', `Unable to infer object type from: ${type}`)
    if (request.method === 'GET') return this.#list(type, request)
    if (action === 'search') return this.#search(type, JSON.parse(request.body) as SearchBody)
    if (action === 'batch' && more === 'read') return this.#batchRead(type, JSON.parse(request.body) as { readonly properties: readonly string[]; readonly idProperty?: string; readonly inputs: readonly { readonly id: string }[] })
    return refusal(404, 'OBJECT_NOT_FOUND', 'no such path')
  }

  #list(type: string, { query }: SimulatedRequest): SimulatedAnswer {
    const archived = query.get('archived') === 'true'
    const limit = Math.min(Number(query.get('limit') ?? 10), 100)
    const after = Number(query.get('after') ?? 0)
    const all = [...this.#table(type).values()].filter((each) => (each.archivedAtMs !== undefined) === archived && Number(each.id) > after).sort((a, b) => Number(a.id) - Number(b.id))
    const page = all.slice(0, limit)
    const properties = (query.get('properties') ?? '').split(',').filter((each) => each !== '')
    const last = page.at(-1)
    return jsonAnswer(200, { results: page.map((each) => this.#shown(type, each, properties)), ...(all.length > limit && last ? { paging: { next: { after: last.id, link: 'x' } } } : {}) })
  }

  #batchRead(type: string, { properties, idProperty, inputs }: { readonly properties: readonly string[]; readonly idProperty?: string; readonly inputs: readonly { readonly id: string }[] }): SimulatedAnswer {
    if (inputs.length > 100) return refusal(400, 'VALIDATION_ERROR', 'The batch is too large: 100 at most')
    const live = [...this.#table(type).values()].filter((each) => each.archivedAtMs === undefined)
    const found = inputs.flatMap(({ id }) => live.find((each) => (idProperty === undefined ? each.id : each.properties[idProperty]?.toLowerCase()) === id.toLowerCase()) ?? [])
    const missing = inputs.length - found.length
    const body = { status: 'COMPLETE', results: found.map((each) => this.#shown(type, each, properties)) }
    return missing === 0 ? jsonAnswer(200, body) : jsonAnswer(207, { ...body, numErrors: missing, errors: [{ status: 'error', category: 'OBJECT_NOT_FOUND', message: 'Could not get some objects' }] })
  }

  #search(type: string, { filterGroups = [], sorts = [], properties = [], limit = 10, after = '0' }: SearchBody): SimulatedAnswer {
    const maximum = this.options.searchLimit ?? 10_000
    if (Number(after) + Math.min(limit, 200) > maximum) return refusal(400, 'VALIDATION_ERROR', `Paging through more than ${maximum} results is not supported.`)
    const seenUpToMs = this.http.nowMs - (this.options.searchDelayMs ?? 0)
    const live = [...this.#table(type).values()].filter((each) => each.archivedAtMs === undefined && each.updatedMs <= seenUpToMs)
    const value = (record: HubspotRecord, name: string): number => (name.endsWith('lastmodifieddate') ? record.updatedMs : name === 'hs_object_id' ? Number(record.id) : Number(record.properties[name]))
    const hits = live.filter((record) => filterGroups.some(({ filters }) => filters.every((each) => compares(value(record, each.propertyName), each.operator, Number(each.value)))))
    const sort = sorts[0]?.propertyName ?? 'hs_object_id'
    hits.sort((a, b) => value(a, sort) - value(b, sort) || Number(b.id) - Number(a.id))
    const from = Number(after)
    const size = Math.min(limit, this.options.searchRows ?? 200)
    const page = hits.slice(from, from + size)
    return jsonAnswer(200, { total: hits.length, results: page.map((each) => this.#shown(type, each, properties)), ...(from + size < hits.length ? { paging: { next: { after: String(from + size) } } } : {}) })
  }

  #shown(type: string, record: HubspotRecord, properties: readonly string[]): { readonly id: string; readonly properties: Readonly<Record<string, string | null>> } & Readonly<Record<string, unknown>> {
    const modified = type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate'
    const iso = new Date(record.updatedMs).toISOString()
    const own: Readonly<Record<string, string>> = { ...record.properties, hs_object_id: record.id, createdate: record.createdAt, [modified]: iso }
    return {
      id: record.id, properties: Object.fromEntries([...new Set(['hs_object_id', 'createdate', modified, ...properties])].map((each) => [each, own[each] ?? null])), createdAt: record.createdAt, updatedAt: iso,
      archived: record.archivedAtMs !== undefined, ...(record.archivedAtMs === undefined ? {} : { archivedAt: new Date(record.archivedAtMs).toISOString() }),
    }
  }

  #associationsRoute({ body }: SimulatedRequest, [from = '', to = '']: readonly string[]): SimulatedAnswer {
    const { inputs } = JSON.parse(body) as { readonly inputs: readonly { readonly id: string }[] }
    const table = this.#tied(from, to)
    const results = inputs.flatMap(({ id }) => {
      const tied = table.get(id) ?? []
      return tied.length === 0 ? [] : [{ from: { id }, to: tied.map((each, index) => ({ toObjectId: Number(each.id), associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: typeOf(from, to, index === 0), label: null }, ...(each.label === null ? [] : [{ category: 'USER_DEFINED', typeId: 1, label: each.label }])] })) }]
    })
    return jsonAnswer(results.length === inputs.length ? 200 : 207, { status: 'COMPLETE', results })
  }

  #listsRoute(request: SimulatedRequest, [id = '', memberships, action]: readonly string[]): SimulatedAnswer {
    const { method, body, query } = request
    if (method === 'POST' && id === 'search') {
      const { query: wanted = '' } = JSON.parse(body) as { readonly query?: string }
      return jsonAnswer(200, { lists: [...this.lists.values()].filter((each) => each.name.toLowerCase().includes(wanted.toLowerCase())).map((each) => ({ listId: each.listId, name: each.name, processingType: 'MANUAL', objectTypeId: '0-1' })), hasMore: false })
    }
    if (method === 'POST' && id === '') {
      const { name } = JSON.parse(body) as { readonly name: string }
      const list = { listId: String(++this.#lastId), name, members: new Set<string>() }
      this.lists.set(list.listId, list)
      return jsonAnswer(200, { list: { listId: list.listId, name, processingType: 'MANUAL', objectTypeId: '0-1' } })
    }
    const list = this.lists.get(id)
    if (!list || memberships !== 'memberships') return refusal(404, 'OBJECT_NOT_FOUND', 'List does not exist')
    if (method === 'GET') {
      const from = Number(query.get('after') ?? 0)
      const all = [...list.members]
      const size = Math.min(Number(query.get('limit') ?? 100), 250)
      return jsonAnswer(200, { results: all.slice(from, from + size).map((recordId) => ({ recordId, membershipTimestamp: new Date(this.http.nowMs).toISOString() })), ...(from + size < all.length ? { paging: { next: { after: String(from + size) } } } : {}) })
    }
    return this.#changeMembers(list, action ?? '', JSON.parse(body) as readonly string[])
  }

  #changeMembers(list: List, action: string, ids: readonly string[]): SimulatedAnswer {
    const live = ids.filter((each) => this.#table('contacts').get(each)?.archivedAtMs === undefined && this.#table('contacts').has(each))
    if (action === 'add') for (const each of live) list.members.add(each)
    else for (const each of ids) list.members.delete(each)
    return jsonAnswer(200, { recordsIdsAdded: action === 'add' ? live : [], recordIdsRemoved: action === 'add' ? [] : ids, recordIdsMissing: action === 'add' ? ids.filter((each) => !live.includes(each)) : [] })
  }
}

/** The first company is the primary one. */
function typeOf(from: string, to: string, isFirst: boolean): number {
  switch (`${from}>${to}`) {
    case 'contacts>companies': return isFirst ? 1 : 279
    case 'deals>companies': return isFirst ? 5 : 341
    default: return 3
  }
}

function compares(left: number, operator: string, right: number): boolean {
  switch (operator) {
    case 'EQ': return left === right
    case 'GT': return left > right
    case 'GTE': return left >= right
    case 'LTE': return left <= right
    default: throw new Error(`the simulator does not know ${operator}`)
  }
}

function refusal(status: number, category: string, message: string): SimulatedAnswer {
  return jsonAnswer(status, { status: 'error', message, correlationId: 'c', category })
}
