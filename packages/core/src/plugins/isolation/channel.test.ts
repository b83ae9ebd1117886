import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { Channel, type Port } from './channel.js'

/** Two ends of one line that keeps the order. */
function aLine(): readonly [Port, Port] {
  const takes: ((message: unknown) => void)[] = []
  const port = (own: number): Port => ({ send: (message) => { setImmediate(() => takes[1 - own]?.(structuredClone(message))) }, onMessage: (take) => { takes[own] = take } })
  return [port(0), port(1)]
}

describe('channel between two processes', () => {
  it('waits for the other side only while that waits for nothing here, the pieces of a slow stream included', async () => {
    const gates = new Map<string, () => void>()
    const until = (gate: string): Promise<void> => new Promise((done) => gates.set(gate, done))
    const pass = async (gate: string): Promise<boolean> => {
      while (!gates.has(gate)) await turn()
      const { waits } = here
      gates.get(gate)?.()
      return waits
    }
    const [one, other] = aLine()
    const here: Channel = new Channel(one, { pause: () => until('pause'), pieces: async function* () { await until('first'); yield 1; await until('second'); yield 2 } })
    const there: Channel = new Channel(other, {
      work: async () => {
        await there.call('pause')
        const got: number[] = []
        for await (const each of there.pull<number>('pieces')) got.push(each)
        await until('work')
        return got
      },
    })
    assert.equal(here.waits, false)
    const answer = here.call('work')
    assert.deepEqual([await pass('pause'), await pass('first'), await pass('second'), await pass('work')], [false, false, false, true])
    assert.deepEqual([await answer, here.waits], [[1, 2], false])
  })
})
