import assert from 'node:assert/strict'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readApplied } from '../../packages/core/src/2-plan/index.js'
import type { Composition } from '../../packages/core/src/compose.js'
import type { Service } from '../../packages/core/src/http/service.js'
import { aLiveProject, aProjectFolder, applyIn, composeIn } from './in-process.js'

const segment = `---
kind: Segment
name: known
expression: $exists(person.email)
evaluation: { mode: streaming }
activate: [{ destination: hook }]
`

interface Observed {
  readonly service: Service
  readonly composition: Composition
  readonly folder: string
  readonly identify: (user: string) => Promise<Response>
  readonly metricsUrl: string
}

describe('a daemon that is observed', () => {
  let receiver: Server
  let asked: number
  let answers: boolean
  let url: string

  beforeEach(async () => {
    asked = 0
    answers = true
    receiver = createServer((request, response) => {
      asked++
      request.resume().on('end', () => { if (answers) response.setHeader('content-type', 'application/json').end('{}') })
    })
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/hook`
  })
  afterEach(() => {
    receiver.closeAllConnections()
    receiver.close()
  })

  const serve = async (): Promise<Observed> => {
    const folder = aProjectFolder(aLiveProject({ hook: url, keyVariable: 'KEY' }) + segment)
    const composition = composeIn(folder, { KEY: 'k' })
    await applyIn(composition, 'dev')
    const service = await composition.serve({ folder, sandboxes: ['dev'], collect: '127.0.0.1:0', metrics: '127.0.0.1:0' })
    const identify = (user: string): Promise<Response> => fetch(`${service.collectUrl}/v1/identify`, { method: 'POST', headers: { authorization: 'Bearer k' }, body: JSON.stringify({ userId: user, traits: { email: `${user}@x.example` } }) })
    return { service, composition, folder, identify, metricsUrl: service.metricsUrl ?? '' }
  }

  it('tells its metrics and whether it is ready', async () => {
    const { service, identify, metricsUrl } = await serve()
    try {
      assert.equal((await identify('ada')).status, 200)
      while (asked === 0) await new Promise((resolve) => { setTimeout(resolve, 10) })
      const lines = async (): Promise<readonly string[]> => (await (await fetch(`${metricsUrl}/metrics`)).text()).split('\n')
      let found = await lines()
      // Counters follow when the pass that the daemon begins with has ended.
      while (!['cdp_delivery_items_total{', 'cdp_segment_transitions_total{'].every((name) => found.some((each) => each.startsWith(name)))) found = await lines()
      const told = (name: string): string | undefined => found.find((each) => each.startsWith(name))
      assert.deepEqual(['cdp_ingest_events_total{', 'cdp_ingest_request_duration_seconds_count{', 'cdp_segment_transitions_total{', 'cdp_delivery_items_total{', 'cdp_config_serial{', 'cdp_sandbox_up{', 'cdp_source_records_total{'].map(told), [
        'cdp_ingest_events_total{sandbox="dev",source="web",type="people",outcome="stored"} 1', 'cdp_ingest_request_duration_seconds_count{route="/v1/identify",status="200"} 1',
        'cdp_segment_transitions_total{sandbox="dev",segment="known",direction="entered"} 1', 'cdp_delivery_items_total{sandbox="dev",destination="hook",outcome="added"} 1',
        'cdp_config_serial{sandbox="dev"} 1', 'cdp_sandbox_up{sandbox="dev"} 1', 'cdp_source_records_total{sandbox="dev",source="web",stream="people"} 1',
      ])
      assert.ok(['cdp_build_info{version=', 'process_resident_memory_bytes ', 'nodejs_eventloop_lag_p99_seconds '].every((name) => told(name) !== undefined))
      assert.deepEqual(found.filter((each) => each.includes('ada')), [])
      const probes = await Promise.all(['livez', 'startupz', 'readyz', 'else'].map(async (path) => (await fetch(`${metricsUrl}/${path}`)).status))
      assert.deepEqual(probes, [200, 200, 200, 404])
    } finally {
      await service.stop()
    }
    await assert.rejects(fetch(`${metricsUrl}/livez`))
  })

  it('ends in time when a destination hangs, and delivers afterwards', async () => {
    answers = false
    const first = await serve()
    assert.equal((await first.identify('bob')).status, 200)
    while (asked === 0) await new Promise((resolve) => { setTimeout(resolve, 10) })
    await first.service.stop({ abortAfterMs: 10, deadlineMs: 60_000 })
    answers = true
    const again = await first.composition.serve({ folder: first.folder, sandboxes: ['dev'], collect: '127.0.0.1:0' })
    const store = await first.composition.openSandbox(first.folder, 'dev')
    const { undelivered, receipts } = await first.composition.runPass({ store, applied: await readApplied(store) }, { pullsNothing: true, retryNow: true })
    await store.close()
    await again.stop()
    assert.deepEqual([undelivered, receipts.destinations.map((each) => each.added)], [0, [1]])
  })
})
