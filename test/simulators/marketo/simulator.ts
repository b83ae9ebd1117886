// A Marketo instance behind real HTTP: /identity, /rest/v1, /rest/asset/v1 and /bulk/v1, with its quotas, its tokens, its paging
// in several dialects, and its bad days. Failures come with HTTP 200, as Marketo's do.
import { type Fault, HttpSimulator, type SimulatedAnswer, type SimulatedRequest, jsonAnswer } from '../http-simulator.js'
import { type ActivityTypeSpec, activityTypes } from './activity-types.js'
import { type ExportFilter, type ExportKind, Exports, firstFrom } from './exports.js'
import { type Activity, type Keyed, type Lead, MarketoInstance, type StaticList, iso } from './instance.js'
import { theJudge } from './judge.js'
import { type QuotaLimits, Quotas, usualLimits } from './quotas.js'

export interface MarketoOptions {
  readonly now?: string
  readonly munchkinId?: string
  readonly clients?: Readonly<Record<string, string>>
  readonly limits?: Partial<QuotaLimits>
  readonly tokenLifeMs?: number
  /** How far the clock of the API hosts is ahead of the one that gives tokens. */
  readonly clockSkewMs?: number
  /** Entries of the activity log that one page looks at. */
  readonly blockSize?: number
  readonly longTokens?: boolean
  /** Calls take so long in real time; for concurrency. */
  readonly latencyMs?: number
  /** `native`: synced with a CRM, whose objects have no API. `noUpdatedAt`: lead extracts know no updatedAt. */
  readonly modes?: readonly ('native' | 'noUpdatedAt' | 'noEcids')[]
  /** Virtual seconds per real second; without it the clock only moves when told. */
  readonly speed?: number
}

type Answer = Readonly<Record<string, unknown>>

interface Call {
  readonly request: SimulatedRequest
  /** The query, or with `_method=GET` the form in the body. */
  readonly query: URLSearchParams
  readonly client: string
  readonly parts: readonly string[]
}

const pageSize = 300
const maxUri = 8192

export class MarketoSimulator {
  readonly instance: MarketoInstance
  readonly quotas: Quotas
  readonly exports: Exports
  readonly #http: HttpSimulator
  readonly #options: MarketoOptions
  readonly #tokens = new Map<string, { readonly client: string; readonly endsMs: number }>()
  readonly #deviations = new Set<string>()
  #requestId = 0
  #ticking: NodeJS.Timeout | undefined

  constructor(options: MarketoOptions = {}) {
    this.#options = options
    this.#http = new HttpSimulator(options.now ?? '2026-11-23T06:00:00Z', async (request) => {
      const answer = await this.serve(request)
      this.note(request, theJudge().answer(request, answer), 'answered')
      return answer
    })
    this.instance = new MarketoInstance(options.munchkinId ?? '123-ABC-456', () => this.nowMs)
    this.quotas = new Quotas({ ...usualLimits, ...options.limits })
    this.exports = new Exports(this.instance, this.quotas, (each, nowMs) => this.isVisible(each, nowMs))
  }

  get url(): string { return this.#http.url }
  get requests(): readonly SimulatedRequest[] { return this.#http.requests }
  /** The clock of the API hosts. */
  get nowMs(): number { return this.#http.nowMs + (this.#options.clockSkewMs ?? 0) }

  advance(ms: number): void { this.#http.advance(ms) }
  fail(fault: Fault): void { this.#http.fail(fault) }
  seen(on: string): readonly SimulatedRequest[] { return this.#http.seen(on) }

  /** Answers of this code instead of the right ones. */
  failWith(on: string, code: string, more: Omit<Fault, 'on' | 'do'> = {}): void {
    this.fail({ on, ...more, do: () => jsonAnswer(200, this.failure(code)) })
  }

  /** Every token that was given out is no token any more. */
  expireTokens(): void { this.#tokens.clear() }

  async start(port = 0): Promise<this> {
    await this.#http.start(port)
    const { speed } = this.#options
    if (speed !== undefined) this.#ticking = setInterval(() => { this.advance(50 * speed) }, 50)
    return this
  }

  /** @throws when a request or an answer was not as Adobe describes the API. */
  async close(): Promise<void> {
    clearInterval(this.#ticking)
    await this.#http.close()
    for (const request of this.requests) this.note(request, theJudge().request(request), 'asked')
    if (this.#deviations.size > 0) throw new Error(`not as Adobe's OpenAPI files describe it:\n${[...this.#deviations].join('\n')}`)
  }

  private note({ method, path }: SimulatedRequest, deviations: readonly string[], what: 'asked' | 'answered'): void {
    for (const each of deviations) this.#deviations.add(`${method} ${path} ${what}: ${each}`)
  }

  private async serve(request: SimulatedRequest): Promise<SimulatedAnswer> {
    if (request.path === '/identity/oauth/token') return this.token(request)
    if (request.path.includes('//')) return jsonAnswer(200, this.failure('610'))
    if (Buffer.byteLength(`${request.path}?${request.query.toString()}`) > maxUri) return { status: 414, body: 'Request-URI Too Large' }
    if (Buffer.byteLength(request.body) > 1_000_000) return { status: 413, body: 'Request Entity Too Large' }
    const client = this.clientOf(request)
    if (typeof client !== 'string') return jsonAnswer(200, client)
    const refusal = this.quotas.enter(this.nowMs)
    if (refusal) return jsonAnswer(200, this.failure(refusal))
    try {
      if (this.#options.latencyMs !== undefined) await new Promise((resolve) => { setTimeout(resolve, this.#options.latencyMs) })
      return this.answer({ request, client, query: queryOf(request), parts: request.path.replace(/\.json$/, '').split('/').filter((each) => each !== '') })
    } finally {
      this.quotas.leave()
    }
  }

  private token({ query, body }: SimulatedRequest): SimulatedAnswer {
    const form = new URLSearchParams(body)
    const [client, secret] = ['client_id', 'client_secret'].map((each) => query.get(each) ?? form.get(each) ?? '')
    const clients = this.#options.clients ?? { client: 'secret' }
    if (clients[client ?? ''] !== secret) return jsonAnswer(401, { error: 'unauthorized', error_description: 'Bad client credentials' })
    const now = this.#http.nowMs
    const known = [...this.#tokens].find(([, each]) => each.client === client && each.endsMs > now)
    const endsMs = known?.[1].endsMs ?? now + (this.#options.tokenLifeMs ?? 3_600_000)
    const token = known?.[0] ?? `token-${String(this.#tokens.size + 1)}-${String(++this.#requestId)}:lon`
    this.#tokens.set(token, { client: client ?? '', endsMs })
    return jsonAnswer(200, { access_token: token, token_type: 'bearer', expires_in: Math.max(0, Math.floor((endsMs - now) / 1000) - 1), scope: 'api-user@acme.example' })
  }

  private clientOf({ headers, query }: SimulatedRequest): string | Answer {
    if (query.has('access_token')) return this.failure('601')
    const token = headers.authorization?.replace(/^Bearer /, '')
    if (token === undefined) return this.failure('600')
    const known = this.#tokens.get(token)
    if (!known) return this.failure('601')
    return known.endsMs > this.nowMs ? known.client : this.failure('602')
  }

  private answer(call: Call): SimulatedAnswer {
    const [area, ...rest] = call.parts
    if (area === 'bulk') return this.bulk(call)
    const found = area === 'rest' && rest[0] === 'asset' ? this.asset(call) : this.rest(call)
    return jsonAnswer(200, found)
  }

  private rest(call: Call): Answer {
    const { request: { method }, parts } = call
    const [, , first = '', second = '', third = '', fourth = ''] = parts
    const isGet = method === 'GET' || call.query !== call.request.query
    switch (first) {
      case 'leads':
        if (second === 'describe2') return this.describe()
        if (second === '') return isGet ? this.findLeads(call) : this.syncLeads(call)
        return this.failure('610')
      case 'lead': return this.page(call, [this.instance.leads.get(Number(second))].flatMap((each) => (each ? [this.showLead(each, call.query)] : [])))
      case 'lists': return this.lists(call, second, [third, fourth])
      case 'activities': return this.activities(call, second)
      case 'companies': return this.keyed(call, this.instance.companies.values(), 'company')
      case 'opportunities': return second === 'roles' ? this.keyed(call, this.instance.roles.values(), 'role') : this.keyed(call, this.instance.opportunities.values(), 'opportunity')
      case 'namedaccounts': return second === 'describe' ? this.describeNamedAccounts() : this.keyed(call, this.instance.namedAccounts.values(), 'namedAccount')
      case 'namedAccountLists': return this.namedAccountLists(call)
      case 'namedAccountList': return this.page(call, [...this.instance.namedAccounts.values()].map((each, seq) => ({ seq, marketoGUID: each.guid, name: each.fields['name'], ...chosen(each.fields, call.query), createdAt: iso(each.createdMs), updatedAt: iso(each.updatedMs) })))
      case 'programs': return this.programMembers(call, Number(second))
      case 'stats': return this.success({ result: [{ date: iso(this.nowMs).slice(0, 10), total: this.quotas.most.perDay, users: [] }] })
      default: return this.failure('610')
    }
  }

  // --- people

  private describe(): Answer {
    const fields = this.instance.fields.filter((each) => each.name !== 'ecids' || !this.has('noEcids'))
    return this.success({ result: [{ name: 'API Lead', searchableFields: [['email'], ['id']], fields: fields.map(({ name, dataType }) => ({ name, displayName: name, dataType, length: 255, updateable: !['id', 'createdAt', 'updatedAt'].includes(name), crmManaged: name.startsWith('sfdc') })) }] })
  }

  private findLeads(call: Call): Answer {
    const type = call.query.get('filterType') ?? ''
    const values = (call.query.get('filterValues') ?? '').split(',').filter((each) => each !== '')
    if (type === '' || values.length === 0) return this.failure('1002')
    if (values.length > pageSize) return this.failure('1003', 'Max 300 filterValues')
    if (type !== 'id' && type !== 'email' && !this.instance.fields.some((each) => each.name === type)) return this.failure('1011')
    if (type === 'ecids') return this.failure('1011')
    const found = [...new Set(values)].flatMap((value) => this.leadsBy(type, value)).filter((each, index, all) => all.indexOf(each) === index)
    if (found.length > 1000) return this.failure('1003', 'Too many results match the filter')
    // Unordered, as Marketo's are.
    return this.page(call, found.sort((a, b) => ((a.id * 7919) % 1009) - ((b.id * 7919) % 1009)).map((each) => this.showLead(each, call.query)))
  }

  private leadsBy(type: string, value: string): readonly Lead[] {
    if (type === 'id') return [this.instance.leads.get(Number(value))].flatMap((each) => (each ? [each] : []))
    if (type === 'email') return [...(this.instance.byEmail.get(value.toLowerCase()) ?? [])].flatMap((id) => this.instance.leads.get(id) ?? [])
    return [...this.instance.leads.values()].filter((each) => String(this.instance.show(each, type)) === value)
  }

  private showLead(lead: Lead, query: URLSearchParams): Answer {
    const asked = query.get('fields')?.split(',') ?? ['email', 'firstName', 'lastName', 'createdAt', 'updatedAt']
    return Object.fromEntries([...new Set(['id', ...asked])].map((name) => [name, this.instance.show(lead, name)] as const).filter(([, value]) => value !== null))
  }

  private syncLeads({ request }: Call): Answer {
    const { action = 'createOrUpdate', lookupField = 'email', input = [] } = JSON.parse(request.body) as { readonly action?: string; readonly lookupField?: string; readonly input?: readonly Record<string, string>[] }
    if (input.length > pageSize) return this.failure('1003')
    return this.success({
      result: input.map((each) => {
        const [known] = this.leadsBy(lookupField, each[lookupField] ?? '')
        if (known && action !== 'createOnly') { this.instance.updateLead(known.id, each); return { id: known.id, status: 'updated' } }
        if (known) return { status: 'skipped', reasons: [{ code: '1005', message: 'Lead already exists' }] }
        if (action === 'updateOnly') return { status: 'skipped', reasons: [{ code: '1004', message: 'Lead not found' }] }
        this.instance.leadsCreatedByClients++
        return { id: this.instance.addLead(each), status: 'created' }
      }),
    })
  }

  // --- lists

  private lists(call: Call, id: string, [third, fourth]: readonly [string, string]): Answer {
    const { query, request: { method } } = call
    if (id === '') {
      const wanted = [...this.instance.lists.values()].filter((each) => (query.get('name') === null || each.name === query.get('name')) && (query.get('id') === null || (query.get('id') ?? '').split(',').includes(String(each.id))))
      return this.page(call, wanted.map(showList))
    }
    const list = this.instance.lists.get(Number(id))
    if (!list) return this.failure('1013', 'List not found')
    if (third === '') return this.success({ result: [showList(list)] })
    const ids = idsOf(call)
    if (method === 'GET' && fourth === '') return this.page(call, [...list.members.keys()].flatMap((each) => this.instance.leads.get(each) ?? []).map((each) => this.showLead(each, query)))
    if (ids.length === 0) return this.failure('1002')
    if (ids.length > pageSize) return this.failure('1003')
    if (fourth === 'ismember') return this.success({ result: ids.map((each) => this.instance.leads.has(each) ? { id: each, status: list.members.has(each) ? 'memberof' : 'notmemberof' } : notFound(each)) })
    return this.success({ result: ids.map((each) => (method === 'DELETE' ? this.takeOut(list, each) : this.putIn(list, each))) })
  }

  private putIn(list: StaticList, id: number): Answer {
    if (!this.instance.leads.has(id)) return notFound(id)
    const status = list.members.has(id) ? 'memberof' : 'added'
    this.instance.addToList(list.id, id)
    return { id, status }
  }

  private takeOut(list: StaticList, id: number): Answer {
    if (!this.instance.leads.has(id)) return notFound(id)
    if (!list.members.has(id)) return { id, status: 'skipped', reasons: [{ code: '1015', message: `Lead '${String(id)}' not in list` }] }
    this.instance.removeFromList(list.id, id)
    return { id, status: 'removed' }
  }

  private asset({ parts, query, request }: Call): Answer {
    const [, , , kind = '', name] = parts
    switch (kind) {
      case 'programs': {
        const offset = Number(query.get('offset') ?? 0)
        const [from, to] = [Date.parse(query.get('earliestUpdatedAt') ?? '1970-01-01'), Date.parse(query.get('latestUpdatedAt') ?? '2999-01-01')]
        const found = [...this.instance.programs.values()].filter((each) => each.updatedMs >= from && each.updatedMs <= to).slice(offset, offset + Math.min(200, Number(query.get('maxReturn') ?? 20)))
        if (found.length === 0) return this.success({ warnings: ['No assets found for the given search criteria.'] })
        return this.success({ result: found.map((each) => ({ id: each.id, name: each.name, type: each.type, channel: each.channel, status: '', workspace: 'Default', createdAt: assetTime(each.updatedMs), updatedAt: assetTime(each.updatedMs), ...each.fields })) })
      }
      case 'staticLists': {
        const form = new URLSearchParams(request.body)
        const wanted = form.get('name') ?? ''
        if (wanted === '') return this.failure('701')
        if ([...this.instance.lists.values()].some((each) => each.name === wanted)) return this.failure('709', 'Static List with the same name already exists')
        const folder = [...this.instance.folders].find(([, id]) => id === (JSON.parse(form.get('folder') ?? '{}') as { readonly id?: number }).id)
        if (!folder) return this.failure('711', 'Folder not found')
        const id = this.instance.addList(wanted, folder[0])
        return this.success({ result: [{ id, name: wanted, folder: { id: folder[1], type: 'Folder' }, createdAt: assetTime(this.nowMs), updatedAt: assetTime(this.nowMs) }] })
      }
      case 'staticList': {
        const found = [...this.instance.lists.values()].find((each) => each.name === query.get('name'))
        return name === 'byName' && found ? this.success({ result: [{ id: found.id, name: found.name }] }) : this.success({ warnings: ['No assets found for the given search criteria.'] })
      }
      case 'folder': {
        const id = this.instance.folders.get(query.get('name') ?? '')
        return id === undefined ? this.success({ warnings: ['No assets found for the given search criteria.'] }) : this.success({ result: [{ id, name: query.get('name'), folderId: { id, type: 'Folder' } }] })
      }
      default: return this.failure('610')
    }
  }

  // --- other objects

  private keyed(call: Call, all: Iterable<Keyed & { readonly id?: number }>, what: 'company' | 'opportunity' | 'role' | 'namedAccount'): Answer {
    if (this.has('native') && what !== 'namedAccount') return what === 'role' ? this.failure('603') : this.failure('1018')
    const { query } = call
    const type = query.get('filterType') ?? ''
    const values = new Set((query.get('filterValues') ?? '').split(','))
    if (type === '' || query.get('filterValues') === null) return this.failure('1002')
    if (values.size > pageSize) return this.failure('1003')
    const of = (each: Keyed & { readonly id?: number }): unknown => (type === 'id' ? each.id : type === 'marketoGUID' ? each.guid : each.fields[type])
    const asked = query.get('fields')?.split(',')
    const found = [...all].filter((each) => values.has(String(of(each))))
    return this.page(call, found.map((each, seq) => {
      const whole: Record<string, unknown> = { ...each.fields, ...(each.id === undefined ? { marketoGUID: each.guid } : { id: each.id }), createdAt: iso(each.createdMs), updatedAt: iso(each.updatedMs) }
      const shown = asked ? Object.fromEntries([...asked, 'id', 'marketoGUID'].filter((name) => whole[name] !== undefined).map((name) => [name, whole[name]])) : whole
      return { seq, ...shown }
    }))
  }

  private describeNamedAccounts(): Answer {
    const fields = ['marketoGUID', 'name', 'industry', 'annualRevenue', 'domainName', 'createdAt', 'updatedAt'].map((name) => ({ name, displayName: name, dataType: 'string', updateable: true, crmManaged: false }))
    return this.success({ result: [{ apiName: 'namedAccount', displayName: 'Named Account', pluralName: 'Named Accounts', description: '', idField: 'marketoGUID', dedupeFields: ['name'], searchableFields: [['name']], relationships: [], version: 'approved', createdAt: iso(0), updatedAt: iso(0), fields }] })
  }

  /** There is one list, and it is only given to who knows its name. */
  private namedAccountLists({ query }: Call): Answer {
    const values = query.get('filterValues')?.split(',')
    if (query.get('filterType') !== 'dedupeFields' || !values) return this.failure('1002')
    return this.success({ result: values.some((each) => each.toLowerCase() === 'all accounts') ? [{ seq: 0, marketoGUID: 'all-accounts', name: 'All accounts', createdAt: iso(0), updatedAt: iso(0), type: 'default', updateable: false }] : [] })
  }

  private programMembers(call: Call, programId: number): Answer {
    const program = this.instance.programs.get(programId)
    if (!program) return this.failure('1013', 'Program not found')
    const { query } = call
    const [from, to] = [Date.parse(query.get('startAt') ?? '1970-01-01'), Date.parse(query.get('endAt') ?? '2999-01-01')]
    if (query.get('filterType') === 'updatedAt' && to - from > 7 * 86_400_000) return this.failure('1003', 'The date range is longer than 7 days')
    const found = [...program.members].filter(([, each]) => each.updatedMs >= from && each.updatedMs <= to)
    return this.page(call, found.map(([leadId, each], seq) => ({ seq, leadId, programId, statusName: each.status, reachedSuccess: each.reachedSuccess, acquiredBy: false, membershipDate: iso(each.sinceMs), updatedAt: iso(each.updatedMs) })))
  }

  // --- activities

  private activities(call: Call, kind: string): Answer {
    const { query } = call
    if (kind === 'types') return this.success({ result: this.types().map(({ id, name, primary, attributes }) => ({ id, name, description: name, primaryAttribute: { name: primary, dataType: 'string' }, attributes: attributes.map((each) => ({ name: each, dataType: 'string' })) })) })
    if (kind === 'pagingtoken') {
      const since = Date.parse(query.get('sinceDatetime') ?? '')
      return Number.isNaN(since) ? this.failure('704') : this.success({ nextPageToken: this.dateToken({ at: since, skip: 0, of: '' }) })
    }
    const token = parseToken(query.get('nextPageToken') ?? '')
    if (!token) return this.failure('1001', 'Invalid paging token')
    const of = `${kind} ${query.get('activityTypeIds') ?? ''} ${query.get('fields') ?? ''}`
    if (token.of !== '' && token.of !== of) return this.failure('1003', 'The paging token belongs to other parameters')
    const types = kind === 'leadchanges' ? [12, 13] : kind === 'deletedleads' ? [37] : (query.get('activityTypeIds') ?? '').split(',').map(Number)
    if (kind === '' && (types.length > 10 || types.some((each) => Number.isNaN(each)))) return this.failure('1003', 'At most 10 activityTypeIds')
    return this.activityPage(token, { types: new Set(types), of, fields: kind === 'leadchanges' ? new Set((query.get('fields') ?? '').split(',')) : undefined })
  }

  private activityPage(token: DateToken, { types, of, fields }: { readonly types: ReadonlySet<number>; readonly of: string; readonly fields: ReadonlySet<string> | undefined }): Answer {
    const all = this.instance.activities
    const start = firstFrom(all, token.at) + token.skip
    const end = Math.min(all.length, start + (this.#options.blockSize ?? 3000))
    const found: Activity[] = []
    let at = start
    for (; at < end && found.length < pageSize; at++) {
      const each = all[at]
      if (!each || each.atMs > this.nowMs) break
      if (types.has(each.typeId) && this.isVisible(each, this.nowMs) && (!fields || each.typeId === 12 || each.changes?.some((change) => fields.has(change.name)) === true)) found.push(each)
    }
    const last = all[at - 1]
    const next: DateToken = last && at > start ? { at: last.atMs, skip: at - firstFrom(all, last.atMs), of } : { ...token, of }
    const moreResult = at < all.length && (all[at]?.atMs ?? 0) <= this.nowMs
    return this.success({ ...(found.length === 0 ? {} : { result: found.map((each) => this.showActivity(each, fields !== undefined)) }), nextPageToken: this.dateToken(next), moreResult })
  }

  private showActivity(each: Activity, asChange: boolean): Answer {
    const attributes = Object.entries(each.attributes).filter(([, value]) => value !== null && value !== '').map(([name, value]) => ({ name, value }))
    return {
      id: each.id, marketoGUID: String(each.id), leadId: each.leadId, activityDate: iso(each.atMs), activityTypeId: each.typeId, attributes,
      ...(each.campaignId === undefined ? {} : { campaignId: each.campaignId }),
      ...(asChange ? { fields: (each.changes ?? []).map((change, id) => ({ id, ...change })) } : { ...(each.primaryId === undefined ? {} : { primaryAttributeValueId: each.primaryId }), ...(each.primary === undefined ? {} : { primaryAttributeValue: each.primary }) }),
    }
  }

  private types(): readonly Omit<ActivityTypeSpec, 'keptDays'>[] {
    return [...activityTypes, ...this.instance.customActivities]
  }

  private isVisible(each: Activity, nowMs: number): boolean {
    const keptDays = keptDaysOf.get(each.typeId) ?? 760
    return each.committedMs <= nowMs && each.atMs >= nowMs - keptDays * 86_400_000
  }

  // --- bulk extract

  private bulk(call: Call): SimulatedAnswer {
    const at = call.parts.indexOf('export')
    const kind = call.parts.slice(2, at).join('/') as ExportKind
    const [id = '', verb = ''] = call.parts.slice(at + 1)
    this.exports.settle(this.nowMs)
    if (at < 0) return jsonAnswer(200, this.failure('610'))
    if (id === '') return jsonAnswer(200, this.success({ result: [...this.exports.jobs.values()].filter((each) => each.kind === kind && each.owner === call.client && each.createdMs > this.nowMs - 7 * 86_400_000).map((each) => this.exports.show(each)) }))
    if (id === 'create') return jsonAnswer(200, this.createExport(call, kind))
    const job = this.exports.jobs.get(id)
    if (!job || job.owner !== call.client) return verb === 'file' ? { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found' } : jsonAnswer(200, this.failure('1003', 'Export job not found'))
    if (verb === 'file') return this.exportFile(call.request, this.exports.file(job, this.nowMs))
    if (verb === 'enqueue') return jsonAnswer(200, this.enqueue(job.id))
    if (verb === 'cancel') { job.status = 'Cancelled'; job.changedMs = this.nowMs }
    return jsonAnswer(200, this.success({ result: [this.exports.show(job)] }))
  }

  private createExport({ request, client }: Call, kind: ExportKind): Answer {
    const { fields = ['marketoGUID', 'leadId', 'activityDate', 'activityTypeId', 'campaignId', 'primaryAttributeValueId', 'primaryAttributeValue', 'attributes'], filter = {} } = JSON.parse(request.body) as { readonly fields?: readonly string[]; readonly filter?: ExportFilter }
    const range = filter.createdAt ?? filter.updatedAt
    if (kind === 'leads' && filter.updatedAt && this.has('noUpdatedAt')) return this.failure('1035', 'Unsupported filter type for target subscription: updatedAt')
    if (range && Date.parse(range.endAt) - Date.parse(range.startAt) > 31 * 86_400_000) return this.failure('1003', 'The date range is longer than 31 days')
    if (range && [range.startAt, range.endAt].some((each) => !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:?\d{2})$/.test(each))) return this.failure('1003', 'Invalid date')
    if (kind === 'leads' && fields.some((name) => !this.instance.fields.some((each) => each.name === name))) return this.failure('1003', `Invalid field: ${String(fields.find((name) => !this.instance.fields.some((each) => each.name === name)))}`)
    return this.success({ result: [this.exports.show(this.exports.create(kind, { owner: client, fields, filter }, this.nowMs))] })
  }

  private enqueue(id: string): Answer {
    const job = this.exports.jobs.get(id)
    if (job?.status !== 'Created') return this.failure('1029', 'Export job is already queued')
    if (this.exports.inQueue >= 10) return this.failure('1029', 'Too many jobs (10) in queue')
    if (!this.quotas.hasBulkLeft(this.nowMs)) return this.failure('1029', 'Export daily quota 500MB exceeded')
    job.status = 'Queued'
    job.changedMs = this.nowMs
    job.queuedMs = this.nowMs
    return this.success({ result: [this.exports.show(job)] })
  }

  private exportFile({ headers }: SimulatedRequest, file: Buffer | undefined): SimulatedAnswer {
    if (!file) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found' }
    const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')
    if (!range) return { status: 200, headers: { 'content-type': 'text/csv', 'content-length': String(file.length) }, body: file }
    const part = file.subarray(Number(range[1]), range[2] === '' ? file.length : Number(range[2]) + 1)
    return { status: 206, headers: { 'content-type': 'text/csv;charset=UTF-8', 'content-length': String(part.length), 'content-range': `bytes ${range[1] ?? ''}-${String(Number(range[1]) + part.length - 1)}/${String(file.length)}` }, body: part }
  }

  // --- envelopes

  private has(mode: 'native' | 'noUpdatedAt' | 'noEcids'): boolean {
    return this.#options.modes?.includes(mode) === true
  }

  private success(parts: Answer): Answer {
    return { requestId: this.nextRequestId(), success: true, ...parts }
  }

  failure(code: string, message = `Error ${code}`): Answer {
    return { requestId: this.nextRequestId(), success: false, errors: [{ code, message }] }
  }

  private nextRequestId(): string {
    return `${(++this.#requestId).toString(16)}#17c${this.#requestId.toString(16)}`
  }

  /** A page of a list that is paged by position: no token on the last one. */
  private page({ query }: Call, all: readonly Answer[]): Answer {
    const size = Math.min(pageSize, Number(query.get('batchSize') ?? pageSize))
    const offset = Number((query.get('nextPageToken') ?? '').replace(/^p/, '') || 0)
    const more = offset + size < all.length
    return this.success({ result: all.slice(offset, offset + size), ...(more ? { nextPageToken: `p${String(offset + size)}` } : {}) })
  }

  private dateToken(token: DateToken): string {
    const text = Buffer.from(JSON.stringify(token)).toString('base64url')
    return this.#options.longTokens === true ? `${text}.${'x'.repeat(9000)}` : text
  }
}

const keptDaysOf = new Map(activityTypes.map((each) => [each.id, each.keptDays]))

interface DateToken {
  readonly at: number
  readonly skip: number
  /** The parameters that it belongs to. */
  readonly of: string
}

function parseToken(token: string): DateToken | undefined {
  try {
    return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as DateToken
  } catch {
    return undefined
  }
}

function queryOf(request: SimulatedRequest): URLSearchParams {
  return request.method === 'POST' && request.query.get('_method') === 'GET' ? new URLSearchParams(request.body) : request.query
}

/** The three forms in which ids of list members are sent. */
function idsOf({ request, query }: Call): readonly number[] {
  const ofQuery = query.getAll('id').flatMap((each) => each.split(','))
  if (ofQuery.length > 0) return ofQuery.map(Number)
  if (request.body === '') return []
  return ((JSON.parse(request.body) as { readonly input?: readonly { readonly id: number }[] }).input ?? []).map((each) => each.id)
}

function chosen(fields: Keyed['fields'], query: URLSearchParams): Answer {
  const asked = query.get('fields')?.split(',') ?? []
  return Object.fromEntries(Object.entries(fields).filter(([name]) => asked.includes(name)))
}

function notFound(id: number): Answer {
  return { id, status: 'skipped', reasons: [{ code: '1004', message: 'Lead not found' }] }
}

function showList(list: StaticList): Answer {
  return { id: list.id, name: list.name, workspaceName: 'Default', createdAt: iso(list.createdMs), updatedAt: iso(list.createdMs) }
}

function assetTime(ms: number): string {
  return `${iso(ms)}+0000`
}
