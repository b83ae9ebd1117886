import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fixedClock } from '../../kernel/clock.js'
import { isCdpError } from '../../kernel/error.js'
import { type LogFields, type LogLevel } from '../../kernel/log.js'
import { testNow } from '../../testing/a-store.js'
import { type Host, openHost } from '../host.js'
import { type OpenRequest, openDestination, openSource } from '../open-connector.js'
import { type DeliveryRequest, type DestinationConnector, type OpenSource, type Plugin, type ReadPart, type SourceConnector } from '../sdk.js'
import { type Isolation, findMethods, isolateDestination, isolateSource } from './isolate.js'

// What was built: a process cannot start from TypeScript, and tests need not wait for its translation.
const child = new URL('../../../dist/plugins/isolation/child.js', import.meta.url)
const http = resolve('packages/plugin-destination-http/dist/index.js')

// A connector that does what its configuration says. Any plugin may: nothing of it is ours.
const bad = `
const does = {
  exit: () => { process.exit(3) },
  throw: () => new Promise(() => { setTimeout(() => { throw new TypeError('nobody catches s3cr3t-value') }, 1) }),
  hang: () => { for (;;); },
  wait: () => new Promise(() => {}),
  leak: () => { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)) },
  fail: () => { throw new Error('as it should: s3cr3t-value') },
  look: () => ({ ok: false, reason: JSON.stringify([process.argv.slice(2), process.env]) }),
  ok: () => ({ ok: true }),
}
export const plugin = { name: 'bad', sdk: '^1', connectors: [{ name: 'bad', title: 'Bad', source: {
  configSchema: { type: 'object' }, defaultType: 'Bad', capabilities: { incremental: true, deletes: 'none', limits: [{ requests: 2, per: '1d', scope: 'account' }] },
  accountOf: () => 'one',
  open: ({ config, http, log, clock, hide }) => ({
    check: async () => does[config.does](),
    discover: async () => { hide('token-of-today'); log.write('info', 'with token-of-today', { at: clock.now() }); return [] },
    async *read() {
      const { body, ...head } = await http.stream({ method: 'GET', url: config.url })
      let text = ''
      for await (const piece of body) text += new TextDecoder().decode(piece)
      yield { records: [{ op: 'upsert', record: { text, status: head.status } }] }
      for (let done = 1; ; done++) { yield { checkpoint: { done } }; if (config.times === done) break; await http.request({ method: 'GET', url: config.url }) }
    },
  }),
} }] }
`

describe('a connector in a process of its own', () => {
  let folder = ''
  let server: Server
  let host: Host
  let sent: unknown[] = []
  let logged: (readonly [LogLevel, string, LogFields | undefined])[] = []
  let connector: SourceConnector
  let opened: { close?(): Promise<void> }[] = []
  const clock = fixedClock(testNow)
  const url = (): string => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/x`

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cdp-isolation-'))
    writeFileSync(join(folder, 'bad.mjs'), bad)
    const { plugin } = (await import(pathToFileURL(join(folder, 'bad.mjs')).href)) as { readonly plugin: Plugin }
    const [{ source } = {}] = plugin.connectors
    assert.ok(source)
    connector = source
    server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => { body += text }).on('end', () => {
        sent.push([request.method, request.headers['authorization'], body])
        response.end(body === '' ? 'žluť' : JSON.stringify({ results: [{ index: 0, status: 'ok' }, { index: 1, status: 'rejected', code: 'no', message: 'not s3cr3t-value' }] }))
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  })
  beforeEach(() => {
    [sent, logged, opened] = [[], [], []]
    host = openHost({ clock, log: { write: () => undefined }, random: () => 0.5, signal: new AbortController().signal, version: 'test', allow: ['loopback'] })
  })
  afterEach(async () => {
    for (const each of opened) await each.close?.()
    await host.close()
  })
  after(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  const isolation = (parts: Partial<Isolation> = {}): Isolation => ({ address: 'Source/x', file: join(folder, 'bad.mjs'), connector: 'bad', child, ...parts })
  const request = (config: OpenRequest['config']): OpenRequest => ({
    address: 'Source/x', connector: 'bad', config, host, secrets: () => 's3cr3t-value', clock, random: () => 0.5, signal: new AbortController().signal, folder,
    log: { write: (level, message, fields) => { logged.push([level, message, fields]) } },
  })
  const open = (config: OpenRequest['config'], parts?: Partial<Isolation>): OpenSource => {
    const source = openSource(isolateSource(connector, isolation(parts)), request({ key: { fromEnv: 'KEY' }, ...config }))
    opened.push(source)
    return source
  }
  const checkOf = (does: string, parts?: Partial<Isolation>): Promise<unknown> => open({ does }, parts).check().catch((error: unknown) => error)

  it('ends by itself, and only the call ends with it: with a code, what happened and what to do', async () => {
    const [exit, thrown, failed] = await Promise.all(['exit', 'throw', 'fail'].map((each) => checkOf(each)))
    assert.ok(isCdpError(exit, 'connector/process-ended'))
    assert.equal(exit.message, 'The process of a connector ended: Source/x: it ended by itself with exit code 3.')
    assert.match(exit.help, /tried again/)
    assert.ok(isCdpError(thrown, 'connector/process-ended'))
    assert.equal(thrown.message, 'The process of a connector ended: Source/x: it ended by itself with exit code 1: TypeError: nobody catches [secret].')
    assert.deepEqual([failed instanceof Error && failed.message, isCdpError(failed)], ['as it should: [secret]', false])
  })

  it('says nothing for too long, busy or waiting, and is ended', async () => {
    const found = await Promise.all(['hang', 'wait'].map((each) => checkOf(each, { silentMs: 300 })))
    assert.deepEqual(found.map((each) => isCdpError(each, 'connector/process-hangs')), [true, true])
  })

  it('needs more memory than it may, and is ended', async () => {
    const found = await checkOf('leak', { memoryMb: 30 })
    assert.equal(isCdpError(found, 'connector/process-ended') && found.params['how'], 'it needed more than 30 MB of memory')
  })

  it('is started anew by the next call, and knows nothing of this process but what it was told', async () => {
    const source = open({ does: 'look' })
    assert.deepEqual(await source.check(), { ok: false, reason: '[[],{}]' })
    assert.deepEqual([await source.discover(), await source.discover()], [[], []])
    assert.deepEqual(logged, Array.from({ length: 2 }, () => ['info', 'with [secret]', { at: testNow }]))
  })

  it('reads as it does in this one: piece by piece, within the limits of its account', async () => {
    const partsOf = async (source: OpenSource): Promise<readonly (ReadPart | string)[]> => {
      const parts: (ReadPart | string)[] = []
      try {
        for await (const part of source.read({ stream: 's', config: {} })) parts.push(part)
      } catch (error) {
        parts.push(isCdpError(error) ? error.code : String(error))
      }
      return parts
    }
    const here = await partsOf(openSource(connector, request({ url: url() })))
    await host.close()
    host = openHost({ clock, log: { write: () => undefined }, random: () => 0.5, signal: new AbortController().signal, version: 'test', allow: ['loopback'] })
    assert.deepEqual(await partsOf(open({ url: url() })), here)
    assert.deepEqual(here, [{ records: [{ op: 'upsert', record: { text: 'žluť', status: 200 } }] }, { checkpoint: { done: 1 } }, { checkpoint: { done: 2 } }, 'http/quota-spent'])
  })

  it('delivers as it does in this one: the http destination', async () => {
    const { plugin } = (await import(pathToFileURL(http).href)) as { readonly plugin: Plugin }
    const destination = plugin.connectors[0]?.destination
    assert.ok(destination)
    const config = { url: url(), auth: { bearer: { fromEnv: 'TOKEN' } } }
    const own = isolation({ address: 'Destination/x', file: http, connector: 'http' })
    const can = await findMethods(own, { config, clock, folder })
    const delivery: DeliveryRequest = { id: 'd', at: clock.now(), audience: { segment: 's', list: 'l' }, items: ['a', 'b'].map((key) => ({ key, identities: { email: `${key}@x.example` }, sourceKeys: [], payload: { email: `${key}@x.example` } })) }
    const use = async (side: DestinationConnector): Promise<unknown> => {
      sent = []
      const at = openDestination(side, { ...request(config), connector: 'http' })
      opened.push(at)
      return [await at.check(), await at.upsert(delivery), await at.remove(delivery), sent]
    }
    assert.deepEqual([...can].sort(), ['check', 'remove', 'upsert'])
    assert.deepEqual(await use(isolateDestination(destination, own, can)), await use(destination))
    assert.deepEqual(sent.length, 3)
  })
})
