import assert from 'node:assert/strict'
import { describePlugin, findDoubles } from '../plugins/describe-plugin.js'
import type { LoadedPlugin } from '../plugins/load.js'
import { type JsonSchema, defineConnector, definePlugin } from '../plugins/sdk.js'
import { noColour } from './paint.js'
import { toPluginPage } from './plugin-page.js'
import { renderPlugin, renderPluginList } from './plugins.js'

const secret: JsonSchema = { type: 'string', 'x-secret': true, description: 'Key of | the <fax>.' }
const connector = defineConnector({
  name: 'fax', title: 'Fax',
  source: {
    configSchema: {
      type: 'object', required: ['line', 'apiKey'], properties: {
        line: { enum: ['a', 'b'], description: 'Which line.' }, apiKey: secret, tries: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
        login: { oneOf: [{ type: 'object', required: ['token'], properties: { token: secret } }, { type: 'object', required: ['user'], properties: { user: { type: 'string' } } }] },
        numbers: { type: 'array', items: { type: 'object', required: ['number'], properties: { number: { type: 'string' } } } },
      },
    },
    configVersion: 2, migrateConfig: (config) => config, defaultType: 'Fax',
    capabilities: { incremental: true, deletes: 'none', limits: [{ requests: 1000, per: '1d', scope: 'account', timeZone: 'America/Chicago' }] },
    streamsOf: () => [{ name: 'senders', entity: 'person', key: 'id', schema: {}, map: { email: 'mail' } }],
    open: () => { throw new Error('descriptions open nothing') },
  },
  destination: {
    configSchema: { type: 'object', properties: {} },
    capabilities: { identities: ['email'], maxBatch: 10, asyncJobs: true, idempotent: true, createsMissing: false, readBack: 'members', limits: [{ concurrency: 1 }], defaultPayload: '{ "to": person.fax }' },
    open: () => { throw new Error('descriptions open nothing') },
  },
})
const loaded: LoadedPlugin = {
  written: '@acme/plugin-fax', version: '1.2.3', file: '/project/node_modules/@acme/plugin-fax/dist/index.js',
  plugin: definePlugin({ name: '@acme/plugin-fax', sdk: '^1', connectors: [connector], guardrails: [{ id: 'fax-lines', title: 'Too many lines', kind: 'soft', generations: ['adobe-2025'], limit: 2, unit: 'lines', rows: [], source: 'https://fax.example', why: 'They get hot.', fix: 'Use one.', check: () => [] }] }),
}
const described = describePlugin(loaded, '/project')

describe('a plugin as text', () => {
  it('is listed with where it is from and what its connectors can do', () => {
    assert.deepEqual(renderPluginList([described], ['! a remark'], noColour).split('\n'), [
      '@acme/plugin-fax 1.2.3  node_modules/@acme/plugin-fax/dist/index.js · sdk ^1 · 1 guardrail',
      '  fax  source       incremental, no deletes',
      '       destination  people, by email, batches of 10, idempotent, jobs, reads back members',
      '',
      '! a remark',
    ])
    assert.deepEqual(findDoubles([loaded, { ...loaded, written: './other.js' }]), [{ connector: 'fax', plugins: ['@acme/plugin-fax', './other.js'] }])
  })

  it('has every option with what it takes, whether it is a secret and when it is needed', () => {
    const lines = renderPlugin(described, described.connectors, noColour).split('\n')
    const from = lines.findIndex((each) => each.includes('config (version 2, older ones are taken)'))
    assert.deepEqual(lines.slice(from - 2, from + 12), [
      '  limits',
      '    1,000 requests a day, for the account (days of America/Chicago)',
      '  config (version 2, older ones are taken)',
      '    line              a | b            required        Which line.',
      '    apiKey            secret           required        Key of | the <fax>.',
      '    tries             integer, 1 to 9  default 3',
      '    login             map',
      '    login.token       secret           one of them     Key of | the <fax>.',
      '    login.user        text             one of them',
      '    numbers           list of map',
      '    numbers[].number  text             with numbers[]',
      '  streams',
      '    senders  → person · key id',
      '      email  mail',
    ])
    assert.equal(lines.at(-1), '    guardrail/fax-lines  soft, only adobe-2025  2 lines  Too many lines')
  })

  it('is a page that says the same every time, and in which texts of others stay texts', () => {
    const page = toPluginPage(described)
    assert.equal(toPluginPage(describePlugin({ ...loaded, file: '/elsewhere/index.js', version: '9.9.9' }, '/project')), page)
    assert.deepEqual(page.split('\n').filter((each) => /apiKey|fax-lines|senders|to": person|line: /.test(each)), [
      '  line: …    # a | b',
      '  apiKey: { fromEnv: FAX_API_KEY }',
      '| `apiKey` | **secret**: `fromEnv` or `fromFile` | required |  | Key of \\| the \\<fax\\>. |',
      '##### `senders`',
      '{ "to": person.fax }',
      '| `guardrail/fax-lines` | soft, only adobe-2025 | 2 lines | Too many lines | They get hot. | Use one. |',
    ])
  })
})
