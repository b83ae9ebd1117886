import assert from 'node:assert/strict'
import { type ReadOnce, connect, readOnce } from '../../../test/simulators/marketo/connect.js'
import { type SimulatedAnswer, jsonAnswer } from '../../../test/simulators/http-simulator.js'
import { type MarketoOptions, MarketoSimulator } from '../../../test/simulators/marketo/simulator.js'
import { isCdpError } from '../../core/src/kernel/error.js'
import type { ErrorCode } from '../../core/src/kernel/codes/index.js'
import type { JsonObject } from '../../core/src/plugins/sdk.js'
import { memoryLedger } from '../../core/src/plugins/quota-ledger.js'
import { itemsOf } from '../../core/src/testing/a-context.js'

const fields = ['id', 'email', 'firstName']
const textOf = ({ body = '' }: SimulatedAnswer): string => (typeof body === 'string' || Buffer.isBuffer(body) ? body.toString() : [...body].join(''))
const dayMs = 86_400_000

// What Marketo does on its bad days, and what we do about it: renew, wait, split, skip with a reason, or stop with a next step.
describe('marketo faults', () => {
  let simulator: MarketoSimulator
  let opened: ReturnType<typeof connect>
  const start = async (options: MarketoOptions = {}, config: JsonObject = {}): Promise<void> => {
    simulator = await new MarketoSimulator(options).start()
    opened = connect(simulator, { config })
    for (let number = 0; number < 3; number++) simulator.instance.addLead({ email: `p${String(number)}@acme.example`, firstName: `P${String(number)}` }, { atMs: simulator.nowMs - dayMs })
  }
  afterEach(async () => { await opened.close(); await simulator.close() })

  const people = (from?: ReadOnce): Promise<ReadOnce> => readOnce(opened.source, { stream: 'people', fields, ...(from?.checkpoint === undefined ? {} : { checkpoint: from.checkpoint }) })
  const emails = ({ changes }: ReadOnce): readonly unknown[] => [...new Set(changes.flatMap((each) => (each.op === 'upsert' ? [each.record['email']] : [])))].sort()
  const all = ['p0@acme.example', 'p1@acme.example', 'p2@acme.example']
  const stops = async (work: Promise<unknown>, code: ErrorCode, text: RegExp): Promise<void> => {
    await assert.rejects(work, (error) => {
      assert.ok(isCdpError(error, code), String(error))
      assert.match(`${error.message} ${error.help}`, text)
      return true
    })
  }
  const add = async (listId: number, email = 'p0@acme.example'): Promise<unknown> => {
    const [result] = itemsOf(await opened.destination.upsert({ id: 'd', at: opened.clock.now(), audience: { segment: 's', list: '', remoteId: String(listId) }, items: [{ key: 'k', identities: { email }, sourceKeys: [], payload: {} }] }))
    return [result?.status, result?.code]
  }

  for (const code of ['601', '602']) {
    it(`${code} in the middle of paging: the token is renewed once and the page asked for again`, async () => {
      await start({ blockSize: 2 })
      const before = await people()
      simulator.advance(60_000)
      for (let number = 0; number < 5; number++) simulator.instance.addLead({ email: 'new@acme.example' })
      simulator.advance(1000)
      const tokens = simulator.seen('POST /identity').length
      simulator.fail({ on: 'GET /rest/v1/activities/leadchanges', do: () => { simulator.expireTokens(); return jsonAnswer(200, simulator.failure(code)) }, after: 1 })
      assert.ok(emails(await people(before)).includes('new@acme.example'))
      assert.equal(simulator.seen('POST /identity').length, tokens + 1)
    })
  }

  it('tokens that end in the middle of a read are replaced, by whoever notices', async () => {
    await start({ tokenLifeMs: 90_000 })
    assert.deepEqual(emails(await people()), all)
    assert.ok(simulator.seen('POST /identity').length > 1)
  })

  it('a clock of the API that is ahead of the one that gives tokens: the end of the old token is waited for', async () => {
    await start({ tokenLifeMs: 100_000, clockSkewMs: 45_000 })
    assert.deepEqual(emails(await people()), all)
  })

  for (const [code, times] of [['606', 3], ['615', 3], ['604', 2], ['608', 3], ['611', 2], ['713', 3], ['502', 2]] as const) {
    it(`${code}: waits and goes on`, async () => {
      await start()
      simulator.failWith('* /rest/v1/activities', code, { times })
      const begun = simulator.nowMs
      assert.deepEqual(emails(await people()), all)
      assert.ok(simulator.nowMs > begun)
    })
  }

  it('waiting ends: what stays broken ends the read, with what was read kept and a next step', async () => {
    await start()
    simulator.failWith('* /rest/v1/activities', '611', { times: 'always' })
    await stops(people(), 'connector/unavailable', /Marketo error 611.*request [0-9a-f]+#.*next run/)
  })

  it('607: ends the read until the next day of Marketo, Central time', async () => {
    await start()
    simulator.failWith('GET /rest/v1/activities', '607')
    await stops(people(), 'connector/limited', /calls of the day are used up.*midnight, Central/)
    assert.deepEqual(emails(await people()), all)
  })

  it('keeps to its own share of the day: a source leaves a fifth to destinations', async () => {
    await start({}, { dailyCalls: 1000 })
    const ledger = memoryLedger()
    await opened.close()
    opened = connect(simulator, { config: { dailyCalls: 1000 }, ledger })
    for (let call = 0; call < 799; call++) await ledger.take('marketo 123-ABC-456', '2026-11-23', 1000)
    await stops(people(), 'http/quota-spent', /800 calls/)
    const list = simulator.instance.addList('L')
    assert.deepEqual(await add(list), ['ok', undefined])
  })

  it('never has more calls in 20 seconds or at once than it may', async () => {
    await start()
    for (let number = 0; number < 400; number++) simulator.instance.addToList(simulator.instance.addList(`L${String(number)}`), 1001)
    await readOnce(opened.source, { stream: 'list-members' })
    assert.ok(simulator.quotas.most.per20Seconds <= 50, String(simulator.quotas.most.per20Seconds))
    assert.ok(simulator.quotas.most.atOnce <= 5)
    assert.deepEqual(simulator.quotas.refused, { 606: 0, 607: 0, 615: 0 })
  })

  it('429 with Retry-After, 5xx, a closed connection and half an answer: asked again', async () => {
    for (const fault of [{ status: 429, headers: { 'retry-after': '7' } }, { status: 503 }, { status: 500, body: 'oops' }, { status: 200, body: '<html>' }, 'close', 'half'] as const) {
      await start()
      simulator.fail({ on: 'GET /rest/v1/activities/leadchanges', do: fault })
      assert.deepEqual(emails(await people()), all)
      await opened.close()
      await simulator.close()
    }
    await start()
  })

  it('414: what is too long for an address goes into the body', async () => {
    await start({ longTokens: true })
    const before = await people()
    simulator.instance.addLead({ email: 'long@acme.example' })
    simulator.advance(1000)
    assert.ok(emails(await people(before)).includes('long@acme.example'))
    assert.ok(simulator.requests.some((each) => each.method === 'POST' && each.query.get('_method') === 'GET'))
  })

  it('429 for what was sent again in the body: tells how long to wait', async () => {
    await start()
    simulator.fail({ on: 'GET /rest/v1/activities/leadchanges', do: { status: 414 } })
    simulator.fail({ on: 'POST /rest/v1/activities/leadchanges', do: { status: 429, headers: { 'retry-after': '600' } } })
    await assert.rejects(people(), (error) => isCdpError(error, 'connector/limited') && error.params['retryAfterMs'] === 600_000)
  })

  it('an export that fails is made again; after three times it ends the read and names the job', async () => {
    await start()
    simulator.exports.failNext = ['Internal error']
    assert.deepEqual(emails(await people()), all)
    assert.equal(simulator.exports.jobs.size, 2)
    simulator.exports.failNext = ['one', 'two', 'three']
    await stops(people(), 'connector/unavailable', /three.*export id/)
  })

  it('a file that breaks off is resumed where it broke; a damaged one is fetched again; one that is gone is made again', async () => {
    await start()
    simulator.fail({ on: 'GET file.json', do: 'half' })
    assert.deepEqual(emails(await people()), all)
    assert.ok(simulator.seen('GET file.json').some((each) => each.headers.range !== undefined))
    simulator.fail({ on: 'GET file.json', do: { change: (right: SimulatedAnswer) => ({ ...right, body: Buffer.from(textOf(right).replace('p0', 'xx')) }) } })
    assert.deepEqual(emails(await people()), all)
    simulator.fail({ on: 'GET file.json', times: 4, do: { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found' } })
    assert.deepEqual(emails(await people()), all)
  })

  it('a row that is no CSV is told as such, and the others are read', async () => {
    await start()
    const broken = 'id,email,firstName,createdAt,updatedAt\n1,a@x,A,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\n2,b"c@x,B\n3,c@x,C,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\n'
    simulator.fail({ on: 'GET file.json', do: { status: 200, headers: { 'content-type': 'text/csv' }, body: broken }, times: 'always' })
    simulator.fail({ on: 'GET status.json', times: 'always', do: { change: (right: SimulatedAnswer) => ({ ...right, body: textOf(right).replace(/"fileSize":\d+,"fileChecksum":"[^"]*"/, '"other":1') }) } })
    const { changes } = await people()
    assert.deepEqual(changes.flatMap((each) => (each.op === 'upsert' ? [each.record['id']] : [])), [1, 3])
    assert.ok(changes.some((each) => each.op === 'unreadable' && each.where.includes('line 3')))
  })

  it('the 500 MB of a day: ends until the next day, and goes on with the job that it has', async () => {
    await start({ limits: { bulkBytesPerDay: 5000 } })
    simulator.quotas.addBulk(simulator.nowMs, 6000)
    await stops(people(), 'connector/limited', /500 MB/)
    const kept = await readOnce(opened.source, { stream: 'people', fields }, { checkpoints: 1 })
    const windows = (): number => [...simulator.exports.jobs.values()].filter((each) => each.filter.createdAt).length
    const jobs = windows()
    simulator.advance(dayMs)
    assert.deepEqual(emails(await people(kept)), all)
    assert.equal(windows(), jobs)
  })

  it('a full queue: waits for its place', async () => {
    await start()
    const others = await Promise.all(Array.from({ length: 10 }, async () => simulator.exports.create('leads', { owner: 'other', fields: ['id'], filter: { createdAt: { startAt: '2026-01-01T00:00:00Z', endAt: '2026-01-02T00:00:00Z' } } }, simulator.nowMs)))
    for (const each of others) { each.status = 'Queued'; each.changedMs = simulator.nowMs }
    assert.deepEqual(emails(await people()), all)
  })

  it('a paging token that is not taken any more: a new one from the last activity that was seen', async () => {
    await start()
    const before = await people()
    simulator.instance.addLead({ email: 'new@acme.example' })
    simulator.advance(1000)
    simulator.failWith('GET /rest/v1/activities/leadchanges', '1003')
    assert.ok(emails(await people(before)).includes('new@acme.example'))
  })

  it('bad credentials and missing permissions: stops, and says where to look', async () => {
    await start({}, { clientId: 'wrong' })
    await stops(people(), 'connector/access', /LaunchPoint/)
    await opened.close()
    opened = connect(simulator)
    simulator.failWith('GET describe2', '603', { times: 'always' })
    await stops(people(), 'connector/access', /permission/)
  })

  for (const [code, status] of [['1004', 'unmatched'], ['1007', 'rejected'], ['1010', 'rejected'], ['1012', 'rejected']] as const) {
    it(`a person that is skipped with ${code} is told with the code, and the others are delivered`, async () => {
      await start()
      const list = simulator.instance.addList('L')
      simulator.fail({ on: 'POST /rest/v1/lists', times: code === '1004' ? 2 : 1, do: { change: (right: SimulatedAnswer) => ({ ...right, body: textOf(right).replace(/"status":"(?:added|memberof)"/, `"status":"skipped","reasons":[{"code":"${code}","message":"no"}]`) }) } })
      assert.deepEqual(await add(list), [status, `marketo/${code}`])
      assert.deepEqual(await add(list, 'p1@acme.example'), ['ok', undefined])
    })
  }

  for (const [code, problem] of [['1003', 'connector/config'], ['1006', 'connector/config'], ['1008', 'connector/config'], ['1009', 'connector/config'], ['1011', 'connector/config'], ['1013', 'connector/config'], ['1001', 'connector/refused'], ['1002', 'connector/refused'], ['1005', 'connector/refused']] as const) {
    it(`a request that is refused with ${code} stops and says what to do; nothing is lost`, async () => {
      await start()
      const list = simulator.instance.addList('L')
      simulator.failWith('POST /rest/v1/lists', code)
      await stops(add(list), problem, new RegExp(`Marketo error ${code}`))
      assert.deepEqual(await add(list), ['ok', undefined])
    })
  }

  it('a time-out hides that people were put in: they are put in again, which changes nothing', async () => {
    await start()
    const list = simulator.instance.addList('L')
    simulator.fail({ on: 'POST /rest/v1/lists', do: 'close', afterwards: true })
    assert.deepEqual(await add(list), ['noop', undefined])
    assert.equal(simulator.instance.lists.get(list)?.members.size, 1)
  })

  it('a batch that Marketo cannot take in one piece is halved', async () => {
    await start()
    const list = simulator.instance.addList('L')
    simulator.fail({ on: 'POST /rest/v1/lists', do: { status: 413, body: 'too large' } })
    const items = ['p0', 'p1', 'p2'].map((each) => ({ key: each, identities: { email: `${each}@acme.example` }, sourceKeys: [], payload: {} }))
    const result = itemsOf(await opened.destination.upsert({ id: 'd', at: opened.clock.now(), audience: { segment: 's', list: '', remoteId: String(list) }, items }))
    assert.deepEqual(result.map((each) => each.status), ['ok', 'ok', 'ok'])
    assert.equal(simulator.seen('POST /rest/v1/lists').length, 3)
  })
})
