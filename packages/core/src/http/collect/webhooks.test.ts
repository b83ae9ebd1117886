import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Webhook } from 'standardwebhooks'
import type { CollectedRecord } from '../../daemon/daemon.js'
import { systemClock } from '../../kernel/clock.js'
import { silentLog } from '../../kernel/log.js'
import { webhookOf } from '../../plugins/builtin/events/webhook.js'
import { collectServer } from './server.js'
import { findSigned } from './webhooks.js'
import { type Hook, WriteKeys } from './write-keys.js'

const secret = `whsec_${Buffer.from('a secret of some length').toString('base64')}`
const other = `whsec_${Buffer.from('another one').toString('base64')}`
const hookOf = (sandbox: string, source: number, hook: string, webhook: Readonly<Record<string, unknown>>): Hook => {
  const found = webhookOf({ webhook })
  assert.ok(found)
  return { sandbox, source, hook, webhook: found }
}
const github = { scheme: 'hmac-sha256', secret: 'gh', header: 'X-Hub-Signature-256', prefix: 'sha256=', idHeader: 'X-GitHub-Delivery' }
const slack = { scheme: 'hmac-sha256', secret: 'sl', header: 'X-Slack-Signature', prefix: 'v0=', signed: 'v0:{timestamp}:{body}', timestampHeader: 'X-Slack-Request-Timestamp' }

describe('webhooks', () => {
  let server: FastifyInstance
  let url: string
  let taken: (readonly [string, number, CollectedRecord])[]

  beforeEach(async () => {
    taken = []
    server = collectServer({
      // The library that signs knows no other clock.
      clock: systemClock, log: silentLog, newId: () => 'id', writeKeys: () => new WriteKeys([], [hookOf('dev', 1, 'billing', { secret, formerSecret: other }), hookOf('prod', 2, 'billing', { secret: 'whsec_cHJvZA==' }), hookOf('dev', 3, 'github', github), hookOf('dev', 4, 'slack', slack)]),
      collect: ({ sandbox, source }, records) => { taken.push(...records.map((each) => [sandbox, source, each] as const)); return Promise.resolve() },
    })
    url = await server.listen({ host: '127.0.0.1', port: 0 })
  })
  afterEach(() => server.close())

  const post = async (source: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> => (await fetch(`${url}/hooks/${source}`, { method: 'POST', body, headers })).status
  const signed = (key: string, body: string, at = new Date(), id = 'msg_1'): Readonly<Record<string, string>> => ({ 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': new Webhook(key).sign(id, at, body) })
  const hex = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex')
  const body = '{"type":"invoice.paid","timestamp":"2026-11-23T06:00:00Z","data":{"email":"zoë@x.example","amount":5}}'

  it('become events when the Standard Webhooks library signed them; what is repeated has the same id', async () => {
    assert.deepEqual([await post('billing', body, signed(secret, body)), await post('billing', body, signed(secret, body, new Date(Date.now() - 60_000)))], [200, 200])
    const record = { messageId: 'msg_1', eventType: 'invoice.paid', timestamp: '2026-11-23T06:00:00.000Z', properties: JSON.parse(body) as object, email: 'zoë@x.example' }
    assert.deepEqual(taken, [1, 2].map(() => ['dev', 1, { stream: 'events', change: { op: 'upsert', record } }]))
  })

  it('are for the sandbox whose secret signed them; a former secret is good, too', async () => {
    assert.deepEqual([await post('billing', '{}', signed('whsec_cHJvZA==', '{}')), await post('billing', '{}', signed(other, '{}'))], [200, 200])
    assert.deepEqual(taken.map(([sandbox, source]) => [sandbox, source]), [['prod', 2], ['dev', 1]])
  })

  it('are refused with another secret, another body, no signature, or a time that is too far from now', async () => {
    const late = new Date(Date.now() - 301_000)
    const early = new Date(Date.now() + 400_000)
    const good = signed(secret, body)
    const bad: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      [body, signed(`whsec_${Buffer.from('wrong').toString('base64')}`, body)], [body.replace('5', '6'), good], [body, {}], [body, signed(secret, body, late)], [body, signed(secret, body, early)],
      [body, { ...good, 'webhook-id': 'msg_2' }], [body, { ...good, 'webhook-timestamp': 'soon' }], [body, { ...good, 'webhook-signature': 'v1,' }], [body, { ...good, 'webhook-signature': (good['webhook-signature'] ?? '').replace('v1,', 'v2,') }],
    ]
    for (const [text, headers] of bad) assert.equal(await post('billing', text, headers), 401, JSON.stringify(headers))
    assert.deepEqual([await post('nowhere', body, good), await post('billing', '', good), await post('billing', 'no JSON', signed(secret, 'no JSON'))], [404, 401, 400])
    assert.deepEqual(taken, [])
  })

  it('may be signed by HMAC in a header of the sender’s own, with the time or without', async () => {
    const seconds = String(Math.floor(Date.now() / 1000))
    const old = String(Math.floor(Date.now() / 1000) - 301)
    assert.deepEqual([
      await post('github', body, { 'x-hub-signature-256': `sha256=${hex('gh', body)}`, 'x-github-delivery': 'd-1' }), await post('github', body, { 'x-hub-signature-256': hex('gh', body) }), await post('github', `${body} `, { 'x-hub-signature-256': `sha256=${hex('gh', body)}` }),
      await post('slack', body, { 'x-slack-signature': `v0=${hex('sl', `v0:${seconds}:${body}`)}`, 'x-slack-request-timestamp': seconds }), await post('slack', body, { 'x-slack-signature': `v0=${hex('sl', `v0:${old}:${body}`)}`, 'x-slack-request-timestamp': old }),
      await post('slack', body, { 'x-slack-signature': `v0=${hex('sl', `v0::${body}`)}` }),
    ], [200, 401, 401, 200, 401, 401])
    assert.deepEqual(taken.map(([, source, { change }]) => [source, change.op === 'upsert' ? change.record['messageId'] : '']), [[3, 'd-1'], [4, createHash('sha256').update(body).digest('hex')]])
  })

  it('keep a body that is no object for quarantine', async () => {
    assert.equal(await post('billing', '[1]', signed(secret, '[1]')), 200)
    assert.deepEqual(taken.map(([, , each]) => each), [{ stream: 'events', change: { op: 'unreadable', where: 'webhook', reason: 'the body is no object', text: '[1]' } }])
  })

  it('are signed over their bytes, whatever those are', () => {
    const bytes = Buffer.from([0xff, 0x00, 0x80])
    const { webhook } = hookOf('dev', 1, 'raw', { ...github, encoding: 'base64' })
    const signature = createHmac('sha256', 'gh').update(bytes).digest('base64')
    assert.deepEqual(findSigned(webhook, { headers: { 'x-hub-signature-256': `sha256=${signature}`, 'x-github-delivery': 'x' }, body: bytes, receivedMs: 5000 }), { id: 'x', sentMs: 5000 })
  })
})
