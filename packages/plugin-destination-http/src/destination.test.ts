import assert from 'node:assert/strict'
import { type IncomingMessage, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { systemClock } from '../../core/src/kernel/clock.js'
import { isCdpError } from '../../core/src/kernel/error.js'
import { silentLog } from '../../core/src/kernel/log.js'
import { type Host, openHost } from '../../core/src/plugins/host.js'
import type { BatchResult, DeliveryRequest, JsonObject } from '../../core/src/plugins/sdk.js'
import { aContext, itemsOf } from '../../core/src/testing/a-context.js'
import { httpConnector } from './destination.js'

interface Received {
  readonly method: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } | 'hang' | 'close'

const delivery: DeliveryRequest = {
  id: 'd1', at: systemClock.now(), audience: { segment: 'hot', list: 'Hot ü' },
  items: [{ key: '1:1:1', identities: {}, sourceKeys: [], payload: { email: 'ada@acme.example' } }, { key: '1:2:2', identities: {}, sourceKeys: [], payload: { email: 'zoë@acme.example' } }],
}

describe('http destination', () => {
  let server: Server
  let url = ''
  let host: Host
  let received: Received[] = []
  let answer: Answer = { status: 200 }

  beforeEach(async () => {
    received = []
    answer = { status: 200 }
    server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
        received.push({ method: request.method, headers: request.headers, body: Buffer.concat(parts).toString('utf8') })
        if (answer === 'hang') return
        if (answer === 'close') { request.socket.destroy(); return }
        response.writeHead(answer.status, answer.headers)
        response.end(answer.body)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook?key=visible`
    host = openHost({ clock: systemClock, log: silentLog, random: () => 0.5, signal: new AbortController().signal, version: 'test', allow: ['loopback'] })
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await host.close()
  })

  const send = (config: JsonObject = {}, operation: 'upsert' | 'remove' = 'upsert'): Promise<BatchResult> => {
    const open = httpConnector.destination?.open(aContext({ url, ...config }, { http: host.http([]), clock: systemClock }))
    assert.ok(open)
    return open[operation](delivery)
  }
  const statuses = (result: BatchResult): readonly unknown[] => itemsOf(result).map((each) => [each.status, each.code])

  it('sends one JSON request with an idempotency key', async () => {
    assert.deepEqual(statuses(await send()), [['ok', undefined], ['ok', undefined]])
    const [request] = received
    assert.deepEqual([request?.method, request?.headers['content-type'], request?.headers['idempotency-key']], ['POST', 'application/json; charset=utf-8', 'd1'])
    assert.deepEqual(JSON.parse(request?.body ?? ''), {
      delivery: 'd1', at: delivery.at, segment: 'hot', list: 'Hot ü', operation: 'upsert',
      items: [{ key: '1:1:1', record: { email: 'ada@acme.example' } }, { key: '1:2:2', record: { email: 'zoë@acme.example' } }],
    })
  })

  it('authenticates as it is told', async () => {
    await send({ auth: { bearer: 't' } })
    await send({ auth: { basic: { user: 'u', password: 'p' } } })
    await send({ auth: { header: { name: 'X-Key', value: 'k' } }, headers: { 'x-team': 'ops' }, method: 'PUT' }, 'remove')
    assert.deepEqual(received.map((each) => [each.method, each.headers.authorization, each.headers['x-key'], each.headers['x-team']]), [['POST', 'Bearer t', undefined, undefined], ['POST', 'Basic dTpw', undefined, undefined], ['PUT', undefined, 'k', 'ops']])
  })

  it('signs so that a receiver with the standard library can check it', async () => {
    const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`
    await send({ signing: { secret } })
    const [request] = received
    assert.equal((new Webhook(secret).verify(request?.body ?? '', request?.headers as Record<string, string>) as { delivery: string }).delivery, 'd1')
    assert.throws(() => new Webhook(secret).verify(`${request?.body ?? ''} `, request?.headers as Record<string, string>))
  })

  it('tries again later what a server may take later, and honours Retry-After', async () => {
    for (const status of [408, 425, 429, 500, 503]) {
      answer = { status, headers: { 'retry-after': '7' }, body: 'busy' }
      const items = itemsOf(await send())
      assert.deepEqual(items[0], { key: '1:1:1', status: 'retry', code: `http/${String(status)}`, message: 'busy', retryAfterMs: 7000 })
    }
  })

  it('gives up what a server refuses, and follows no redirect', async () => {
    answer = { status: 422, body: 'x'.repeat(1000) }
    assert.deepEqual(itemsOf(await send())[0], { key: '1:1:1', status: 'rejected', code: 'http/422', message: 'x'.repeat(300) })
    answer = { status: 302, headers: { location: 'http://127.0.0.1:1/' } }
    assert.deepEqual(statuses(await send()), [['rejected', 'http/302'], ['rejected', 'http/302']])
    assert.equal(received.length, 2)
  })

  it('takes the results of single records from the answer', async () => {
    answer = { status: 207, body: JSON.stringify({ results: [{ key: '1:2:2', status: 422, message: 'no such mailbox' }, { index: 0, status: 'noop' }] }) }
    assert.deepEqual(itemsOf(await send()), [{ key: '1:1:1', status: 'noop' }, { key: '1:2:2', status: 'rejected', code: 'http/422', message: 'no such mailbox' }])
    answer = { status: 207, body: JSON.stringify({ results: [{ key: '1:1:1', status: 200 }] }) }
    assert.deepEqual(statuses(await send()), [['ok', undefined], ['retry', 'http/no-result']])
  })

  it('takes a good answer with garbage in it as good', async () => {
    answer = { status: 200, body: '<html>{"results": [' }
    assert.deepEqual(statuses(await send()), [['ok', undefined], ['ok', undefined]])
  })

  it('fails in a way that is tried again when nobody answers, when the answer breaks off, and when it takes too long; and tells no secrets', async () => {
    answer = 'close'
    await assert.rejects(send({ auth: { bearer: 's3cr3t' } }), (error) => isCdpError(error, 'http/no-answer') && !/s3cr3t|visible/.test(error.message))
    answer = 'hang'
    await assert.rejects(send({ timeoutSeconds: 0.1 }), (error) => isCdpError(error, 'http/timeout'))
    url = 'http://127.0.0.1:1/'
    await assert.rejects(send(), (error) => isCdpError(error, 'http/no-answer') && error.message.includes('nobody listens'))
  })
})
