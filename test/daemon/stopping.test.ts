import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, type Server, createServer } from 'node:net'
import { createToken } from '../../packages/core/src/daemon/tokens.js'
import { duckdb } from '../../packages/core/src/stores/duckdb/dialect.js'
import { openRemoteStore } from '../../packages/core/src/stores/remote/remote-store.js'
import { aProjectFolder, applyIn, composeIn } from './in-process.js'

const project = `apiVersion: cdp/v1
kind: Project
name: live
include: []
---
kind: Sandbox
name: dev
`

describe('a daemon that stops', () => {
  it('does not wait for commands of elsewhere that have nothing on its way, and they are told', async () => {
    const folder = aProjectFolder(project)
    const composition = composeIn(folder)
    await applyIn(composition, 'dev')
    const service = await composition.serve({ folder, sandboxes: ['dev'], collect: '127.0.0.1:0', admin: '127.0.0.1:0' })
    const store = await composition.openSandbox(folder, 'dev')
    const { value: token } = await createToken(store, { name: 'ops', role: 'admin', secret: Buffer.alloc(32, 1), at: composition.clock.now() })
    await store.close()
    const command = await openRemoteStore({ url: service.adminUrl ?? '', token, sandbox: 'dev' }, { path: 'elsewhere', dialect: duckdb })
    assert.deepEqual(await command.ask('status', {}), { latencies: [] })
    await service.stop({ abortAfterMs: 30_000, deadlineMs: 30_000 })
    await assert.rejects(command.ask('status', {}), { code: 'daemon/gone' })
  })

  it('has closed what it opened when the last listener cannot be opened', async () => {
    const folder = aProjectFolder(project)
    const composition = composeIn(folder)
    await applyIn(composition, 'dev')
    const taken = createServer().listen(0, '127.0.0.1')
    const free = createServer().listen(0, '127.0.0.1')
    await Promise.all([once(taken, 'listening'), once(free, 'listening')])
    const at = (server: Server): string => `127.0.0.1:${String((server.address() as AddressInfo).port)}`
    const [collect, admin] = [at(free), at(taken)]
    await once(free.close(), 'close')
    try {
      await assert.rejects(composition.serve({ folder, sandboxes: ['dev'], collect, metrics: '127.0.0.1:0', admin }), /EADDRINUSE/)
      await assert.rejects(fetch(`http://${collect}/`))
      const again = await composition.serve({ folder, sandboxes: ['dev'], collect })
      await again.stop()
    } finally {
      taken.close()
    }
  })
})
