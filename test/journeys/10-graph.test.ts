// Somebody asks what hangs together: of the files, of what is applied, around one thing.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromDot } from 'ts-graphviz'
import { type Ended, temporaryFolder } from './cli.js'
import { runHere } from './run-here.js'

describe('cdp graph', () => {
  it('draws the example as Mermaid, DOT and JSON, without asking for a secret or making a database', async () => {
    const cli = (...args: readonly string[]): Promise<Ended> => runHere(['graph', ...args], { folder: 'examples/crm-pipeline' })
    const mermaid = await cli()
    assert.deepEqual([mermaid.code, mermaid.stderr, mermaid.stdout.startsWith('flowchart LR\n  Source_crm[("crm · files")]\n')], [0, '', true])
    const json = JSON.parse((await cli('--format', 'json')).stdout) as { nodes: readonly { id: string }[]; edges: readonly object[] }
    const drawn = fromDot((await cli('--format', 'dot')).stdout)
    assert.deepEqual([drawn.nodes.map((each) => each.id), drawn.edges.length], [json.nodes.map((each) => each.id), json.edges.length])
    assert.deepEqual(JSON.parse((await cli('--json')).stdout), json)
    const around = JSON.parse((await cli('segment/hot-buying-groups', '--json')).stdout) as typeof json
    assert.deepEqual(around.nodes.map((each) => each.id).filter((each) => /^(Segment|Destination)/.test(each)), [
      'Segment/enterprise-open-deals', 'Segment/hot-buying-groups', 'Segment/pricing-page-visitors', 'Destination/audience-files', 'Destination/webhook',
    ])
    assert.equal((await cli('Segment/none')).code, 64)
  })

  it('draws what is applied, which the files may no longer say', async () => {
    const folder = temporaryFolder('packages/core/templates/minimal')
    const cli = (...args: readonly string[]): Promise<Ended> => runHere(args, { folder })
    assert.match((await cli('graph', '--applied')).stderr, /apply\/nothing-applied/)
    assert.equal((await cli('apply', '-y')).code, 0)
    const file = join(folder, 'segments/enterprise-decision-makers.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('name: enterprise-decision-makers', 'name: deciders'))
    assert.match((await cli('graph')).stdout, /Segment_deciders --> Destination_audiences/)
    assert.match((await cli('graph', '--applied')).stdout, /Segment_enterprise_decision_makers --> Destination_audiences/)
    rmSync(folder, { recursive: true })
  })
}).timeout(60_000)
