// A connector for a small system, right in everything until it is told to be wrong in one thing: what the kit must notice.
import { toText } from '../../packages/core/src/kernel/json.js'
import { type Change, type CheckResult, type Connector, type ConnectorContext, type DeliveryRequest, type Item, type ItemResult, type Json, type JsonObject, type MemberRef, type OpenDestination, type OpenSource, type ReadPart, type StreamSpec, assertNotLimited, connectorError, defineConnector, isConnectorError, toCheckResult } from '../../packages/core/src/plugins/sdk.js'

export type Fault =
  | 'a limit of nothing' | 'a loose schema' | 'an unmarked key' | 'never well' | 'blames nothing' | 'migrates to nothing' | 'maps to an unknown field' | 'reads nothing' | 'numbers as texts' | 'a record twice'
  | 'no last checkpoint' | 'checkpoints too early' | 'reads but once' | 'starts over' | 'trips over checkpoints' | 'knows no old checkpoint' | 'ascii only' | 'sees no change' | 'hides deletes'
  | 'jobs without a poll' | 'makes another audience' | 'refuses everybody' | 'forgets one' | 'all or nothing' | 'adds twice' | 'removes nobody' | 'absent is an error' | 'finds nobody' | 'small batches' | 'needs a payload' | 'check writes'
  | 'impatient' | '401 is no access' | '503 is for ever' | 'no answer is an answer' | 'trusts answers' | 'sleeps on' | 'no account' | 'goes past the host' | 'tells its key'

type Has = (fault: Fault) => boolean

export function anAcmeConnector(fault?: Fault): Connector {
  const has: Has = (each) => each === fault
  const key: JsonObject = { type: 'string', minLength: 1, ...(has('an unmarked key') ? {} : { 'x-secret': true }) }
  const side = {
    configSchema: { type: 'object', required: ['url', 'apiKey'], properties: { url: { type: 'string' }, apiKey: key }, ...(has('a loose schema') ? {} : { additionalProperties: false }) },
    configVersion: 2,
    migrateConfig: ({ token, ...rest }: JsonObject): JsonObject => (has('migrates to nothing') ? {} : { ...rest, apiKey: token ?? null }),
    ...(has('no account') ? {} : { accountOf: ({ url }: JsonObject): string => toText(url) }),
  }
  const limits = [{ requests: has('a limit of nothing') ? 0 : 30, per: '10s', scope: 'account' }, { concurrency: 2, scope: 'account' }] as const
  const memory: Memory = { reads: new Map() }
  return defineConnector({
    name: 'acme', title: 'Acme',
    source: { ...side, defaultType: 'Acme', capabilities: { incremental: true, deletes: 'hard', limits }, open: (context) => new AcmeSource(new Client(context, has), has, memory) },
    destination: {
      ...side,
      capabilities: { identities: ['email'], maxBatch: 20, asyncJobs: has('jobs without a poll'), idempotent: true, createsMissing: false, readBack: 'members', limits, defaultPayload: '{}' },
      open: (context) => new AcmeDestination(new Client(context, has), has),
    },
  })
}

/** What outlives an opened connector, and should not. */
interface Memory {
  readonly reads: Map<number, number>
}

class Client {
  constructor(private readonly context: ConnectorContext, private readonly has: Has) {}

  check(): Promise<CheckResult> {
    if (this.has('never well')) return Promise.resolve({ ok: false, reason: 'I do not feel like it' })
    return toCheckResult(async () => {
      await this.ask('GET', '/me')
      if (this.has('check writes')) await this.ask('POST', '/lists/1/add', { emails: ['p5@acme.example'] })
    }, { '/url': toText(this.context.config['url']) })
  }

  async ask(method: 'GET' | 'POST', path: string, body?: Json): Promise<JsonObject> {
    const url = `${toText(this.context.config['url'])}${path}`
    const key = toText(this.context.config['apiKey'])
    const { has } = this
    if (has('goes past the host')) await (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).text()
    if (has('tells its key')) this.context.log.write('debug', `asking with ${key}`)
    const request = { method, url, headers: { authorization: `Bearer ${key}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }), retryOn: has('impatient') ? [] : ([429, 503, 'no-answer'] as const) }
    try {
      const response = await this.context.http.request(request)
      const { status, text } = response.status === 429 && has('impatient') ? await this.context.http.request(request) : response
      assertNotLimited(response.status === status ? response : { status, headers: {} }, this.context.clock.nowMs())
      if (status === 401) throw connectorError(has('401 is no access') ? 'refused' : 'access', { reason: 'the key is not accepted', hint: 'Check apiKey.', ...(has('blames nothing') ? {} : { pointer: '/apiKey' }) })
      if (status >= 400) throw connectorError(has('503 is for ever') || status < 500 ? 'refused' : 'unavailable', { reason: `Acme answers ${String(status)}`, hint: 'Later.' })
      return has('trusts answers') ? (JSON.parse(text) as JsonObject) : parse(text)
    } catch (error) {
      if (has('sleeps on')) await new Promise((resolve) => { setTimeout(resolve, 150) })
      if (has('no answer is an answer') && isConnectorError(error, 'http/no-answer')) return { people: [], done: [] }
      throw error
    }
  }
}

function parse(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject
  } catch (cause) {
    throw connectorError('unavailable', { reason: 'the answer is no JSON', hint: 'Later.', cause })
  }
}

class AcmeSource implements OpenSource {
  constructor(private readonly client: Client, private readonly has: Has, private readonly memory: Memory) {}

  check(): Promise<CheckResult> { return this.client.check() }

  discover(): Promise<readonly StreamSpec[]> {
    const map = { firstName: 'name', ...(this.has('maps to an unknown field') ? { shoeSize: 'name' } : {}) }
    return Promise.resolve([{ name: 'people', entity: 'person', key: 'id', map, schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, name: { type: 'string' }, seq: { type: 'number' } } } }])
  }

  async *read({ checkpoint }: { readonly checkpoint?: Json }): AsyncIterable<ReadPart> {
    const { has } = this
    let after = this.begin(checkpoint)
    for (let more = true; more; ) {
      const page = await this.client.ask('GET', `/people?after=${String(after)}`)
      const people = (page['people'] as readonly JsonObject[]).filter(({ name }) => !(has('hides deletes') && name === undefined))
      more = page['more'] === true
      after = Number(people.at(-1)?.['seq'] ?? after)
      const records = has('reads nothing') || (has('sees no change') && checkpoint !== undefined) ? [] : people.map((each) => this.toChange(each))
      if (has('checkpoints too early')) yield { checkpoint: { after } }
      yield { records: has('a record twice') ? [...records, ...records.slice(0, 1)] : records }
      if (!has('checkpoints too early') && (more || !has('no last checkpoint'))) yield { checkpoint: { after } }
    }
  }

  private begin(checkpoint: Json | undefined): number {
    const after = this.toPosition(checkpoint)
    const reads = this.memory.reads.get(after) ?? 0
    this.memory.reads.set(after, reads + 1)
    if (this.has('reads but once') && after > 0 && reads > 0) return 1000
    return this.has('starts over') && after === 5 && reads > 0 ? 0 : after
  }

  private toPosition(checkpoint: Json | undefined): number {
    if (checkpoint === undefined) return 0
    // What version 1 left.
    if (typeof checkpoint === 'number' && !this.has('knows no old checkpoint')) return checkpoint
    const after = (checkpoint as JsonObject)['after']
    if (typeof after === 'number') return after
    throw this.has('trips over checkpoints') ? new TypeError('after is not a number') : connectorError('config', { reason: 'the checkpoint is of another version', hint: 'Run it with --full-refresh.' })
  }

  private toChange({ id, name, seq }: JsonObject): Change {
    if (name === undefined) return { op: 'delete', key: toText(id) }
    return { op: 'upsert', record: { id: toText(id), name: this.has('ascii only') ? toText(name).replaceAll(/[^\x20-\x7e]/g, '?') : name, seq: this.has('numbers as texts') ? toText(seq) : Number(seq) } }
  }
}

class AcmeDestination implements OpenDestination {
  constructor(private readonly client: Client, private readonly has: Has) {}

  check(): Promise<CheckResult> { return this.client.check() }

  async ensureAudience({ list }: { readonly list: string }): Promise<{ readonly remoteId: string; readonly created: boolean }> {
    const { id, created } = await this.client.ask('POST', '/lists', { name: list, another: this.has('makes another audience') })
    return { remoteId: toText(id), created: created === true }
  }

  upsert({ audience, items }: DeliveryRequest): Promise<{ readonly items: readonly ItemResult[] }> {
    return this.change(`/lists/${audience.remoteId ?? ''}/add`, items, this.has('absent is an error'))
  }

  async remove({ audience, items }: DeliveryRequest): Promise<{ readonly items: readonly ItemResult[] }> {
    if (this.has('removes nobody')) return { items: items.map(({ key }) => ({ key, status: 'ok' })) }
    const { items: results } = await this.change(`/lists/${audience.remoteId ?? ''}/remove`, items, true)
    return { items: results.map((each) => (each.status === 'rejected' && !this.has('absent is an error') ? { key: each.key, status: 'noop' } : each)) }
  }

  async *members({ remoteId = '' }: { readonly remoteId?: string }): AsyncIterable<readonly MemberRef[]> {
    const { members } = await this.client.ask('GET', `/lists/${remoteId}`)
    yield (members as readonly string[]).map((email) => ({ identities: { email } }))
  }

  async match(items: readonly Item[]): Promise<readonly { readonly key: string; readonly match: 'one' | 'none' }[]> {
    const { done } = await this.client.ask('POST', '/match', { emails: items.map(emailOf) })
    return items.map((each) => ({ key: each.key, match: (done as readonly string[]).includes(emailOf(each)) && !this.has('finds nobody') ? 'one' : 'none' }))
  }

  private async change(path: string, items: readonly Item[], known: boolean): Promise<{ readonly items: readonly ItemResult[] }> {
    const { has } = this
    if (has('small batches') && items.length > 10) throw connectorError('refused', { reason: 'too many at once', hint: 'Send fewer.' })
    if (has('needs a payload')) for (const { payload } of items) (payload as { readonly text: string }).text.trim()
    const { done = [] } = await this.client.ask('POST', path, { emails: items.map(emailOf), twice: has('adds twice') })
    const isDone = (each: Item): boolean => (done as readonly string[]).includes(emailOf(each)) && !(has('refuses everybody') && !known)
    const allDone = items.every(isDone)
    const results = items.map((each): ItemResult => (isDone(each) && (allDone || !has('all or nothing')) ? { key: each.key, status: 'ok' } : { key: each.key, status: 'rejected', code: 'acme/unknown' }))
    return { items: has('forgets one') ? results.slice(1) : results }
  }
}

function emailOf({ identities }: Item): string {
  return identities['email'] ?? ''
}
