// Somebody sets up an editor: a new project has its schemas, and CI tells when they are no longer those of today.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, temporaryFolder } from './cli.js'
import { runHere } from './run-here.js'

describe('cdp schema export', () => {
  let folder = ''
  beforeEach(() => { folder = temporaryFolder() })
  afterEach(() => { rmSync(folder, { recursive: true }) })
  const cli = (...args: readonly string[]): Promise<Ended> => runHere(args, { folder })

  it('has nothing to do in a new project, and tells when a plugin or a schema has changed what may be written', async () => {
    assert.equal((await cli('init')).code, 0)
    const { files, changed } = JSON.parse((await cli('schema', 'export', '--json')).stdout) as { files: readonly string[]; changed: readonly string[] }
    assert.deepEqual([files.length, changed], [9, []])
    assert.match(readFileSync(join(folder, 'segments/enterprise-decision-makers.yaml'), 'utf8'), /^# yaml-language-server: \$schema=\.\.\/\.schema\/cdp\.schema\.json\n/)
    assert.deepEqual(await cli('schema', 'export', '--check'), { code: 0, stdout: '9 schemas in .schema, as they were.\n', stderr: '' })
    writeFileSync(join(folder, 'cdp.yaml'), readFileSync(join(folder, 'cdp.yaml'), 'utf8').replace('include:', 'plugins: ["@cdpkit/plugin-destination-http"]\ninclude:'))
    const outdated = await cli('schema', 'export', '--check')
    assert.deepEqual([outdated.code, /schema\/outdated.*\.schema\/cdp\.schema\.json, .*\.schema\/destination\.schema\.json/.test(outdated.stderr), outdated.stdout], [1, true, ''])
    assert.doesNotMatch(readFileSync(join(folder, '.schema/destination.schema.json'), 'utf8'), /Standard Webhooks/)
    assert.equal((await cli('schema', 'export')).code, 0)
    assert.match(readFileSync(join(folder, '.schema/destination.schema.json'), 'utf8'), /Standard Webhooks/)
    assert.match((await cli('validate')).stdout, /No errors, 0 warnings/)
  })

  it('works where there is no project, and where the project has mistakes', async () => {
    assert.match((await cli('schema', 'export', '--out', 'editor')).stdout, /^9 schemas in editor, 9 written\.\n$/)
    writeFileSync(join(folder, 'cdp.yaml'), 'kind: Project\nname: broken\ninclude: ["*.yaml"]\nplugins: [nobody-knows-it]\nunknown: 1\n')
    assert.equal((await cli('schema', 'export')).code, 0)
    assert.ok(existsSync(join(folder, '.schema/cdp.schema.json')))
  })
}).timeout(60_000)
