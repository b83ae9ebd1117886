import assert from 'node:assert/strict'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../kernel/clock.js'
import { isCdpError } from '../kernel/error.js'
import { type LogFields, type LogLevel, silentLog } from '../kernel/log.js'
import { type Host, openHost } from './host.js'
import { openDestination, openSource } from './open-connector.js'
import { itemsOf } from '../testing/a-context.js'
import { type DeliveryRequest, type DestinationConnector, type OpenDestination, type SourceConnector, connectorError, isConnectorError } from './sdk.js'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

describe('host', () => {
  let server: Server
  let url = ''
  let host: Host
  let handlers: Handler[] = []
  let waits: number[] = []
  let asked = 0

  beforeEach(async () => {
    handlers = []
    waits = []
    asked = 0
    server = createServer((request, response) => {
      asked++
      const handler = handlers.shift()
      if (handler) handler(request, response)
      else response.end('fine')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/x?token=visible`
    host = openHost({ clock: systemClock, log: silentLog, random: () => 0.5, signal: new AbortController().signal, version: 'test', allow: ['loopback'], sleep: (ms) => { waits.push(ms); return Promise.resolve() } })
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await host.close()
  })

  const answer = (status: number, headers: Readonly<Record<string, string>> = {}): Handler => (_request, response) => response.writeHead(status, headers).end('no')
  const hangUp: Handler = (request) => { request.socket.destroy() }

  it('repeats what the request names, after what the server asks or ever longer', async () => {
    handlers = [answer(503), answer(429, { 'retry-after': '7' }), hangUp]
    const { text } = await host.http([]).request({ method: 'GET', url, retryOn: [429, 503, 'no-answer'] })
    assert.deepEqual([text, waits], ['fine', [375, 7000, 1500]])
  })

  it('gives the answer up when it is asked for more patience than a request has, and after four tries', async () => {
    handlers = [answer(429, { 'retry-after': '3600' })]
    assert.equal((await host.http([]).request({ method: 'GET', url, retryOn: [429] })).status, 429)
    handlers = [hangUp, hangUp, hangUp, hangUp]
    await assert.rejects(host.http([]).request({ method: 'GET', url, retryOn: ['no-answer'] }), (error) => isCdpError(error, 'http/no-answer') && !error.message.includes('visible'))
    assert.deepEqual([asked, waits], [5, [375, 750, 1500]])
  })

  it('streams an answer piece by piece, and tells when it breaks off or stands still', async () => {
    const piecesOf = async (timeoutMs?: number): Promise<string> => {
      const { body } = await host.http([]).stream({ method: 'GET', url, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
      const pieces: Uint8Array[] = []
      for await (const piece of body) pieces.push(piece)
      return Buffer.concat(pieces).toString()
    }
    handlers = [(_request, response) => { response.write('a,b\n'); setTimeout(() => response.end('1,2\n'), 20) }]
    assert.equal(await piecesOf(), 'a,b\n1,2\n')
    handlers = [(request, response) => { response.writeHead(200, { 'content-length': '100' }).write('a,b\n'); setTimeout(() => request.socket.destroy(), 20) }]
    await assert.rejects(piecesOf(), (error) => isConnectorError(error, 'http/no-answer'))
  })

  describe('opens connectors', () => {
    const logged: (readonly [LogLevel, string, LogFields | undefined])[] = []
    const request = { address: 'Destination/x', connector: 'x', secrets: () => 's3cr3t-value', clock: systemClock, random: () => 0.5, signal: new AbortController().signal, folder: '/', log: { write: (level: LogLevel, message: string, fields?: LogFields) => { logged.push([level, message, fields]) } } }
    const delivery: DeliveryRequest = { id: 'd', at: systemClock.now(), audience: { segment: 's', list: 'l' }, items: [{ key: 'k', identities: {}, sourceKeys: [], payload: {} }] }
    const capabilities = { identities: [], maxBatch: 1, asyncJobs: true, idempotent: true, createsMissing: false, readBack: 'none', limits: [], defaultPayload: '{}' } as const
    const anOpen = (parts: Partial<OpenDestination>): OpenDestination => ({ check: () => Promise.resolve({ ok: true }), upsert: () => Promise.resolve({ items: [] }), remove: () => Promise.resolve({ items: [] }), ...parts })
    const aDestination = (parts: Partial<DestinationConnector>): DestinationConnector => ({ configSchema: { type: 'object' }, capabilities, open: () => anOpen({}), ...parts })

    it('without their secrets in logs, errors, answers and receipts', async () => {
      const open = openDestination(aDestination({
        open: ({ config, log, ...context }) => {
          context.hide('token-of-today')
          const key = config['key'] as string
          log.write('info', `with ${key}`, { url: `https://x/?k=${encodeURIComponent(key)}`, count: 1 })
          return anOpen({
            check: () => Promise.resolve({ ok: false, reason: `${key} is wrong`, hint: 'ask token-of-today' }),
            upsert: () => Promise.resolve({ items: [{ key: 'k', status: 'rejected', message: `bearer token-of-today` }] }),
            remove: () => Promise.reject(connectorError('access', { reason: `${key} is not accepted`, hint: 'hint', cause: new Error(key) })),
          })
        },
      }), { ...request, host, config: { key: { fromEnv: 'KEY' } } })
      assert.deepEqual(logged, [['info', 'with [secret]', { url: 'https://x/?k=[secret]', count: 1 }]])
      assert.deepEqual(await open.check(), { ok: false, reason: '[secret] is wrong', hint: 'ask [secret]' })
      assert.deepEqual(itemsOf(await open.upsert(delivery)), [{ key: 'k', status: 'rejected', message: 'bearer [secret]' }])
      await assert.rejects(open.remove(delivery), (error) => isConnectorError(error, 'connector/access') && error.message === 'Access is refused: [secret] is not accepted.' && (error.cause as Error).message === '[secret]')
    })

    it('with a configuration of the present version', () => {
      const seen: unknown[] = []
      const source: SourceConnector = {
        configSchema: { type: 'object', required: ['region'], additionalProperties: false, properties: { region: { enum: ['eu', 'us'] }, key: { type: 'string', pattern: '^[0-9]+$', 'x-secret': true } } },
        configVersion: 2, migrateConfig: ({ datacenter, ...rest }) => ({ ...rest, region: datacenter ?? null }), defaultType: 'X', capabilities: { incremental: true, deletes: 'none', limits: [] },
        open: ({ config }) => { seen.push(config); return { check: () => Promise.resolve({ ok: true }), discover: () => Promise.resolve([]), async *read() { /* nothing */ } } },
      }
      for (const config of [{ region: 'us' }, { datacenter: 'eu', key: { fromEnv: 'KEY' } }]) openSource(source, { ...request, host, config })
      assert.deepEqual(seen, [{ region: 'us' }, { region: 'eu', key: 's3cr3t-value' }])
    })

    it('and waits for their jobs, but not for ever', async () => {
      let polls = 0
      const open = openDestination(aDestination({
        open: () => anOpen({
          upsert: () => Promise.resolve({ job: { id: 'j1', pollAfterMs: 10_000 } }),
          poll: () => Promise.resolve(++polls === 2 ? { items: [{ key: 'k', status: 'ok' }] } : { job: { id: 'j1', pollAfterMs: 10_000 } }),
        }),
      }), { ...request, host, config: {} })
      assert.deepEqual(itemsOf(await open.upsert(delivery)), [{ key: 'k', status: 'ok' }])
      assert.deepEqual(waits, [10_000, 10_000])
      assert.deepEqual(await open.upsert(delivery), { job: { id: 'j1', pollAfterMs: 10_000 } })
    })
  })
})
