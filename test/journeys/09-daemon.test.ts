import assert from 'node:assert/strict'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Analytics } from '@segment/analytics-node'
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { systemClock } from '../../packages/core/src/kernel/clock.js'
import { sqlText } from '../../packages/core/src/kernel/sql-text.js'
import { openStore } from '../../packages/core/src/stores/open-store.js'
import type { StoreRow } from '../../packages/core/src/stores/store.js'
import { type Ended, runCli, serveCli, startCli, temporaryFolder } from './cli.js'

const project = `apiVersion: cdp/v1
kind: Project
name: live
plugins: ["@cdpkit/plugin-destination-http"]
include: []
---
kind: Source
name: web
connector: events
config: { writeKey: { fromEnv: WEB_WRITE_KEY } }
---
kind: Segment
name: buyers
expression: $count(events[eventType = "Order Completed" and timestamp > $daysAgo(7)]) >= 3
evaluation: { mode: streaming }
activate: [{ destination: hook }]
---
kind: Segment
name: lookers
expression: $exists(person.email) and $not($exists(events[eventType = "Order Completed"]))
evaluation: { mode: streaming }
activate: [{ destination: hook }]
---
kind: Destination
name: hook
connector: http
config: { url: "\${{ vars.hook }}" }
---
kind: Sandbox
name: dev
vars: { hook: "HOOK" }
network: { allow: [loopback] }
`
const env = { WEB_WRITE_KEY: 'secret' }

/** What a receiver was told: who is in which audience now. */
class Receiver {
  readonly members = new Map<string, Set<string>>()
  #server: Server | undefined

  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => { body += part }).on('end', () => {
        const { operation, segment, items } = JSON.parse(body) as { operation: string; segment: string; items: readonly { key: string }[] }
        const members = this.members.get(segment) ?? new Set<string>()
        this.members.set(segment, members)
        // <segment>:<profile>:<place in the log>
        for (const id of items.map((each) => each.key.split(':')[1] ?? '')) if (operation === 'remove') members.delete(id)
          else members.add(id)
        response.setHeader('content-type', 'application/json').end('{}')
      })
    })
    await new Promise<void>((done) => this.#server?.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${String((this.#server?.address() as AddressInfo).port)}/hook`
  }

  stop(): void {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }
}

async function ask(folder: string, ...queries: readonly ReturnType<typeof sqlText>[]): Promise<readonly (readonly StoreRow[])[]> {
  const store = await openStore({ path: join(folder, '.cdp', 'dev', 'store.duckdb'), clock: systemClock })
  try {
    return await Promise.all(queries.map((each) => store.rows(each)))
  } finally {
    await store.close()
  }
}

describe('a daemon that serves a sandbox', () => {
  let receiver: Receiver
  let folder: string
  beforeEach(async () => {
    receiver = new Receiver()
    folder = temporaryFolder()
    writeFileSync(join(folder, 'cdp.yaml'), project.replace('HOOK', await receiver.start()))
    assert.equal(runCli(['apply', '--auto-approve'], { folder, env }).code, 0)
  })
  afterEach(() => { receiver.stop() })

  const send = (url: string, calls: readonly object[]): Promise<Response> => fetch(`${url}/v1/batch`, { method: 'POST', headers: { authorization: 'Bearer secret' }, body: JSON.stringify({ batch: calls }) })

  it('gives the same answers as the file does when nobody serves it, and lets one of two applies win', async () => {
    let served = await serveCli([], { folder, env })
    const calls = ['ada', 'bob', 'cem'].flatMap((user) => [{ type: 'identify', userId: user, traits: { email: `${user}@x.example` } }, { type: 'track', userId: user, event: user === 'cem' ? 'Looked' : 'Order Completed', messageId: user }])
    assert.equal((await send(served.url, calls)).status, 200)
    // Everything is settled and delivered: from here on nothing moves.
    assert.equal((await startCli(['run'], { folder, env })).code, 0)
    appendFileSync(join(folder, 'cdp.yaml'), '---\nkind: Segment\nname: late\nexpression: $contains(person.email, "bob")\n')
    const questions = [['plan'], ['status', '--json'], ['profile', 'get', 'email:bob@x.example'], ['preview', 'Segment/late', '--quiet'], ['explain', 'Segment/buyers', '--profile', 'email:ada@x.example'], ['profile', 'get', 'email:nobody@x.example'], ['deliveries', 'list', '--json'], ['run', 'Segment/buyers', '--quiet']]
    const answers = async (): Promise<readonly Ended[]> => {
      const all: Ended[] = []
      for (const each of questions) all.push(await startCli(each, { folder, env }))
      return all.map((each) => ({ ...each, stdout: each.stdout.replaceAll(/Done in .*|"run": ?"[^"]*"/g, '') }))
    }
    const while_ = await answers()
    assert.equal(await served.stop(), 0)
    const after = await answers()
    assert.deepEqual(while_.slice(0, -1).filter((_, index) => index !== 1), after.slice(0, -1).filter((_, index) => index !== 1))
    assert.deepEqual(while_.map((each) => each.code), [0, 0, 0, 0, 0, 1, 0, 0])

    served = await serveCli([], { folder, env })
    const applies = await Promise.all([startCli(['apply', '-y'], { folder, env }), startCli(['apply', '-y'], { folder, env })])
    const codes = applies.map((each) => each.code).sort()
    // The second may find that nothing is left to do, if it came late enough.
    assert.ok(codes[0] === 0 && (codes[1] === 5 || codes[1] === 0), applies.map((each) => each.stderr).join('\n'))
    assert.equal((await startCli(['run'], { folder, env })).code, 0)
    assert.match((await startCli(['status'], { folder, env })).stdout, /late +streaming +1 +members/)
    assert.deepEqual([(await startCli(['serve'], { folder, env })).code, (await startCli(['destroy', '-y'], { folder, env })).code], [5, 5])
    assert.equal(await served.stop(), 0)
  }).timeout(180_000)

  it('takes what the libraries of Segment and RudderStack send, and comes to what can be worked out by hand', async () => {
    const served = await serveCli([], { folder, env })
    const failed: unknown[] = []
    const answered: Promise<void>[] = []
    // RudderStack's library tells each call apart when it was taken.
    const noted = (): ((error?: Error) => void) => {
      let settle: () => void = () => undefined
      answered.push(new Promise((resolve) => { settle = resolve }))
      return (error) => { if (error) failed.push(error); settle() }
    }
    const segment = new Analytics({ writeKey: 'secret', host: served.url, flushAt: 50, flushInterval: 50 })
    segment.on('error', (error) => failed.push(error))
    const rudder = new RudderAnalytics('secret', { dataPlaneUrl: served.url, flushAt: 50, flushInterval: 50, logLevel: 'error' })
    const orders = new Map<string, number>()
    let events = 0
    for (let turn = 0; turn < 600; turn++) {
      const user = `user${String((turn * 7) % 80)}`
      const isOrder = turn % 4 === 1
      const call = { userId: user, event: isOrder ? 'Order Completed' : 'Product Viewed', properties: { turn } }
      if (isOrder) orders.set(user, (orders.get(user) ?? 0) + 1)
      if (turn % 2 === 0) segment.track(call)
      else rudder.track(call, noted())
      events++
    }
    for (let user = 0; user < 80; user += 2) {
      const call = { userId: `user${String(user)}`, anonymousId: `browser${String(user)}`, traits: { email: `User${String(user)}@x.example`, firstName: 'Ada' } }
      if (user % 4 === 0) segment.identify(call)
      else rudder.identify(call, noted())
      segment.page({ anonymousId: `browser${String(user)}`, name: 'Pricing', properties: { path: '/pricing', url: 'https://x.example/pricing' } })
      // An identify with both ids ties them, as an event of its own.
      events += 2
    }
    await segment.closeAndFlush({ timeout: 20_000 })
    await Promise.all(answered)
    assert.equal((await startCli(['run'], { folder, env })).code, 0)
    assert.equal(await served.stop(), 0)
    assert.deepEqual(failed, [])

    const buyers = [...orders].filter(([, count]) => count >= 3).map(([user]) => user)
    const lookers = Array.from({ length: 40 }, (_, index) => `user${String(index * 2)}`).filter((user) => !orders.has(user))
    const [counts, identities, members, ids] = await ask(folder,
      sqlText`select (select count(*) from event) as events, (select count(*) from person) as people, (select count(distinct _source_key) from event) as "different"`,
      sqlText`select namespace, count(*) as count from identity where graph = 'person' group by namespace order by namespace`,
      sqlText`select m.segment, list(m.id::varchar order by m.id) as ids from membership m where status = 'realized' group by m.segment order by m.segment`,
      sqlText`select i.value, n.id from identity i join node n on n.graph = i.graph and n.nid = i.nid where i.namespace = 'b2b_person'`,
    )
    const idOf = (user: string): string => String(ids?.find((each) => each['value'] === `${user}@web.Events`)?.['id'])
    const sorted = (users: readonly string[]): readonly string[] => users.map(idOf).sort((a, b) => Number(a) - Number(b))
    assert.deepEqual(counts, [{ events, people: 80, different: events }])
    assert.deepEqual(identities, [{ namespace: 'anonymous_id', count: 40 }, { namespace: 'b2b_person', count: 80 }, { namespace: 'email', count: 40 }])
    assert.deepEqual(members?.map((each) => each['ids']), [sorted(buyers), sorted(lookers)])
    assert.deepEqual([...(receiver.members.get('buyers') ?? [])].sort((a, b) => Number(a) - Number(b)), sorted(buyers))
  }).timeout(180_000)

  it('loses nothing that it acknowledged and does nothing twice, however often it is killed', async () => {
    const kills = 3
    let served = await serveCli([], { folder, env })
    const acknowledged = new Set<string>()
    let next = 0
    let isOver = false
    // A sender that repeats until it is answered, as the libraries do.
    const sender = async (own: number): Promise<void> => {
      while (!isOver) {
        const calls = Array.from({ length: 20 }, () => { const n = next++; return { type: 'track', userId: `user${String(n % 50)}`, event: n % 3 === 0 ? 'Order Completed' : 'Looked', messageId: `${String(own)}-${String(n)}` } })
        for (;;) {
          const status = await send(served.url, calls).then((response) => response.status, () => 0)
          if (status === 200) break
          if (isOver) return
          await new Promise((resolve) => { setTimeout(resolve, 50) })
        }
        for (const each of calls) acknowledged.add(each.messageId)
      }
    }
    const senders = [1, 2, 3].map(sender)
    for (let kill = 0; kill < kills; kill++) {
      const before = acknowledged.size
      await waitFor(() => Promise.resolve(acknowledged.size > before + 100), 20)
      await served.stop('SIGKILL')
      served = await serveCli([], { folder, env })
    }
    const before = acknowledged.size
    await waitFor(() => Promise.resolve(acknowledged.size > before + 100), 20)
    isOver = true
    await Promise.all(senders)
    // Everything is evaluated for everybody and delivered; then the streamed memberships are compared with that.
    const [streamed] = await members(served.stop())
    assert.equal((await startCli(['run', '--retry-now'], { folder, env })).code, 0)
    const [recomputed, doubles, keys] = await members(Promise.resolve())
    assert.deepEqual(streamed, recomputed)
    assert.deepEqual(doubles, [{ events: 0, deltas: 0 }])
    const stored = new Set(keys?.map((each) => String(each['key'])))
    assert.deepEqual([...acknowledged].filter((each) => !stored.has(`${each}@web.Events`)), [])
    const buyers = recomputed?.[0]?.['ids'] as readonly string[]
    assert.deepEqual([...(receiver.members.get('buyers') ?? [])].sort((a, b) => Number(a) - Number(b)), buyers)
  }).timeout(240_000)

  async function members(after: Promise<unknown>): Promise<readonly (readonly StoreRow[])[]> {
    await after
    return ask(folder,
      sqlText`select segment, list(id::varchar order by id) as ids from membership where status = 'realized' group by segment order by segment`,
      sqlText`select (select count(*) - count(distinct _source_key) from event) as events,
        (select count(*) from (select change = lag(change) over (partition by segment, id order by seq) as again from membership_log) where again) as deltas`,
      sqlText`select _source_key as key from event`,
    )
  }
})

async function waitFor(condition: () => Promise<boolean>, everyMs: number): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => { setTimeout(resolve, everyMs) })
}
