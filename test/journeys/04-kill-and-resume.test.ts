// A run that is killed at any moment and run again ends where an undisturbed one does: same members, same receiver.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Receiver, startReceiver } from '../../examples/receiver/receiver.js'
import { startCli, temporaryFolder } from './cli.js'

const env = { CDP_CLOCK: '2017-12-31T12:00:00.000Z', WEBHOOK_TOKEN: 'token', WEBHOOK_SECRET: 'whsec_c2VjcmV0' }
const kills = 20
const sandboxes = 4

async function prepare(receiver: Receiver): Promise<string> {
  const folder = temporaryFolder('examples/crm-pipeline')
  const file = join(folder, 'sandboxes/dev.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('http://127.0.0.1:8080/audiences', receiver.url))
  // A part of the people and events is enough, and twenty runs take a while.
  for (const [name, lines] of [['people/contacts.csv', 500], ['people/opportunity_roles.csv', 1500], ['web/events-1.jsonl', 1200], ['web/events-2.jsonl', 1200]] as const) {
    const path = join(folder, 'data', name)
    writeFileSync(path, `${readFileSync(path, 'utf8').split('\n').slice(0, lines).join('\n')}\n`)
  }
  const applied = await startCli(['apply', '-y', '-q'], { folder, env })
  assert.equal(applied.code, 0, applied.stderr)
  return folder
}

async function finalState(folder: string, receiver: Receiver): Promise<unknown> {
  const { stdout } = await startCli(['status', '--json'], { folder, env })
  const { segments, deliveries, profiles } = JSON.parse(stdout) as { segments: readonly { segment: string; members: number }[]; deliveries: unknown; profiles: unknown }
  const audiences = [...receiver.audiences].map(([list, members]) => [list, [...members.keys()].sort()]).sort()
  return { segments: segments.map((each) => [each.segment, each.members]), deliveries, profiles, audiences }
}

/** Who was put where, delivery by delivery; a repeat with the same idempotency key counts once. */
function additions(receiver: Receiver): readonly string[] {
  return receiver.deliveries.flatMap(({ list, operation, records }) => records.map(({ key }) => `${operation} ${list} ${key}`))
}

describe('killing cdp run', () => {
  it(`at ${String(kills)} moments spread over its duration changes nothing in the end, and sends nobody twice`, async () => {
    const calm = await startReceiver()
    const calmFolder = await prepare(calm)
    const started = performance.now()
    assert.equal((await startCli(['run'], { folder: calmFolder, env })).code, 0)
    const durationMs = performance.now() - started
    const expected = await finalState(calmFolder, calm)
    await calm.close()
    rmSync(calmFolder, { recursive: true })

    let interrupted = 0
    // Fresh sandboxes, so that the kills meet work in progress: reading, unifying, evaluating, delivering.
    for (let sandbox = 0; sandbox < sandboxes; sandbox++) {
      const receiver = await startReceiver()
      const folder = await prepare(receiver)
      for (let kill = 0; kill < kills / sandboxes; kill++) {
        const share = (kill * sandboxes + sandbox + 1) / (kills + 1)
        const ended = await startCli(['run'], { folder, env, killAfterMs: durationMs * share })
        if (ended.code === null) interrupted++
      }
      const last = await startCli(['run'], { folder, env })
      assert.deepEqual([last.code, last.stderr], [0, ''])
      assert.deepEqual(await finalState(folder, receiver), expected)
      assert.equal(new Set(additions(receiver)).size, additions(receiver).length, 'somebody was sent twice')
      await receiver.close()
      rmSync(folder, { recursive: true })
    }
    assert.ok(interrupted > 0, 'no kill met a run')
  }).timeout(300_000)
})
