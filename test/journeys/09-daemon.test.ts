import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { killUnderLoad } from '../daemon/kill-under-load.js'
import { type LiveSandbox, aLiveSandbox, liveEnv as env, sendBatch } from '../daemon/live-project.js'
import { compareWhatLibrariesSend } from '../daemon/send-by-libraries.js'
import { type Ended, serveCli, startCli } from './cli.js'

describe('a daemon that serves a sandbox', () => {
  let live: LiveSandbox
  beforeEach(async () => { live = await aLiveSandbox() })
  afterEach(() => { live.receiver.stop() })

  it('gives the same answers as the file does when nobody serves it, and lets one of two applies win', async () => {
    const { folder } = live
    let served = await serveCli([], { folder, env })
    const calls = ['ada', 'bob', 'cem'].flatMap((user) => [{ type: 'identify', userId: user, traits: { email: `${user}@x.example` } }, { type: 'track', userId: user, event: user === 'cem' ? 'Looked' : 'Order Completed', messageId: user }])
    assert.equal((await sendBatch(served.url, calls)).status, 200)
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
    await compareWhatLibrariesSend(live, { tracks: 600, users: 80 })
  }).timeout(180_000)

  it('loses nothing that it acknowledged and does nothing twice, however often it is killed', async () => {
    await killUnderLoad(live, { kills: 3, eventsBetween: 100, random: () => 0 })
  }).timeout(240_000)
})
