import assert from 'node:assert/strict'
import { Looks } from './looks.js'

describe('looks', () => {
  it('come one after the other, also after one that fails, which is told; the end waits for the last', async () => {
    const told: string[] = []
    let [begun, ended] = [0, 0]
    const look = async (): Promise<void> => {
      if (++begun === 1) throw new Error('not there')
      await new Promise((resolve) => { setTimeout(resolve, 5) })
      ended++
    }
    const looks = new Looks({ look, everyMs: 1, what: 'The files', log: { write: (level, message) => { told.push(`${level} ${message}`) } } })
    looks.start(0)
    while (begun < 3) await new Promise((resolve) => { setTimeout(resolve, 1) })
    await looks.stop()
    assert.deepEqual([begun, ended, told], [3, 2, ['error The files: not there']])
  })
})
