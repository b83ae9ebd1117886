// A run that is killed at any moment and run again ends where an undisturbed one does: same members, same receiver.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Receiver, startReceiver } from '../../examples/receiver/receiver.js'
import { startCli, temporaryFolder } from './cli.js'

const env = { CDP_CLOCK: '2017-12-31T12:00:00.000Z', WEBHOOK_TOKEN: 'token', WEBHOOK_SECRET: 'whsec_c2VjcmV0' }
const kills = 20

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

describe('killing cdp run', () => {
  it(`at ${String(kills)} moments spread over its duration changes nothing in the end`, async () => {
    const calm = await startReceiver()
    const calmFolder = await prepare(calm)
    const started = performance.now()
    assert.equal((await startCli(['run'], { folder: calmFolder, env })).code, 0)
    const durationMs = performance.now() - started
    const expected = await finalState(calmFolder, calm)

    const receiver = await startReceiver()
    const folder = await prepare(receiver)
    // Spread evenly, with a fixed jitter; later kills find more done already, so each phase is hit.
    for (let kill = 0; kill < kills; kill++) await startCli(['run'], { folder, env, killAfterMs: (durationMs * ((kill * 7) % kills) + 13) / kills })
    const last = await startCli(['run'], { folder, env })
    assert.deepEqual([last.code, last.stderr], [0, ''])
    assert.deepEqual(await finalState(folder, receiver), expected)
    await Promise.all([calm.close(), receiver.close()])
    rmSync(folder, { recursive: true })
    rmSync(calmFolder, { recursive: true })
  }).timeout(300_000)
})
