// Events by the unmodified libraries of Segment and RudderStack, and what must come of them, worked out apart from the product.
import assert from 'node:assert/strict'
import { Analytics } from '@segment/analytics-node'
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { sqlText } from '../../packages/core/src/kernel/sql-text.js'
import { serveCli, startCli } from '../journeys/cli.js'
import { type LiveSandbox, askStore, liveEnv } from './live-project.js'

export interface LibraryLoad {
  readonly tracks: number
  /** An even number. */
  readonly users: number
}

/** Sends everything to a daemon, ends it, and compares counts, identities, memberships and what was delivered. */
export async function compareWhatLibrariesSend({ folder, receiver }: LiveSandbox, load: LibraryLoad): Promise<void> {
  const served = await serveCli([], { folder, env: liveEnv })
  const expected = await sendByLibraries(served.url, load)
  assert.equal((await startCli(['run'], { folder, env: liveEnv })).code, 0)
  assert.equal(await served.stop(), 0)
  const [counts, identities, members, ids] = await askStore(folder,
    sqlText`select (select count(*) from event) as events, (select count(*) from person) as people, (select count(distinct _source_key) from event) as "different"`,
    sqlText`select namespace, count(*) as count from identity where graph = 'person' group by namespace order by namespace`,
    sqlText`select m.segment, list(m.id::varchar order by m.id) as ids from membership m where status = 'realized' group by m.segment order by m.segment`,
    sqlText`select i.value, n.id from identity i join node n on n.graph = i.graph and n.nid = i.nid where i.namespace = 'b2b_person'`,
  )
  const idOf = new Map(ids?.map((each) => [String(each['value']), Number(each['id'])]))
  const sorted = (users: readonly string[]): readonly string[] => users.map((user) => idOf.get(`${user}@web.Events`) ?? 0).sort((a, b) => a - b).map(String)
  assert.deepEqual(counts, [{ events: expected.events, people: load.users, different: expected.events }])
  assert.deepEqual(identities, [{ namespace: 'anonymous_id', count: load.users / 2 }, { namespace: 'b2b_person', count: load.users }, { namespace: 'email', count: load.users / 2 }])
  assert.deepEqual(members?.map((each) => each['ids']), [sorted(expected.buyers), sorted(expected.lookers)])
  assert.deepEqual(receiver.membersOf('buyers'), sorted(expected.buyers))
}

interface Expected {
  readonly events: number
  readonly buyers: readonly string[]
  readonly lookers: readonly string[]
}

/** So many calls may be on their way at once: the libraries' own queues hold no more. */
const mostWaiting = 5000

async function sendByLibraries(url: string, { tracks, users }: LibraryLoad): Promise<Expected> {
  const failed: unknown[] = []
  let waiting: Promise<void>[] = []
  const noted = (): ((error?: unknown) => void) => {
    let settle: () => void = () => undefined
    waiting.push(new Promise((resolve) => { settle = resolve }))
    return (error) => { if (error !== undefined && error !== null) failed.push(error); settle() }
  }
  const pause = async (): Promise<void> => {
    if (waiting.length < mostWaiting) return
    await Promise.all(waiting)
    waiting = []
  }
  const flushAt = tracks > 10_000 ? 250 : 50
  const segment = new Analytics({ writeKey: 'secret', host: url, flushAt, flushInterval: 50 })
  segment.on('error', (error) => failed.push(error))
  const rudder = new RudderAnalytics('secret', { dataPlaneUrl: url, flushAt, flushInterval: 50, logLevel: 'error' })
  const orders = new Map<string, number>()
  for (let turn = 0; turn < tracks; turn++) {
    const user = `user${String((turn * 7) % users)}`
    const isOrder = turn % 4 === 1
    const call = { userId: user, event: isOrder ? 'Order Completed' : 'Product Viewed', properties: { turn } }
    if (isOrder) orders.set(user, (orders.get(user) ?? 0) + 1)
    if (turn % 2 === 0) segment.track(call, noted())
    else rudder.track(call, noted())
    await pause()
  }
  for (let user = 0; user < users; user += 2) {
    const call = { userId: `user${String(user)}`, anonymousId: `browser${String(user)}`, traits: { email: `User${String(user)}@x.example`, firstName: 'Ada' } }
    if (user % 4 === 0) segment.identify(call, noted())
    else rudder.identify(call, noted())
    segment.page({ anonymousId: `browser${String(user)}`, name: 'Pricing', properties: { path: '/pricing', url: 'https://x.example/pricing' } }, noted())
    await pause()
  }
  await segment.closeAndFlush({ timeout: 60_000 })
  await Promise.all(waiting)
  assert.deepEqual(failed, [])
  const all = Array.from({ length: users }, (_, index) => `user${String(index)}`)
  return {
    // An identify with both ids ties them, as an event of its own.
    events: tracks + users,
    buyers: all.filter((user) => (orders.get(user) ?? 0) >= 3),
    lookers: all.filter((user, index) => index % 2 === 0 && !orders.has(user)),
  }
}
