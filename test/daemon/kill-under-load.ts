// A daemon that is killed again and again while senders go on: nothing acknowledged is lost, nothing is done twice, and what the
// receiver holds in the end is what a full evaluation comes to.
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { sqlText } from '../../packages/core/src/kernel/sql-text.js'
import type { StoreRow } from '../../packages/core/src/stores/store.js'
import { type Served, serveCli, startCli } from '../journeys/cli.js'
import { type LiveSandbox, askStore, liveEnv, sendBatch } from './live-project.js'

export interface KillOptions {
  readonly kills: number
  /** Between a start and its kill, at least so many events are acknowledged. */
  readonly eventsBetween: number
  /** 0 up to 1: how much longer than that each waits. */
  readonly random: () => number
}

const senders = 3
const callsPerRequest = 20

/** Gives how many events were acknowledged. */
export async function killUnderLoad({ folder, receiver }: LiveSandbox, { kills, eventsBetween, random }: KillOptions): Promise<number> {
  const load = new Load()
  await load.attach(folder)
  const sending = Array.from({ length: senders }, (_, own) => load.send(own))
  for (let kill = 0; kill < kills; kill++) {
    await load.acknowledges(eventsBetween)
    await wait(random() * 200)
    await load.kill()
    await load.attach(folder)
  }
  await load.acknowledges(eventsBetween)
  load.isOver = true
  await Promise.all(sending)
  await load.kill()
  // The streamed memberships are compared with those of everybody evaluated anew.
  const [streamed] = await askStore(folder, memberships)
  assert.equal((await startCli(['run', '--retry-now'], { folder, env: liveEnv })).code, 0)
  const [recomputed, doubles, keys] = await askStore(folder, memberships, doneTwice, sqlText`select _source_key as key from event`)
  assert.deepEqual(streamed, recomputed)
  assert.deepEqual(doubles, [{ events: 0, deltas: 0 }])
  const stored = new Set(keys?.map((each) => String(each['key'])))
  assert.deepEqual([...load.acknowledged].filter((each) => !stored.has(`${each}@web.Events`)), [])
  assert.deepEqual(receiver.membersOf('buyers'), idsOf(recomputed))
  return load.acknowledged.size
}

const memberships = sqlText`select segment, list(id::varchar order by id) as ids from membership where status = 'realized' group by segment order by segment`
const doneTwice = sqlText`select (select count(*) - count(distinct _source_key) from event) as events,
  (select count(*) from (select change = lag(change) over (partition by segment, id order by seq) as again from membership_log) where again) as deltas`

function idsOf(rows: readonly StoreRow[] | undefined): unknown {
  return rows?.[0]?.['ids']
}

/** Senders that repeat until they are answered, as the libraries do. */
class Load {
  readonly acknowledged = new Set<string>()
  isOver = false
  #served: Served | undefined
  #next = 0

  async attach(folder: string): Promise<void> {
    this.#served = await serveCli([], { folder, env: liveEnv })
  }

  async kill(): Promise<void> {
    await this.#served?.stop('SIGKILL')
  }

  async acknowledges(more: number): Promise<void> {
    const wanted = this.acknowledged.size + more
    while (this.acknowledged.size < wanted) await wait(20)
  }

  async send(own: number): Promise<void> {
    while (!this.isOver) {
      const calls = Array.from({ length: callsPerRequest }, () => {
        const n = this.#next++
        return { type: 'track', userId: `user${String(n % 50)}`, event: n % 3 === 0 ? 'Order Completed' : 'Looked', messageId: `${String(own)}-${String(n)}` }
      })
      while ((await sendBatch(this.#served?.url ?? '', calls).then(({ status }) => status, () => 0)) !== 200) {
        if (this.isOver) return
        await wait(50)
      }
      for (const each of calls) this.acknowledged.add(each.messageId)
    }
  }
}
