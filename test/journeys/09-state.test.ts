// What is applied, by hand: looked at, renamed, forgotten, adopted; and a sandbox that somebody holds.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startRun } from '../../packages/core/src/daemon/run-history.js'
import { systemClock } from '../../packages/core/src/kernel/clock.js'
import { openStore } from '../../packages/core/src/stores/open-store.js'
import { type Ended, temporaryFolder } from './cli.js'
import { runHere } from './run-here.js'

const segment = 'enterprise-decision-makers'

/** Lists with ids in a file: what a marketing system has at the other side. */
const listsPlugin = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
const open = ({ folder, config }) => {
  const file = join(folder, 'remote.json')
  const read = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {})
  const write = (lists) => writeFileSync(file, JSON.stringify(lists))
  const change = (delivery, mend) => {
    const lists = read()
    for (const { payload } of delivery.items) mend(lists[delivery.audience.remoteId].members, payload.email ?? 'nobody')
    write(lists)
    return Promise.resolve({ items: delivery.items.map(({ key }) => ({ key, status: 'ok' })) })
  }
  return {
    check: () => Promise.resolve({ ok: true }),
    ensureAudience: ({ list }) => {
      const lists = read()
      const id = String(900 + Object.keys(lists).length)
      write({ ...lists, [id]: { name: list, members: {} } })
      return Promise.resolve({ remoteId: id, created: true })
    },
    ...(config.blind ? {} : { findAudience: (id) => Promise.resolve(read()[id]) }),
    upsert: (delivery) => change(delivery, (members, email) => { members[email] = true }),
    remove: (delivery) => change(delivery, (members, email) => { delete members[email] }),
  }
}
const capabilities = { maxBatch: 100, idempotent: true, createsMissing: true, readBack: 'none', limits: [], defaultPayload: '{ "email": person.email }' }
const configSchema = { type: 'object', properties: { blind: { type: 'boolean' }, token: { type: 'string', 'x-secret': true } } }
export const plugin = { name: 'lists', sdk: '^1', connectors: [{ name: 'lists', title: 'Lists', destination: { capabilities, configSchema, open } }] }
`

describe('the applied state', () => {
  let folder = ''
  beforeEach(() => { folder = temporaryFolder('packages/core/templates/minimal') })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  const cli = (...args: readonly string[]): Promise<Ended> => runHere(args, { folder, env: { LISTS_TOKEN: 's3cr3t' } })
  const json = async (...args: readonly string[]): Promise<unknown> => JSON.parse((await cli(...args, '--json')).stdout)
  const write = (file: string, text: string): void => { writeFileSync(join(folder, file), text) }
  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, file), 'utf8')
    assert.ok(text.includes(from), `${file} has no ${from}`)
    write(file, text.replace(from, to))
  }
  const ok = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await cli(...args)
    assert.deepEqual([code, stderr], [0, ''], stdout)
    return stdout
  }
  const refused = async (args: readonly string[], code: number, told: RegExp): Promise<void> => {
    const ended = await cli(...args)
    assert.equal(ended.code, code, ended.stdout + ended.stderr)
    assert.match(ended.stderr, told)
  }
  const csv = (): string => readFileSync(join(folder, `out/${segment}.csv`), 'utf8')
  const withLists = (): void => {
    write('lists.mjs', listsPlugin)
    edit('cdp.yaml', 'kind: Project', 'kind: Project\nplugins: ["./lists.mjs"]')
    write('destinations/lists.yaml', 'kind: Destination\nname: lists\nconnector: lists\nconfig: { token: { fromEnv: LISTS_TOKEN } }\n')
    edit(`segments/${segment}.yaml`, 'activate:', 'activate:\n  - { destination: lists }')
  }
  interface Remote { readonly name: string; readonly members: Readonly<Record<string, true>> }
  const remote = (): Readonly<Record<string, Remote>> => JSON.parse(readFileSync(join(folder, 'remote.json'), 'utf8')) as Record<string, Remote>

  describe('cdp state list and show', () => {
    it('tells of every resource its uid and since when; before the first apply there is none, and no database is made', async () => {
      assert.match(await ok('state', 'list'), /sandbox dev · nothing applied yet/)
      assert.deepEqual(await json('state', 'list'), { project: '', sandbox: 'dev', serial: 0, resources: [] })
      await ok('apply', '-y')
      write('segments/late.yaml', 'kind: Segment\nname: late\nexpression: person.leadScore > 5\n')
      write('segments/person.yaml', 'kind: Schema\nname: person\nextends: b2b/person\nfields: { nps: { type: integer } }\n')
      await ok('apply', '-y')
      const { serial, resources } = await json('state', 'list') as { serial: number; resources: readonly { address: string; uid?: number; since?: number; status: string }[] }
      assert.deepEqual([serial, resources.map((each) => [each.address, each.uid, each.since, each.status])], [2, [
        ['Source/crm', 3, 1, 'applied'], ['Schema/person', undefined, undefined, 'applied'], [`Segment/${segment}`, 2, 1, 'applied'], ['Segment/late', 4, 2, 'applied'], ['Destination/audiences', 1, 1, 'applied'],
      ]])
      assert.match(await ok('state', 'list'), /4 {4}Segment\/late +#2 {5}streaming, 0 members\n/)
      assert.equal((await json('state', 'list', '--serial', '1') as { resources: readonly object[] }).resources.length, 3)
      await refused(['state', 'list', '--serial', '7'], 64, /State #7 is none of #1 to #2/)
    })

    it('shows a resource as it was applied, secrets as references, whatever is wrong with the files by now', async () => {
      withLists()
      await ok('apply', '-y')
      await ok('run')
      write('cdp.yaml', readFileSync(join(folder, 'cdp.yaml'), 'utf8').replace('include:', 'inclode:'))
      assert.equal((await cli('plan')).code, 3)
      const shown = await ok('state', 'show', 'Destination/lists')
      assert.match(shown, /token:\n +fromEnv: LISTS_TOKEN/)
      assert.match(shown, new RegExp(`Segment/${segment} → Destination/lists  "${segment}"  id 900, made by cdp  3 members put in`))
      assert.doesNotMatch(shown, /s3cr3t/)
      await refused(['state', 'show', 'Segment/none'], 64, /cli\/unknown-address.*Source\/crm/s)
    })
  })

  describe('cdp state mv', () => {
    it('renames what was renamed in the files without renamedFrom: nobody enters or leaves', async () => {
      await ok('apply', '-y')
      await ok('run')
      edit(`segments/${segment}.yaml`, `name: ${segment}`, 'name: deciders')
      edit(`segments/${segment}.yaml`, '{ destination: audiences }', `{ destination: audiences, list: ${segment} }`)
      await ok('plan', '--out', 'old.cdp')
      assert.match(await ok('plan'), /1 to add, 0 to change, 0 to rename, 1 to remove/)
      assert.match(await ok('state', 'mv', `Segment/${segment}`, 'Segment/deciders', '-y'), /from state #2 on/)
      assert.match(await ok('plan'), /No changes\./)
      await refused(['apply', 'old.cdp'], 5, /plan\/stale/)
      assert.match(await ok('run'), /deciders {2}3 {2}members {2}\+ 0 entered {2}- 0 left[\s\S]*\+ 0 added {2}- 0 removed {2}0 requests/)
      assert.match(await ok('state', 'show', `Segment/${segment}`, '--serial', '1'), /uid 2 · since #1/)
    })

    it('lets a segment that reads it follow, before the files are applied', async () => {
      write('segments/reader.yaml', `kind: Segment\nname: reader\nexpression: segments.\`${segment}\`\nactivate: [{ destination: audiences }]\n`)
      await ok('apply', '-y')
      await ok('run')
      await ok('state', 'mv', `Segment/${segment}`, 'Segment/deciders', '-y')
      assert.match(await ok('run'), /deciders +3 {2}members[\s\S]*reader +3 {2}members {2}\+ 0 entered {2}- 0 left/)
    })

    it('asks, refuses names that are taken or none, and changes nothing then', async () => {
      write('segments/late.yaml', 'kind: Segment\nname: late\nexpression: person.leadScore > 5\n')
      await ok('apply', '-y')
      await refused(['state', 'mv', 'Segment/late', 'Segment/later'], 1, /apply\/not-approved/)
      await refused(['state', 'mv', 'Segment/late', `Segment/${segment}`, '-y'], 1, /state\/name-taken/)
      await refused(['state', 'mv', 'Segment/late', 'Destination/late', '-y'], 64, /state\/other-kind/)
      await refused(['state', 'mv', 'Segment/late', 'Segment/zoë', '-y'], 64, /state\/bad-name/)
      assert.equal((await json('state', 'list') as { serial: number }).serial, 1)
    })
  })

  describe('cdp state rm', () => {
    it('forgets a segment with its members and sends nothing; other segments are delivered as before', async () => {
      write('segments/all.yaml', 'kind: Segment\nname: all\nexpression: $exists(person.title)\nactivate: [{ destination: audiences }]\n')
      await ok('apply', '-y')
      await ok('run')
      const before = csv()
      await refused(['state', 'rm', `Segment/${segment}`], 1, /apply\/not-approved/)
      assert.match(await ok('state', 'rm', `Segment/${segment}`, '-y'), /3 members forgotten; nobody is taken out anywhere[\s\S]*stays +Segment\/enterprise-decision-makers → Destination\/audiences[\s\S]*Nothing was sent/)
      rmSync(join(folder, `segments/${segment}.yaml`))
      assert.match(await ok('plan'), /No changes\./)
      write('data/contacts.csv', `${readFileSync(join(folder, 'data/contacts.csv'), 'utf8')}C9,new@acme.example,New,Person,CEO,A1\n`)
      assert.match(await ok('run'), /all → audiences {2}\+ 1 added {2}- 0 removed/)
      assert.equal(csv(), before)
    })

    it('forgets a destination, and the plan makes it anew as long as it is in the files', async () => {
      await ok('apply', '-y')
      await ok('run')
      await ok('state', 'rm', 'destination/audiences', '-y')
      assert.match(await ok('run'), /3 {2}members {2}\+ 0 entered {2}- 0 left/)
      assert.match(await ok('plan'), /\+ Destination\/audiences[\s\S]*~ Segment\/enterprise-decision-makers[\s\S]*3 additions/)
    })

    it('refuses what is protected, what others read, and schemas', async () => {
      write('segments/reader.yaml', `kind: Segment\nname: reader\nexpression: segments.\`${segment}\`\n`)
      edit('destinations/audiences.yaml', 'connector: files', 'connector: files\nprotect: true')
      write('segments/person.yaml', 'kind: Schema\nname: person\nextends: b2b/person\nfields: { nps: { type: integer } }\n')
      await ok('apply', '-y')
      await refused(['state', 'rm', 'Destination/audiences', '-y'], 4, /apply\/blocked.*it is protected/)
      await refused(['state', 'rm', `Segment/${segment}`, '-y'], 1, /state\/is-read.*Segment\/reader/)
      await refused(['state', 'rm', 'Schema/person', '-y'], 64, /state\/known-by-name/)
      edit('sandboxes/dev.yaml', 'name: dev', 'name: dev\nprotect: true')
      await ok('apply', '-y')
      await refused(['state', 'rm', 'Segment/reader', '-y'], 4, /sandbox dev is protected/)
      assert.equal((await json('state', 'list') as { serial: number }).serial, 2)
    })
  })

  describe('cdp import', () => {
    const theirs = { 4711: { name: 'Deciders of old', members: { 'old@acme.example': true } } }
    beforeEach(() => {
      withLists()
      write('remote.json', JSON.stringify(theirs))
    })

    it('adopts an audience before anything is applied: it is used, none is made, and who is in it stays', async () => {
      const told = await ok('import', `Segment/${segment}`, '4711', '--destination', 'lists')
      assert.match(told, /audience 4711 \("Deciders of old"\) of Destination\/lists from state #1 on\. Nothing was sent\.\nNext, cdp plan shows Segment\/enterprise-decision-makers to create/)
      assert.match(await ok('state', 'list'), /4?\d? +Segment\/enterprise-decision-makers +- +imported, not applied yet/)
      await ok('apply', '-y')
      await ok('run')
      assert.deepEqual(Object.keys(remote()), ['4711'])
      assert.deepEqual(Object.keys(remote()['4711']?.members ?? {}).sort(), ['mara.lindt@northwind.example', 'nobody', 'old@acme.example', 'tomas.visser@oceanic.example'])
      assert.match(await ok('state', 'show', `Segment/${segment}`), /id 4711, was there before +3 members put in/)
      assert.match(await ok('plan'), /No changes\./)
    })

    it('moves to another audience only when told to, and leaves the former one as it is', async () => {
      await ok('apply', '-y')
      await ok('run')
      const made = remote()['901']
      assert.equal(Object.keys(made?.members ?? {}).length, 3)
      await refused(['import', `Segment/${segment}`, '4711', '-d', 'lists'], 1, /import\/already-known.*audience 901/)
      await refused(['import', `Segment/${segment}`, '4711', '-d', 'lists', '--force'], 1, /apply\/not-approved/)
      assert.match(await ok('import', `Segment/${segment}`, '4711', '-d', 'Destination/lists', '--force', '-y'), /cdp plan has nothing to change; the next cdp run puts the members/)
      await ok('run')
      assert.deepEqual(remote()['901'], made)
      assert.equal(Object.keys(remote()['4711']?.members ?? {}).length, 4)
    })

    it('says what is wrong: nothing there, nothing to adopt, several destinations, another segment’s', async () => {
      await refused(['import', `Segment/${segment}`, '12', '-d', 'lists'], 1, /import\/not-there/)
      await refused(['import', `Segment/${segment}`, '4711'], 64, /import\/which-destination.*lists, audiences/)
      await refused(['import', `Segment/${segment}`, '4711', '-d', 'crm'], 64, /import\/no-activation/)
      await refused(['import', `Segment/${segment}`, 'x', '-d', 'audiences'], 1, /import\/makes-no-audiences.*list: under activate/s)
      await refused(['import', 'Segment/enterprise-decision-maker', '4711'], 64, /import\/not-in-files.*Did you mean "Segment\/enterprise-decision-makers"/s)
      await refused(['import', 'Source/crm', '4711'], 64, /import\/nothing-to-adopt/)
      write('segments/late.yaml', 'kind: Segment\nname: late\nexpression: person.leadScore > 5\nactivate: [{ destination: lists }]\n')
      await ok('import', 'Segment/late', '4711')
      await refused(['import', `Segment/${segment}`, '4711', '-d', 'lists'], 1, /import\/of-another.*Segment\/late/)
      await ok('state', 'rm', 'Segment/late', '-y')
      await ok('import', `Segment/${segment}`, '4711', '-d', 'lists')
    })

    it('takes any id where the connector cannot look it up, and keeps to protection', async () => {
      edit('destinations/lists.yaml', 'config: {', 'protect: true\nconfig: { blind: true,')
      const told = await json('import', `Segment/${segment}`, '77 ü', '-d', 'lists') as object
      assert.deepEqual(told, { serial: 1, segment, destination: 'lists', remoteId: '77 ü' })
      await ok('apply', '-y')
      await refused(['import', `Segment/${segment}`, '4711', '-d', 'lists', '--force', '-y'], 4, /it is protected/)
    })
  })

  describe('cdp state unlock', () => {
    const holders: ChildProcess[] = []
    afterEach(() => { for (const each of holders.splice(0)) each.kill('SIGKILL') })

    /** A process that keeps the database open, as a long run does. */
    const hold = (): Promise<ChildProcess> => {
      const script = `const { openStore } = await import(${JSON.stringify(resolve('packages/core/dist/stores/open-store.js'))}); const { systemClock } = await import(${JSON.stringify(resolve('packages/core/dist/kernel/clock.js'))}); await openStore({ path: '.cdp/dev/store.duckdb', clock: systemClock }); console.log('held'); setInterval(() => {}, 1000)`
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
      holders.push(child)
      return new Promise((held) => { child.stdout.once('data', () => { held(child) }) })
    }
    const end = (child: ChildProcess): Promise<void> => new Promise((ended) => { child.once('exit', () => { ended() }); child.kill('SIGKILL') })

    it('says who holds the sandbox, and makes it usable again when the holder has died', async () => {
      assert.match(await ok('state', 'unlock'), /no database yet, and nobody holds it/)
      await ok('apply', '-y')
      const holder = await hold()
      const held = await cli('state', 'unlock')
      assert.deepEqual([held.code, held.stderr], [5, ''])
      assert.match(held.stdout, new RegExp(`^Sandbox dev is held by process ${String(holder.pid)}: .*node.*\\nIt is at work: wait until it has finished\\. Or end it: kill ${String(holder.pid)}\\n`))
      await refused(['state', 'unlock', '--force', '-y'], 5, /state\/holder-alive/)
      holder.kill('SIGSTOP')
      assert.match((await cli('state', 'unlock')).stdout, /It was stopped \(Ctrl-Z\) and keeps the sandbox\. Go on with it: fg/)
      await end(holder)
      assert.equal(await ok('state', 'unlock'), 'Nobody holds sandbox dev. Its database opens, at state #1.\n')
      await ok('run')
    })

    it('closes the runs of who was killed', async () => {
      await ok('apply', '-y')
      const store = await openStore({ path: join(folder, '.cdp/dev/store.duckdb'), clock: systemClock })
      await startRun(store, { run: 'killed', serial: 1, at: systemClock.now() })
      await store.close()
      assert.deepEqual(await json('state', 'unlock'), { sandbox: 'dev', held: false, serial: 1, interruptedRuns: 1 })
      assert.match(await ok('status'), /killed .* interrupted/)
    })
  })
}).timeout(120_000)
