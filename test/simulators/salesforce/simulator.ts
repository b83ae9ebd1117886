// A simulated Salesforce: OAuth, describe, SOQL with locators, Bulk API 2.0 queries, deleted records, composite writes, limits.
// What it answers follows developer.salesforce.com (REST API, Bulk API 2.0); what it does not know is an error, so that tests notice.
import { createVerify, type KeyObject } from 'node:crypto'
import { HttpSimulator, type SimulatedAnswer, type SimulatedRequest, jsonAnswer } from '../http-simulator.js'
import { type BulkJob, type JobEnd, snapshot, toCsv } from './bulk.js'
import { describeField } from './objects.js'
import { Organization, type Row } from './organization.js'
import { MalformedQuery, type Soql, type Value, fieldsOf, holds, parseSoql } from './soql.js'

export interface SalesforceOptions {
  readonly now?: string
  readonly port?: number
  readonly clientId?: string
  readonly clientSecret?: string
  readonly username?: string
  /** Checks the assertions of JWT bearer. */
  readonly publicKey?: KeyObject
  readonly organizationNumber?: number
  /** Calls in 24 hours. */
  readonly dailyCalls?: number
  /** Rows of a page of a query, at most. */
  readonly queryRows?: number
  /** Rows of a page of a job's results, at most. */
  readonly bulkRows?: number
}

/** Writes of one record that are refused. */
export interface Refusal {
  readonly id: string
  readonly statusCode: string
  readonly message: string
  readonly times?: number
}

interface Cursor {
  readonly rows: readonly Row[]
  readonly soql: Soql
  readonly madeAtMs: number
}

class ApiError extends Error {
  constructor(readonly status: number, readonly errorCode: string, message: string) {
    super(message)
  }
}

const dayMs = 86_400_000
const versions = ['v64.0', 'v65.0', 'v66.0', 'v67.0', 'v68.0']

export async function startSalesforce(options: SalesforceOptions = {}): Promise<SalesforceSimulator> {
  const simulator = new SalesforceSimulator(options)
  await simulator.http.start(options.port)
  return simulator
}

export class SalesforceSimulator {
  readonly http: HttpSimulator
  readonly organization: Organization
  readonly jobs = new Map<string, BulkJob>()
  calls = 0
  readonly #sessions = new Set<string>()
  readonly #cursors = new Map<string, Cursor>()
  readonly #jobEnds: JobEnd[] = []
  readonly #refusals: (Refusal & { left: number })[] = []
  #lastSession = 0
  #lastCursor = 0
  #lastJob = 0

  constructor(private readonly options: SalesforceOptions) {
    this.http = new HttpSimulator(options.now ?? '2026-11-23T06:00:00.000Z', (request) => this.#answer(request))
    this.organization = new Organization(this.http, options.organizationNumber)
  }

  get url(): string {
    return this.http.url
  }

  expireSessions(): void {
    this.#sessions.clear()
  }

  expireLocators(): void {
    this.#cursors.clear()
  }

  /** The next job that is asked for ends like this. */
  endJob(end: JobEnd): void {
    this.#jobEnds.push(end)
  }

  refuse(refusal: Refusal): void {
    this.#refusals.push({ ...refusal, left: refusal.times ?? 1 })
  }

  close(): Promise<void> {
    return this.http.close()
  }

  #answer(request: SimulatedRequest): SimulatedAnswer {
    try {
      if (request.path === '/services/oauth2/token') return this.#token(request)
      if (request.path === '/services/data') return jsonAnswer(200, versions.map((each) => ({ version: each.slice(1), url: `/services/data/${each}` })))
      this.#authenticate(request)
      const answer = this.#route(request)
      return { ...answer, headers: { ...answer.headers, 'sforce-limit-info': `api-usage=${this.calls}/${this.#dailyCalls}` } }
    } catch (error) {
      if (error instanceof ApiError) return jsonAnswer(error.status, [{ message: error.message, errorCode: error.errorCode }])
      if (error instanceof MalformedQuery) return jsonAnswer(400, [{ message: error.message, errorCode: 'MALFORMED_QUERY' }])
      throw error
    }
  }

  get #dailyCalls(): number {
    return this.options.dailyCalls ?? 15_000
  }

  #authenticate({ headers }: SimulatedRequest): void {
    const session = (headers.authorization ?? '').replace(/^Bearer /, '')
    if (!this.#sessions.has(session)) throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
    if (this.calls >= this.#dailyCalls) throw new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')
    this.calls++
  }

  #token({ body }: SimulatedRequest): SimulatedAnswer {
    const form = new URLSearchParams(body)
    const refusal = this.#refuseLogin(form)
    if (refusal) return jsonAnswer(400, refusal)
    const token = `${this.organization.id}!session${++this.#lastSession}`
    this.#sessions.add(token)
    return jsonAnswer(200, {
      access_token: token, instance_url: this.url, id: `${this.url}/id/${this.organization.id}/005000000000001AAA`, token_type: 'Bearer', issued_at: String(this.http.nowMs), scope: 'api', signature: 'x',
    })
  }

  #refuseLogin(form: URLSearchParams): { readonly error: string; readonly error_description: string } | undefined {
    switch (form.get('grant_type') ?? '') {
      case 'client_credentials':
        if (form.get('client_id') !== (this.options.clientId ?? 'client')) return { error: 'invalid_client_id', error_description: 'client identifier invalid' }
        return form.get('client_secret') === (this.options.clientSecret ?? 'secret') ? undefined : { error: 'invalid_client', error_description: 'invalid client credentials' }
      case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
        return this.#refuseAssertion(form.get('assertion') ?? '')
      default:
        return { error: 'unsupported_grant_type', error_description: 'grant type not supported' }
    }
  }

  #refuseAssertion(assertion: string): { readonly error: string; readonly error_description: string } | undefined {
    const [header = '', claims = '', signature = ''] = assertion.split('.')
    const { iss, sub, aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { readonly iss: string; readonly sub: string; readonly aud: string; readonly exp: number }
    const isSigned = this.options.publicKey !== undefined && createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(this.options.publicKey, Buffer.from(signature, 'base64url'))
    if (!isSigned) return { error: 'invalid_grant', error_description: 'invalid assertion' }
    if (iss !== (this.options.clientId ?? 'client')) return { error: 'invalid_client_id', error_description: 'client identifier invalid' }
    if (aud !== this.url) return { error: 'invalid_grant', error_description: 'audience is invalid' }
    if (sub !== (this.options.username ?? 'cdp@acme.example')) return { error: 'invalid_grant', error_description: "user hasn't approved this consumer" }
    const seconds = this.http.nowMs / 1000
    return exp < seconds || exp > seconds + 300 ? { error: 'invalid_grant', error_description: 'assertion expired or too far in the future' } : undefined
  }

  #route(request: SimulatedRequest): SimulatedAnswer {
    const { method, path } = request
    const [, version = '', rest = ''] = /^\/services\/data\/(v\d+\.0)\/?(.*)$/.exec(path) ?? []
    if (Number(version.slice(1)) <= 30 && version !== '') throw new ApiError(410, 'UNSUPPORTED_API_VERSION', `${version} is retired`)
    if (!versions.includes(version)) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist')
    const [first = '', second = '', third = '', fourth = ''] = rest.split('/')
    const route = `${method} ${first}`
    switch (route) {
      case 'GET limits': return jsonAnswer(200, { DailyApiRequests: { Max: this.#dailyCalls, Remaining: this.#dailyCalls - this.calls }, DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 - this.jobs.size } })
      case 'GET query':
      case 'GET queryAll': return second === '' ? this.#query(request.query.get('q') ?? '', first === 'queryAll', request, version) : this.#queryMore(second, request, version)
      case 'GET sobjects':
        if (second === '') return jsonAnswer(200, { sobjects: [...this.organization.objects.values()].map(({ name, keyPrefix, custom }) => ({ name, label: name, keyPrefix, custom, queryable: true, replicateable: true, retrieveable: true, deletable: true })) })
        if (third === 'describe') return this.#describe(second)
        return this.#deleted(second, request)
      case 'POST jobs':
      case 'GET jobs':
      case 'PATCH jobs':
      case 'DELETE jobs': return this.#job(request, { id: third, part: fourth, version })
      case 'PATCH composite':
      case 'POST composite': return third !== '' && request.method === 'POST' ? this.#retrieve(request, third) : this.#writeAll(request, third)
      case 'DELETE composite': return jsonAnswer(200, (request.query.get('ids') ?? '').split(',').map((id) => this.#writeOne(id, () => { this.organization.remove(id); return id })))
      default: throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist')
    }
  }

  #describe(object: string): SimulatedAnswer {
    const definition = this.#object(object)
    return jsonAnswer(200, { name: object, label: object, keyPrefix: definition.keyPrefix, custom: definition.custom, queryable: true, replicateable: true, fields: this.organization.fieldsOf(object).map(describeField) })
  }

  #object(name: string): { readonly keyPrefix: string; readonly custom: boolean; readonly noBulk?: boolean } {
    const definition = this.organization.objects.get(name)
    if (!definition) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist')
    return definition
  }

  #parse(text: string): Soql {
    const soql = parseSoql(text)
    if (!this.organization.objects.has(soql.object)) throw new ApiError(400, 'INVALID_TYPE', `sObject type '${soql.object}' is not supported.`)
    const known = new Set(this.organization.fieldsOf(soql.object).map((each) => each.name))
    const unknown = [...soql.fields, ...fieldsOf(soql.where), ...soql.orderBy.map((each) => each.field)].find((each) => !known.has(each))
    if (unknown !== undefined) throw new ApiError(400, 'INVALID_FIELD', `No such column '${unknown}' on entity '${soql.object}'.`)
    return soql
  }

  #query(text: string, all: boolean, request: SimulatedRequest, version: string): SimulatedAnswer {
    if (text.length > 16_000) throw new ApiError(414, 'URI_TOO_LONG', 'URI too long')
    const soql = this.#parse(text)
    const rows = this.#select(soql, all)
    if (soql.counts) return jsonAnswer(200, { totalSize: rows.length, done: true, records: [] })
    return this.#page({ rows, soql, madeAtMs: this.http.nowMs }, 0, request, version)
  }

  #select(soql: Soql, all: boolean): readonly Row[] {
    const { where, orderBy, limit } = soql
    const found: Row[] = []
    for (const row of this.organization.rows(soql.object)) if ((all || row['IsDeleted'] !== true) && (!where || holds(where, (field) => row[field] ?? null))) found.push(row)
    found.sort((a, b) => {
      for (const { field, descending } of orderBy) {
        const [left, right] = [a[field] ?? '', b[field] ?? '']
        if (left !== right) return (left < right ? -1 : 1) * (descending ? -1 : 1)
      }
      return 0
    })
    return limit === undefined ? found : found.slice(0, limit)
  }

  #queryMore(locator: string, request: SimulatedRequest, version: string): SimulatedAnswer {
    const [name = '', from = '0'] = locator.split('-')
    const cursor = this.#cursors.get(name)
    if (!cursor || this.http.nowMs - cursor.madeAtMs > 2 * dayMs) throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
    return this.#page(cursor, Number(from), request, version, name)
  }

  #page(cursor: Cursor, from: number, { headers }: SimulatedRequest, version: string, known?: string): SimulatedAnswer {
    const wish = /batchSize=(\d+)/.exec(String(headers['sforce-query-options'] ?? ''))
    const size = Math.min(Number(wish?.[1] ?? 2000), this.options.queryRows ?? 2000)
    const to = Math.min(from + size, cursor.rows.length)
    const done = to >= cursor.rows.length
    const name = known ?? `01g${String(++this.#lastCursor).padStart(12, '0')}AAA`
    this.#cursors.set(name, cursor)
    const types = this.#types(cursor.soql.object)
    const records = cursor.rows.slice(from, to).map((row) => ({
      attributes: { type: cursor.soql.object, url: `/services/data/${version}/sobjects/${cursor.soql.object}/${String(row['Id'])}` },
      ...Object.fromEntries(cursor.soql.fields.map((field) => [field, shown(row[field] ?? null, types.get(field))])),
    }))
    return jsonAnswer(200, { totalSize: cursor.rows.length, done, ...(done ? {} : { nextRecordsUrl: `/services/data/${version}/query/${name}-${to}` }), records })
  }

  #types(object: string): ReadonlyMap<string, string> {
    return new Map(this.organization.fieldsOf(object).map((each) => [each.name, each.calculated === true ? 'formula' : each.type]))
  }

  #deleted(object: string, { query }: SimulatedRequest): SimulatedAnswer {
    this.#object(object)
    const [start, end] = [Date.parse(query.get('start') ?? ''), Date.parse(query.get('end') ?? '')]
    if (!(end - start > 60_000)) throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'endDate must be at least one minute greater than startDate')
    if (start < this.http.nowMs - 15 * dayMs) throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'startDate before org replication enabled date')
    return jsonAnswer(200, {
      deletedRecords: this.organization.deletedBetween(object, start, end).map(({ id, deletedAtMs }) => ({ id, deletedDate: shownTime(deletedAtMs) })),
      earliestDateAvailable: shownTime(this.http.nowMs - 15 * dayMs), latestDateCovered: shownTime(Math.min(end, this.http.nowMs)),
    })
  }

  #job(request: SimulatedRequest, { id, part, version }: { readonly id: string; readonly part: string; readonly version: string }): SimulatedAnswer {
    if (request.method === 'POST') return this.#createJob(JSON.parse(request.body) as { readonly operation: 'query' | 'queryAll'; readonly query: string }, version)
    const job = this.jobs.get(id)
    if (!job) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist')
    if (request.method === 'DELETE') {
      this.jobs.delete(id)
      return { status: 204 }
    }
    if (request.method === 'PATCH') job.state = 'Aborted'
    else if (part === 'results') return this.#results(job, request, version)
    else this.#moveOn(job)
    return jsonAnswer(200, describeJob(job))
  }

  #createJob({ operation, query }: { readonly operation: 'query' | 'queryAll'; readonly query: string }, version: string): SimulatedAnswer {
    const soql = this.#parse(query)
    if (this.#object(soql.object).noBulk === true) throw new ApiError(400, 'INVALIDENTITY', `Entity '${soql.object}' is not supported by the Bulk API.`)
    if (this.organization.fieldsOf(soql.object).some((each) => each.type === 'address' && soql.fields.includes(each.name))) throw new ApiError(400, 'FUNCTIONALITY_NOT_ENABLED', 'Selecting compound data not supported in Bulk Query')
    const job: BulkJob = { id: `750${String(++this.#lastJob).padStart(12, '0')}AAA`, operation, soql, apiVersion: version, rows: snapshot(this.organization, soql, operation), state: 'UploadComplete', errorMessage: '' }
    this.jobs.set(job.id, job)
    return jsonAnswer(200, describeJob(job))
  }

  #moveOn(job: BulkJob): void {
    if (job.state === 'UploadComplete') job.state = 'InProgress'
    else if (job.state === 'InProgress') {
      const end = this.#jobEnds.shift()
      job.state = end?.state ?? 'JobComplete'
      job.errorMessage = end?.errorMessage ?? ''
    }
  }

  #results(job: BulkJob, { query }: SimulatedRequest, version: string): SimulatedAnswer {
    if (job.apiVersion !== version || job.state !== 'JobComplete') throw new ApiError(409, 'CONFLICT', 'the job is not complete, or of another version')
    const from = Number(Buffer.from(query.get('locator') ?? '', 'base64url').toString('utf8') || '0')
    const to = Math.min(from + Math.min(Number(query.get('maxRecords') ?? 100_000), this.options.bulkRows ?? 100_000), job.rows.length)
    const types = this.#types(job.soql.object)
    const cell = (field: string, value: Value): string => {
      const text = shown(value, types.get(field))
      return text === null ? '' : `"${String(text).replaceAll('"', '""')}"`
    }
    const locator = to >= job.rows.length ? 'null' : Buffer.from(String(to)).toString('base64url')
    return { status: 200, headers: { 'content-type': 'text/csv; charset=UTF-8', 'sforce-locator': locator, 'sforce-numberofrecords': String(to - from) }, body: toCsv(job, from, to, cell) }
  }

  #writeAll(request: SimulatedRequest, external: string): SimulatedAnswer {
    const { records = [] } = JSON.parse(request.body) as { readonly records?: readonly (Readonly<Record<string, Value>> & { readonly attributes?: unknown })[] }
    if (records.length > 200) throw new ApiError(400, 'EXCEEDED_MAX_SEMIJOIN_SUBSELECTS', 'Record Count cannot exceed 200')
    const field = external === '' ? '' : (request.path.split('/').at(-1) ?? '')
    return jsonAnswer(200, records.map((record) => this.#writeRecord(record, { method: request.method, field })))
  }

  #retrieve({ body }: SimulatedRequest, object: string): SimulatedAnswer {
    const { ids, fields } = JSON.parse(body) as { readonly ids: readonly string[]; readonly fields: readonly string[] }
    return jsonAnswer(200, ids.map((id) => {
      const row = this.organization.find(id)?.row
      return row && row['IsDeleted'] !== true ? { attributes: { type: object }, ...Object.fromEntries(['Id', ...fields].map((field) => [field, row[field] ?? null])) } : null
    }))
  }

  #writeRecord(record: Readonly<Record<string, Value>> & { readonly attributes?: unknown }, { method, field }: { readonly method: string; readonly field: string }): unknown {
    const { attributes, ...values } = record
    const object = (attributes as { readonly type?: string } | undefined)?.type ?? ''
    const key = field === '' ? String(values['Id'] ?? '') : String(values[field] ?? '')
    return this.#writeOne(key, () => {
      const known = new Set(this.organization.fieldsOf(object).map((each) => each.name))
      const unknown = Object.keys(values).find((each) => !known.has(each))
      if (unknown !== undefined) throw new ApiError(400, 'INVALID_FIELD', `No such column '${unknown}' on sobject of type ${object}`)
      const { Id: id, ...rest } = values
      if (method === 'POST') return this.#create(object, rest)
      const found = field === '' || field === 'Id' ? this.organization.find(key) : this.#findBy(object, field, key)
      if (!found && (field === '' || field === 'Id')) throw new ApiError(404, 'NOT_FOUND', 'invalid cross reference id')
      if (!found) return this.#create(object, rest)
      if (found.row['IsDeleted'] === true) throw new ApiError(400, 'ENTITY_IS_DELETED', 'entity is deleted')
      if (found.row['IsConverted'] === true) throw new ApiError(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead')
      const target = String(id ?? found.row['Id'])
      this.organization.update(target, rest)
      return target
    })
  }

  #create(object: string, values: Readonly<Record<string, Value>>): string {
    if (object === 'CampaignMember') {
      const same = [...this.organization.rows(object)].find((each) => each['IsDeleted'] !== true && each['CampaignId'] === values['CampaignId'] && (each['ContactId'] ?? null) === (values['ContactId'] ?? null) && (each['LeadId'] ?? null) === (values['LeadId'] ?? null))
      if (same) throw new ApiError(400, 'DUPLICATE_VALUE', 'Already a campaign member.')
      return this.organization.add(object, { ...values, LeadOrContactId: values['ContactId'] ?? values['LeadId'] ?? null })
    }
    return this.organization.add(object, values)
  }

  #findBy(object: string, field: string, value: string): { readonly row: Row } | undefined {
    for (const row of this.organization.rows(object)) if (row[field] === value && row['IsDeleted'] !== true) return { row }
    return undefined
  }

  #writeOne(key: string, work: () => string): unknown {
    const refusal = this.#refusals.find((each) => each.id === key && each.left > 0)
    if (refusal) {
      refusal.left--
      return { id: null, success: false, errors: [{ statusCode: refusal.statusCode, message: refusal.message, fields: [] }] }
    }
    try {
      return { id: work(), success: true, errors: [] }
    } catch (error) {
      if (error instanceof ApiError) return { success: false, errors: [{ statusCode: error.errorCode, message: error.message, fields: [] }] }
      if (error instanceof Error) return { success: false, errors: [{ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: error.message, fields: [] }] }
      throw error
    }
  }
}

function describeJob({ id, state, operation, soql, apiVersion, rows, errorMessage }: BulkJob): Readonly<Record<string, unknown>> {
  return {
    id, operation, object: soql.object, state, concurrencyMode: 'Parallel', contentType: 'CSV', apiVersion: Number(apiVersion.slice(1)), lineEnding: 'LF', columnDelimiter: 'COMMA', isPkChunkingSupported: true,
    ...(state === 'JobComplete' ? { numberRecordsProcessed: rows.length, retries: 0, totalProcessingTime: 1000 } : {}), ...(errorMessage === '' ? {} : { errorMessage }),
  }
}

function shown(value: Value, type: string | undefined): Value {
  if (value === null || type !== 'datetime') return value
  return shownTime(Date.parse(String(value)))
}

function shownTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000')
}
