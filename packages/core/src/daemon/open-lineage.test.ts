import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { aProject, anApplied } from '../testing/a-project.js'
import type { RunEvent } from './daemon-events.js'
import { tellLineage, toLineageEvent } from './open-lineage.js'
import type { RunResult } from './run.js'

const facts = { run: '0f8fad5b-d9cb-469f-a165-70867728950e', at: fixedClock('2026-11-25T06:00:00.000Z').now(), applied: anApplied(aProject({ name: 'shop' })), options: { job: 'daily' } }
const result = {
  batches: [{ source: 'crm', stream: 'contacts', read: 5 }], segments: { segments: [{ segment: 'chiefs', members: 3 }] }, receipts: { destinations: [{ destination: 'hook', segment: 'chiefs', added: 2, removed: 1 }] },
} as unknown as RunResult

describe('OpenLineage', () => {
  it('tells what a run read and wrote, by names and counts', () => {
    const event = toLineageEvent({ is: 'ended', ...facts, result }, 'prod')
    assert.deepEqual([event['eventType'], event['eventTime'], event['job'], event['run']], ['COMPLETE', facts.at, { namespace: 'cdpkit/shop/prod', name: 'daily' }, { runId: facts.run, facets: {} }])
    const producer = 'https://www.npmjs.com/package/@cdpkit/core'
    assert.deepEqual(event['inputs'], [{ namespace: 'cdpkit/shop/prod', name: 'Source/crm/contacts', inputFacets: { inputStatistics: { _producer: producer, _schemaURL: 'https://openlineage.io/spec/facets/1-0-0/InputStatisticsInputDatasetFacet.json#/$defs/InputStatisticsInputDatasetFacet', rowCount: 5 } } }])
    assert.deepEqual((event['outputs'] as readonly { readonly name: string }[]).map((each) => each.name), ['Segment/chiefs', 'Destination/hook/chiefs'])
  })

  it('goes to a file, a line for each event, and to a URL in the same order', async () => {
    const taken: string[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => { body += part }).on('end', () => { taken.push((JSON.parse(body) as { readonly eventType: string }).eventType); response.statusCode = taken.length === 2 ? 500 : 201; response.end() })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const file = join(mkdtempSync(join(tmpdir(), 'cdp-lineage-')), 'lineage.jsonl')
    const events: readonly RunEvent[] = [{ is: 'started', ...facts }, { is: 'failed', ...facts, error: new Error('no') }, { is: 'ended', ...facts, result }]
    for (const target of [file, `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`]) {
      const told = tellLineage({ sandbox: 'prod', target, log: silentLog })
      for (const each of events) told.onRun(each)
    }
    const lines = (): readonly string[] => readFileSync(file, { encoding: 'utf8', flag: 'a+' }).split('\n').filter((each) => each !== '')
    while (taken.length < 3 || lines().length < 3) await wait(5)
    server.close()
    server.closeAllConnections()
    // The second answer was an error: the third event goes all the same.
    assert.deepEqual([taken, lines().map((each) => (JSON.parse(each) as { readonly eventType: string }).eventType)], [['START', 'FAIL', 'COMPLETE'], ['START', 'FAIL', 'COMPLETE']])
  })
})
