import assert from 'node:assert/strict'
import { memoryLedger } from './quota-ledger.js'
import { readQuotaUse } from './quota-use.js'
import type { Limit } from './sdk.js'

describe('readQuotaUse', () => {
  const limits: readonly Limit[] = [{ requests: 100, per: '20s', scope: 'account' }, { requests: 50_000, per: '1d', scope: 'account', timeZone: 'America/Chicago' }]
  const side = { configSchema: {}, capabilities: { limits }, accountOf: (config: { readonly [key: string]: unknown }) => String(config['id']) }
  const nowMs = Date.parse('2026-11-23T03:00:00.000Z')

  it('counts the calls of the account’s day, once for all that share it', async () => {
    const ledger = memoryLedger()
    for (let calls = 0; calls < 3; calls++) await ledger.take('marketo 123-ABC-456', '2026-11-22', 50_000)
    await ledger.take('marketo 123-ABC-456', '2026-11-23', 50_000)
    const of = (name: string, id: string): Parameters<typeof readQuotaUse>[0][number] => ({ name, connector: 'marketo', side, config: { id } })
    assert.deepEqual(await readQuotaUse([of('marketo-eu', '123-ABC-456'), of('marketo', '123-ABC-456'), of('other', '9')], ledger, nowMs), [
      { name: 'marketo-eu', used: 3, limit: 50_000 }, { name: 'other', used: 0, limit: 50_000 },
    ])
  })

  it('leaves out connectors without accounts or daily limits', async () => {
    const { accountOf: _accountOf, ...without } = side
    assert.deepEqual(await readQuotaUse([{ name: 'hook', connector: 'http', side: without, config: {} }], memoryLedger(), nowMs), [])
  })
})
