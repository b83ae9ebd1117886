import assert from 'node:assert/strict'
import { sqlText } from '../../packages/core/src/kernel/sql-text.js'
import { aProjectFolder, applyIn, composeIn } from './in-process.js'

const project = `apiVersion: cdp/v1
kind: Project
name: live
include: []
---
kind: Source
name: web
connector: events
config: { writeKey: { fromEnv: "\${{ vars.key }}" } }
---
kind: Sandbox
name: dev
vars: { key: DEV_KEY }
---
kind: Sandbox
name: prod
vars: { key: PROD_KEY }
`

describe('a daemon of several sandboxes', () => {
  let folder: string
  beforeEach(async () => {
    folder = aProjectFolder(project)
    for (const each of ['dev', 'prod']) await applyIn(composeIn(folder, { DEV_KEY: 'd', PROD_KEY: 'p' }), each)
  })

  it('takes events to the sandbox of their key, and is reached by commands of each', async () => {
    const composition = composeIn(folder, { DEV_KEY: 'd', PROD_KEY: 'p' })
    const found = await composition.findSandboxes({})
    assert.deepEqual(found.ok && found.value.map((each) => each.sandbox.name), ['dev', 'prod'])
    const service = await composition.serve({ folder, sandboxes: ['dev', 'prod'], collect: '127.0.0.1:0' })
    const send = async (key: string, messageId: string): Promise<number> =>
      (await fetch(`${service.collectUrl}/v1/track`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ event: 'Seen', userId: 'ada', messageId }) })).status
    try {
      assert.deepEqual([await send('d', '1'), await send('p', '2'), await send('p', '3'), await send('x', '4')], [200, 200, 200, 401])
      // A command of its own process asks through the socket; this one is told by the store's type.
      const counts = await Promise.all(['dev', 'prod'].map(async (sandbox) => {
        const store = await composition.openSandbox(folder, sandbox)
        const { events } = await store.row<{ events: number }>(sqlText`select count(*) as events from event`)
        const answer = [sandbox, composition.isServed(store), events]
        await store.close()
        return answer
      }))
      assert.deepEqual(counts, [['dev', true, 1], ['prod', true, 2]])
    } finally {
      await service.stop()
    }
  })

  it('does not begin when two sandboxes have one key', async () => {
    const same = composeIn(folder, { DEV_KEY: 'd', PROD_KEY: 'd' })
    await assert.rejects(same.serve({ folder, sandboxes: ['dev', 'prod'], collect: '127.0.0.1:0' }), { code: 'collect/same-key' })
    // It let go of everything.
    await (await same.serve({ folder, sandboxes: ['prod'], collect: '127.0.0.1:0' })).stop()
  })

  it('serves the others when one lacks a secret', async () => {
    const service = await composeIn(folder, { PROD_KEY: 'p' }).serve({ folder, sandboxes: ['dev', 'prod'], collect: '127.0.0.1:0' })
    const names = service.sandboxes().map((each) => each.name)
    await service.stop()
    assert.deepEqual(names, ['prod'])
  })
})
