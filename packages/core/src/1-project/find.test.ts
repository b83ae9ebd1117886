import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProject } from './find.js'

describe('findProject', () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cdp-find-'))
    mkdirSync(join(folder, 'segments'))
    writeFileSync(join(folder, 'cdp.yaml'), 'kind: Project\n')
  })
  after(() => { rmSync(folder, { recursive: true }) })

  it('looks upwards from a folder of the project', async () => {
    assert.deepEqual(await findProject(join(folder, 'segments')), { file: join(folder, 'cdp.yaml'), folder })
  })

  it('finds nothing for a folder that is not there, whatever is above it', async () => {
    assert.equal(await findProject(join(folder, 'segmnets')), undefined)
  })
})
