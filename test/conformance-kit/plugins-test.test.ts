import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isCdpError } from '../../packages/core/src/kernel/error.js'
import { loadConformanceSetups } from '../../packages/core/src/testing/index.js'
import { runCli } from '../journeys/cli.js'

describe('cdp plugins test', () => {
  let folder = ''
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cdp-plugin-')) })
  afterEach(() => rm(folder, { recursive: true }))

  const aPlugin = async ({ named, conformance }: { readonly named?: string; readonly conformance?: string }): Promise<string> => {
    await mkdir(join(folder, 'dist'))
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'cdpkit-plugin-void', type: 'module', exports: './dist/index.js', ...(named === undefined ? {} : { cdpkit: { conformance: named } }) }))
    await writeFile(join(folder, 'dist/index.js'), `
      const done = ({ items }) => Promise.resolve({ items: items.slice(1).map(({ key }) => ({ key, status: 'ok' })) })
      const capabilities = { identities: ['email'], maxBatch: 2, asyncJobs: false, idempotent: true, createsMissing: false, readBack: 'none', limits: [], defaultPayload: '{}' }
      const destination = { capabilities, configSchema: { type: 'object', additionalProperties: false, properties: {} }, open: () => ({ check: () => Promise.resolve({ ok: true }), upsert: done, remove: done }) }
      export const plugin = { name: 'cdpkit-plugin-void', sdk: '^1', connectors: [{ name: 'void', title: 'Void', destination }] }`)
    if (conformance !== undefined) await writeFile(join(folder, 'dist/conformance.js'), conformance)
    return join(folder, 'dist/index.js')
  }

  it('runs the checks with the setup that the package names, tells what failed, and ends with 1', async () => {
    await aPlugin({ named: './dist/conformance.js', conformance: 'export const conformance = { void: { config: {} } }' })
    const { stdout, code } = runCli(['plugins', 'test', '.', '--only', 'destination/batch'], { folder })
    assert.deepEqual([stdout, code], ['void\n  ✗ destination/batch takes batches as large as it says, and answers for each item of them\n      1 of 2 items have no result\n\n0 passed, 1 failed, 0 not applicable\n', 1])
  })

  it('knows no setup of a package that names none, and tells what is wrong with one that is named', async () => {
    const file = await aPlugin({})
    assert.deepEqual(await loadConformanceSetups('void', file), {})
    const told = async (named: string): Promise<string> => {
      await writeFile(join(folder, 'package.json'), JSON.stringify({ cdpkit: { conformance: named } }))
      return loadConformanceSetups('void', file).then(() => '', (error: unknown) => (isCdpError(error, 'plugin/not-loaded') ? error.message : String(error)))
    }
    assert.deepEqual([await told('./nothing.js'), await told('./dist/index.js')], [
      'A plugin cannot be loaded: void: cdpkit.conformance of its package.json names ./nothing.js, and there is no such file',
      'A plugin cannot be loaded: void: ./dist/index.js exports no conformance (export const conformance: ConformanceSetups = {…})',
    ])
  })
})
