import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../kernel/clock.js'
import { fail } from '../../kernel/error.js'
import { type Log, logWith } from '../../kernel/log.js'
import { openStore } from '../../stores/open-store.js'
import type { SandboxRequest } from './served-sandbox.js'
import { ServedSandboxes } from './served-sandboxes.js'

describe('several sandboxes in one process', () => {
  let folder: string
  let told: string[]
  /** How often each is still to fail. */
  let failures: Map<string, number>
  const log: Log = { write: (level, message, fields) => { told.push(`${level} ${String(fields?.['sandbox'])} ${message}`) } }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cdp-sandboxes-'))
    told = []
    failures = new Map()
  })

  const request = (name: string): SandboxRequest => ({
    name, socketPath: join(folder, `${name}.sock`), clock: systemClock, log: logWith(log, { sandbox: name }), random: () => 0.5, newId: () => name,
    openStore: () => {
      const left = failures.get(name) ?? 0
      failures.set(name, left - 1)
      return left > 0 ? Promise.reject(fail('store/in-use', { path: name, owner: 'somebody', pid: 1 })) : openStore({ path: join(folder, `${name}.duckdb`), clock: systemClock })
    },
    readQuotas: () => Promise.resolve([]),
    openConnectors: () => Promise.resolve({ openSource: () => { throw new Error('none') }, isContinuous: () => true, openDestination: () => { throw new Error('none') }, close: () => Promise.resolve() }),
  })

  it('serves those that open, and the others as soon as they do', async () => {
    failures.set('dev', 1)
    const all = await ServedSandboxes.start({ sandboxes: ['dev', 'prod'].map(request), retryEveryMs: 5 })
    assert.deepEqual([all.served.map((each) => each.name), all.missing], [['prod'], ['dev']])
    while (all.missing.length > 0) await new Promise((resolve) => { setTimeout(resolve, 5) })
    assert.deepEqual(all.served.map((each) => each.name), ['dev', 'prod'])
    await all.stop()
    assert.deepEqual(told, ['error dev The sandbox is not served: Another cdp command works on this sandbox: dev is in use by somebody. It is tried again in 0 seconds.', 'info dev The sandbox is served now.'])
  })

  it('fails as the only one does, and when none can be opened', async () => {
    failures.set('dev', 9).set('prod', 9)
    await assert.rejects(ServedSandboxes.start({ sandboxes: ['dev'].map(request) }), /dev is in use/)
    await assert.rejects(ServedSandboxes.start({ sandboxes: ['dev', 'prod'].map(request) }), /dev is in use/)
    assert.deepEqual(told, [])
  })

  it('leaves nothing of one behind that could be opened in part only', async () => {
    let closed = 0
    const sandbox = request('dev')
    const openConnectors: SandboxRequest['openConnectors'] = async (applied) => ({ ...(await sandbox.openConnectors(applied)), close: () => { closed++; return Promise.resolve() } })
    await assert.rejects(ServedSandboxes.start({ sandboxes: [{ ...sandbox, openConnectors, socketPath: join(folder, 'missing', 'dev.sock') }] }), /missing/)
    assert.equal(closed, 1)
    await (await ServedSandboxes.start({ sandboxes: [{ ...sandbox, openConnectors }] })).stop()
    assert.equal(closed, 2)
  })
})
