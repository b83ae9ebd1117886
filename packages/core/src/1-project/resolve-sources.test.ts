import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe as tell } from '../kernel/diagnostic.js'
import type { Connector } from '../plugins/sdk.js'
import { loadProject } from './index.js'
import type { Source } from './project.js'

const connector: Connector = {
  name: 'acme', title: 'Acme',
  source: {
    configSchema: { type: 'object', required: ['site'], additionalProperties: false, properties: { site: { type: 'string' }, crm: { type: 'string' } } },
    configVersion: 2, migrateConfig: ({ domain, ...rest }) => ({ ...rest, site: domain ?? null }),
    defaultType: 'Acme', capabilities: { incremental: true, deletes: 'hard', limits: [] },
    instanceOf: ({ site }) => site as string,
    streamsOf: ({ crm }) => [
      { name: 'people', schema: {}, entity: 'person', key: 'id', cursor: 'changed', map: { email: 'mail', firstName: 'first', ...(crm === undefined ? {} : { externalKey: `$sourceKey(crmId, "${crm as string}")` }) } },
      { name: 'firms', schema: {}, entity: 'account', key: 'id', map: { name: 'name' }, optional: true },
    ],
    open: () => { throw new Error('not opened') },
  },
}

describe('sources', () => {
  let folder = ''
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cdp-sources-')) })
  afterEach(async () => { await rm(folder, { recursive: true }) })

  const load = async (source: string): Promise<{ readonly source?: Source; readonly told: readonly string[] }> => {
    await writeFile(join(folder, 'cdp.yaml'), `kind: Project\nname: p\ninclude: []\n---\nkind: Source\nname: acme\nconnector: acme\n${source}`)
    const checked = await loadProject({ folder, loadPlugins: () => Promise.resolve({ plugins: [], connectors: [connector], problems: [], guardrails: [] }), secrets: { has: () => true } })
    const told = (checked.ok ? checked.warnings : checked.problems).map((each) => `${each.code} ${String(each.at?.from.line)}: ${tell(each).help}`)
    const [found] = checked.ok ? checked.value.sources : []
    return { told, ...(found ? { source: found } : {}) }
  }

  it('have the streams of their connector, with its mapping and its instance, unless they write their own', async () => {
    const { source } = await load('config: { site: eu, crm: crm }\nbackfill: { since: 2025-01-01 }\n')
    assert.deepEqual(source, {
      name: 'acme', connector: 'acme', instance: 'eu', type: 'Acme', config: { site: 'eu', crm: 'crm' }, since: '2025-01-01T00:00:00.000Z',
      streams: [{ name: 'people', entity: 'person', key: 'id', cursor: 'changed', config: {}, map: { email: 'mail', firstName: 'first', externalKey: '$sourceKey(crmId, "crm")' } }],
    })
  })

  it('start from the connector\'s stream where they name one, field by field', async () => {
    const { source } = await load('config: { site: eu }\nstreams:\n  - { name: firms }\n  - { name: people, map: { email: "$lowercase(mail)" } }\n  - { name: other, entity: account, key: n, map: { name: n } }\n')
    assert.deepEqual(source?.streams.map((each) => [each.name, each.entity, each.key, each.map]), [
      ['firms', 'account', 'id', { name: 'name' }], ['people', 'person', 'id', { email: '$lowercase(mail)', firstName: 'first' }], ['other', 'account', 'n', { name: 'n' }],
    ])
  })

  it('say which streams there are when they name none of them', async () => {
    assert.deepEqual((await load('config: { site: eu }\nstreams: [{ name: poeple }]\n')).told, ['project/unknown-reference 9: Did you mean "people"?'])
  })

  it('are read in an older form, which is told', async () => {
    const { source, told } = await load('config: { domain: eu }\n')
    assert.deepEqual([source?.config, told], [{ site: 'eu' }, ['project/old-config 8: Write it as cdp show --effective has it.']])
  })
})
