import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isCdpError } from '../kernel/error.js'
import { instantFromMs } from '../kernel/clock.js'
import { aDestination, aProject, anApplied } from '../testing/a-project.js'
import { diff } from './diff.js'
import { toNextApplied } from './next-applied.js'
import { loadPlanFile, writePlanFile } from './plan-file.js'
import { type Plan, planFormat } from './plan.js'
import { emptyApplied } from './read-applied.js'

describe('plan file', () => {
  let folder = ''
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cdp-plan-')) })
  afterEach(async () => { await rm(folder, { recursive: true }) })

  it('comes back as it was saved', async () => {
    const file = join(folder, 'plan.cdp')
    await writePlanFile(file, aPlan())
    assert.deepEqual(await loadPlanFile(file), JSON.parse(JSON.stringify(aPlan())))
  })

  it('holds references to secrets, as the project does', async () => {
    const file = join(folder, 'plan.cdp')
    await writePlanFile(file, aPlan())
    assert.match(await readFile(file, 'utf8'), /"fromEnv": "TOKEN"/)
  })

  it('is refused when it was edited, when it is another file, and when it is not there', async () => {
    const file = join(folder, 'plan.cdp')
    await writePlanFile(file, aPlan())
    await writeFile(file, (await readFile(file, 'utf8')).replace('"hook"', '"hook2"'))
    await assert.rejects(loadPlanFile(file), (error) => isCdpError(error, 'plan/not-a-plan-file') && error.message.includes('changed after it was made'))
    await writeFile(file, '{}')
    await assert.rejects(loadPlanFile(file), (error) => isCdpError(error, 'plan/not-a-plan-file'))
    await writeFile(file, '{')
    await assert.rejects(loadPlanFile(file), (error) => isCdpError(error, 'plan/not-a-plan-file') && error.message.includes('no JSON'))
    await assert.rejects(loadPlanFile(join(folder, 'none')), (error) => isCdpError(error, 'plan/not-a-plan-file'))
  })
})

function aPlan(): Plan {
  const project = aProject({ destinations: [aDestination('hook', { auth: { bearer: { fromEnv: 'TOKEN' } } })] })
  const applied = emptyApplied()
  const changes = diff(project, applied)
  return {
    formatVersion: planFormat, project: 'acme', sandbox: 'dev', baseSerial: 0, createdAt: instantFromMs(0), changes,
    counts: { create: changes.length, update: 0, rename: 0, delete: 0 }, blocks: [], deliveries: [], headroom: [], guardrails: { profile: 'seed', overrides: [] }, warnings: [], next: toNextApplied(project, anApplied(aProject())),
  }
}
