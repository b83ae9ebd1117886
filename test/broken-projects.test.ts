// Each folder of test/broken-projects is a project with a mistake, and expected.txt is what people are told. UPDATE_EXPECTED=1
// writes what is told now: read it before you keep it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compose } from '../packages/core/src/compose.js'
import { renderDiagnostics } from '../packages/core/src/render/diagnostics.js'
import { noColour } from '../packages/core/src/render/paint.js'

const folder = resolve('test/broken-projects')
const cdp = resolve('packages/core/bin/cdp.js')
const names = readdirSync(folder).sort()
let outside = ''

async function told(name: string): Promise<string> {
  // A copy elsewhere: nothing above it can be taken for the project.
  const copy = join(outside, name)
  cpSync(join(folder, name), copy, { recursive: true })
  const checked = await compose({ env: { HOME: '/home/test' }, folder: copy, logFrom: 'error' }).loadProject({})
  assert.equal(checked.ok, false, 'the project is broken')
  return `${renderDiagnostics(checked.ok ? [] : checked.problems, { folder: copy, paint: noColour }).replaceAll(copy, '<folder>')}\n`
}

describe('broken projects', () => {
  before(() => { outside = mkdtempSync(join(tmpdir(), 'cdp-broken-')) })
  after(() => { rmSync(outside, { recursive: true }) })

  it('are at least thirty', () => {
    assert.ok(names.length >= 30, String(names.length))
  })

  for (const name of names) {
    it(`${name.replaceAll('-', ' ')}: says what is wrong, where, and what to do`, async () => {
      const text = await told(name)
      const file = join(folder, name, 'expected.txt')
      if (process.env['UPDATE_EXPECTED'] === '1') writeFileSync(file, text)
      assert.ok(existsSync(file), 'expected.txt is missing: UPDATE_EXPECTED=1')
      assert.equal(text, readFileSync(file, 'utf8'))
      assert.doesNotMatch(text, /\bat .*\.(js|ts):\d+|node:internal|undefined|\[object/)
    })
  }

  it('a secret in plain sight is not repeated', () => {
    assert.doesNotMatch(readFileSync(join(folder, 'secret-in-plain-sight/expected.txt'), 'utf8'), /s3cr3t/)
  })

  for (const name of ['unknown-key', 'jsonata-syntax-folded', 'alias-bomb', 'no-project']) {
    it(`cdp validate tells the same of ${name.replaceAll('-', ' ')}, with exit code 3`, () => {
      const copy = join(outside, name)
      const { status, stderr, stdout } = spawnSync(process.execPath, [cdp, 'validate'], { cwd: copy, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: '/home/test' } })
      assert.equal(stderr.replaceAll(copy, '<folder>'), readFileSync(join(folder, name, 'expected.txt'), 'utf8'))
      assert.deepEqual([status, stdout], [3, ''])
    })
  }
})
