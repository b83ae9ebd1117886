import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedClock } from '../kernel/clock.js'
import { aContext } from '../testing/a-context.js'
import { testNow } from '../testing/a-store.js'
import { filesDestination } from './builtin/files/destination.js'
import { loadPlugins } from './load.js'
import { resolveSecrets, secretReader } from './resolve-secrets.js'
import { toRetryAfterMs } from './retry-after.js'
import { type DeliveryRequest, type OpenDestination, defineConnector, definePlugin } from './sdk.js'

describe('plugins', () => {
  let folder = ''
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cdp-plugins-')) })
  afterEach(async () => { await rm(folder, { recursive: true }) })

  it('are loaded from a file of the project, and each problem is told by its reason', async () => {
    await writeFile(join(folder, 'good.mjs'), `export const plugin = { name: 'good', sdk: '^1', connectors: [{ name: 'fax', title: 'Fax' }] }`)
    await writeFile(join(folder, 'none.mjs'), 'export const other = 1')
    await writeFile(join(folder, 'broken.mjs'), `throw new Error('out of paper')`)
    const { connectors, problems } = await loadPlugins(['./good.mjs', './none.mjs', './broken.mjs', './gone.mjs', '@acme/none'], folder)
    assert.deepEqual(connectors.map((each) => each.name), ['fax'])
    assert.deepEqual(problems.map((each) => [each.plugin, each.reason]), [
      ['./none.mjs', 'it exports no plugin (export const plugin = definePlugin({…}))'], ['./broken.mjs', 'out of paper'], ['./gone.mjs', 'there is no such file'], ['@acme/none', 'it is not installed: npm install @acme/none'],
    ])
  })

  it('are refused when they are for another sdk, or are neither source nor destination', () => {
    assert.throws(() => definePlugin({ name: 'x', sdk: '^2', connectors: [] }), /sdk \^2/)
    assert.throws(() => defineConnector({ name: 'x', title: 'X' }), /neither/)
  })

  it('get the values of secrets, and it is told which are missing', async () => {
    await writeFile(join(folder, 'key'), 'from a file\n')
    const config = { a: { fromEnv: 'A' }, list: [{ fromFile: join(folder, 'key') }], b: { fromEnv: 'B' }, plain: { fromEnv: 'A', more: true } }
    assert.deepEqual(resolveSecrets(config, secretReader({ A: 'x', B: '' })), { config: { a: 'x', list: ['from a file'], b: '', plain: { fromEnv: 'A', more: true } }, missing: ['environment variable B'], secrets: ['x', 'from a file'] })
  })
})

describe('toRetryAfterMs', () => {
  it('reads seconds and dates, and nothing else', () => {
    const now = Date.parse('2026-11-23T06:00:00Z')
    assert.deepEqual(['5', 'Mon, 23 Nov 2026 06:00:10 GMT', 'Mon, 23 Nov 2026 05:00:00 GMT', 'soon', undefined].map((each) => toRetryAfterMs(each, now)), [5000, 10_000, 0, undefined, undefined])
  })
})

describe('files destination', () => {
  let folder = ''
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cdp-files-')) })
  afterEach(async () => { await rm(folder, { recursive: true }) })

  const open = (format?: string): OpenDestination =>
    filesDestination.open(aContext({ folder: 'out', ...(format === undefined ? {} : { format }) }, { folder }))
  const request = (...rows: readonly (readonly [number, string])[]): DeliveryRequest =>
    ({ id: 'd', at: fixedClock(testNow).now(), audience: { segment: 'hot', list: 'Hot/leads ü' }, items: rows.map(([id, email]) => ({ key: `1:${String(id)}:9`, identities: {}, sourceKeys: [], payload: { email, note: 'a "b", c' } })) })

  it('keeps the members of now in one file, and repeating a delivery changes nothing', async () => {
    const destination = open()
    await destination.upsert(request([1, 'a@x'], [2, '=cmd@x']))
    await destination.upsert(request([1, 'a@x'], [2, '=cmd@x']))
    await destination.remove(request([1, 'a@x']))
    assert.deepEqual((await readdir(join(folder, 'out'))).sort(), ['.Hot_leads ü.members.json', 'Hot_leads ü.csv'])
    assert.equal(await readFile(join(folder, 'out/Hot_leads ü.csv'), 'utf8'), `email,note\n'=cmd@x,"a ""b"", c"\n`)
  })

  it('writes JSON lines when asked to', async () => {
    await open('jsonl').upsert(request([2, 'b@x'], [1, 'a@x']))
    assert.equal(await readFile(join(folder, 'out/Hot_leads ü.jsonl'), 'utf8'), '{"email":"a@x","note":"a \\"b\\", c"}\n{"email":"b@x","note":"a \\"b\\", c"}\n')
  })
})
