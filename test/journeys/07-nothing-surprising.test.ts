// What a plan shows is what a run delivers; what was not shown is held back.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, temporaryFolder } from './cli.js'
import { runHere } from './run-here.js'

const project = `kind: Project
name: acme
include: ["*.yaml"]
safety: { maxExitPercent: 20, minMembers: 100 }
---
kind: Source
name: crm
connector: files
streams:
  - name: contacts
    entity: person
    key: id
    config: { path: data/contacts.csv }
    map: { email: email, title: title, scores.fit: $number(fit) }
---
kind: Destination
name: files
connector: files
config: { folder: out, format: csv }
---
kind: Sandbox
name: dev
`
const segment = (least: number): string => `kind: Segment
name: fitting
expression: person.scores.fit >= ${String(least)}
activate: [{ destination: files }]
`

interface Contact {
  readonly id: number
  readonly fit: number
}
const contacts = (count: number): readonly Contact[] => Array.from({ length: count }, (_, id) => ({ id, fit: id % 100 }))

interface PlanJson {
  readonly changes: readonly { readonly address: string; readonly cause?: string; readonly lane?: object; readonly impact?: { readonly before: number; readonly after: number; readonly enter: number; readonly exit: number; readonly deliveries: readonly object[] } }[]
  readonly blocks: readonly { readonly code: string }[]
  readonly deliveries: readonly object[]
}

describe('nothing surprising', () => {
  let base = ''
  let folder = ''
  before(async () => {
    folder = base = temporaryFolder()
    mkdirSync(join(folder, 'data'))
    write('cdp.yaml', project)
    write('fitting.yaml', segment(50))
    data(contacts(1000))
    assert.equal((await cli('apply', '-y')).code, 0)
    assert.equal((await cli('run')).code, 0)
  })
  beforeEach(() => {
    folder = temporaryFolder()
    cpSync(base, folder, { recursive: true })
  })
  afterEach(() => { rmSync(folder, { recursive: true }) })
  after(() => { rmSync(base, { recursive: true }) })

  const write = (file: string, text: string): void => { writeFileSync(join(folder, file), text) }
  const data = (rows: readonly Contact[]): void => {
    write('data/contacts.csv', ['id,email,title,fit', ...rows.map(({ id, fit }) => `${String(id)},p${String(id)}@acme.example,Manager,${String(fit)}`)].join('\n'))
  }
  const cli = (...args: readonly string[]): Promise<Ended> => runHere(args, { folder })
  const plan = async (...args: readonly string[]): Promise<PlanJson> => JSON.parse((await cli('plan', '--json', ...args)).stdout) as PlanJson
  const delivered = (): number => readFileSync(join(folder, 'out/fitting.csv'), 'utf8').trim().split('\n').length - 1

  it('delivers exactly what the plan showed', async () => {
    assert.equal(delivered(), 500)
    write('fitting.yaml', segment(55))
    const shown = await plan()
    assert.deepEqual(shown.changes[0]?.impact?.deliveries, [{ destination: 'files', adds: 0, removes: 50, pace: { requests: 1, seconds: 0.25 } }])
    assert.deepEqual([shown.changes[0]?.impact?.enter, shown.changes[0]?.impact?.exit, shown.changes[0]?.impact?.after], [0, 50, 450])
    assert.equal((await cli('apply', '-y')).code, 0)
    assert.match((await cli('run')).stdout, /fitting {2}450 {2}members {2}\+ 0 entered {2}- 50 left[\s\S]*- 50 removed/)
    assert.equal(delivered(), 450)
  })

  it('stops a change that takes too many away, and goes on when that is meant', async () => {
    write('fitting.yaml', segment(70))
    const { code, stdout } = await cli('plan')
    assert.equal(code, 4)
    assert.match(stdout, /exit share 40\.0 % exceeds safety\.maxExitPercent 20/)
    assert.equal((await cli('apply', '-y')).code, 4)
    await cli('run')
    assert.equal(delivered(), 500)
    assert.equal((await cli('apply', '-y', '--allow-shrink', 'fitting')).code, 0)
    assert.equal((await cli('run')).code, 0)
    assert.equal(delivered(), 300)
  })

  it('holds an audience that the data empties, tells so, and delivers when it is meant', async () => {
    data(contacts(1000).map((each) => ({ ...each, fit: each.fit < 90 ? 0 : each.fit })))
    const held = await cli('run')
    assert.equal(held.code, 4)
    assert.match(held.stdout, /Segment\/fitting is held, nothing of it was delivered: 400 of 500 members left \(80\.0 %\), more than safety\.maxExitPercent 20/)
    assert.equal(delivered(), 500)
    assert.match((await cli('status')).stdout, /fitting .*held: 400 of 500/)
    assert.equal((await cli('run')).code, 4)
    assert.equal((await cli('run', '--release', 'fitting')).code, 0)
    assert.equal(delivered(), 100)
  })

  it('lets go by itself when the data comes back', async () => {
    data(contacts(1000).map((each) => ({ ...each, fit: 0 })))
    assert.equal((await cli('run')).code, 4)
    data(contacts(1000))
    assert.equal((await cli('run')).code, 0)
    assert.equal(delivered(), 500)
  })

  it('holds a change whose run comes out otherwise than its plan', async () => {
    write('fitting.yaml', segment(48))
    assert.equal((await plan()).changes[0]?.impact?.enter, 20)
    await cli('apply', '-y')
    data(contacts(2000))
    const { code, stdout } = await cli('run')
    assert.equal(code, 4)
    assert.match(stdout, /the plan showed \+ 20 and - 0, it came to \+ 540 and - 0 \(safety\.maxDriftPercent 10\)/)
    assert.deepEqual([delivered(), (await cli('run')).code], [500, 4])
    await cli('run', '--release', 'fitting')
    assert.equal(delivered(), 1040)
  })

  it('names the segments that nobody edited and that change all the same', async () => {
    write('cdp.yaml', project.replace('$number(fit)', '$number(fit) / 2'))
    const { changes } = await plan()
    assert.deepEqual(changes.map((each) => [each.address, each.cause]), [['Source/crm', undefined], ['Segment/fitting', 'Source/crm maps person.scores.fit otherwise']])
    write('cdp.yaml', project.replace('title: title', 'title: $uppercase(title)'))
    assert.deepEqual((await plan()).changes.map((each) => each.address), ['Source/crm'])
  })

  it('tells when a segment moves to another lane, and why', async () => {
    write('fitting.yaml', segment(50).replace('person.scores.fit >= 50', 'person.scores.fit >= 50 and $count(accounts) >= 0'))
    assert.deepEqual((await plan()).changes[0]?.lane, { before: 'streaming', after: 'batch', reason: 'batch is required: reads accounts' })
    assert.match((await cli('plan')).stdout, /evaluation +streaming → batch, 0 2 \* \* \* \(batch is required: reads accounts\)/)
  })

  it('changes only what is targeted', async () => {
    write('fitting.yaml', segment(52))
    write('others.yaml', 'kind: Segment\nname: others\nexpression: person.scores.fit < 10\n')
    assert.deepEqual((await plan('--target', 'Segment/others')).changes.map((each) => each.address), ['Segment/others'])
    assert.equal((await cli('plan', '--target', 'Segment/none')).code, 64)
    await cli('plan', '--target', 'Segment/others', '--out', 'plan.cdp')
    await cli('apply', 'plan.cdp')
    assert.deepEqual((await plan()).changes.map((each) => each.address), ['Segment/fitting'])
  })
})
