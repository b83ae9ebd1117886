// What is applied, by hand: looked at, renamed, forgotten, adopted; and a sandbox that somebody holds.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startRun } from '../../packages/core/src/daemon/run-history.js'
import { systemClock } from '../../packages/core/src/kernel/clock.js'
import { openStore } from '../../packages/core/src/stores/open-store.js'
import { type Ended, runCli, temporaryFolder } from './cli.js'

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

  const cli = (...args: readonly string[]): Ended => runCli(args, { folder, env: { LISTS_TOKEN: 's3cr3t' } })
  const json = (...args: readonly string[]): unknown => JSON.parse(cli(...args, '--json').stdout)
  const write = (file: string, text: string): void => { writeFileSync(join(folder, file), text) }
  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, file), 'utf8')
    assert.ok(text.includes(from), `${file} has no ${from}`)
    write(file, text.replace(from, to))
  }
  const ok = (...args: readonly string[]): string => {
    const { code, stdout, stderr } = cli(...args)
    assert.deepEqual([code, stderr], [0, ''], stdout)
    return stdout
  }
  const refused = (args: readonly string[], code: number, told: RegExp): void => {
    const ended = cli(...args)
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
    it('tells of every resource its uid and since when; before the first apply there is none, and no database is made', () => {
      assert.match(ok('state', 'list'), /sandbox dev · nothing applied yet/)
      assert.deepEqual(json('state', 'list'), { project: '', sandbox: 'dev', serial: 0, resources: [] })
      ok('apply', '-y')
      write('segments/late.yaml', 'kind: Segment\nname: late\nexpression: person.leadScore > 5\n')
      write('segments/person.yaml', 'kind: Schema\nname: person\nextends: b2b/person\nfields: { nps: { type: integer } }\n')
      ok('apply', '-y')
      const { serial, resources } = json('state', 'list') as { serial: number; resources: readonly { address: string; uid?: number; since?: number; status: string }[] }
      assert.deepEqual([serial, resources.map((each) => [each.address, each.uid, each.since, each.status])], [2, [
        ['Source/crm', 3, 1, 'applied'], ['Schema/person', undefined, undefined, 'applied'], [`Segment/${segment}`, 2, 1, 'applied'], ['Segment/late', 4, 2, 'applied'], ['Destination/audiences', 1, 1, 'applied'],
      ]])
      assert.match(ok('state', 'list'), /4 {4}Segment\/late +#2 {5}streaming, 0 members\n/)
      assert.equal((json('state', 'list', '--serial', '1') as { resources: readonly object[] }).resources.length, 3)
      refused(['state', 'list', '--serial', '7'], 64, /State #7 is none of #1 to #2/)
    })

    it('shows a resource as it was applied, secrets as references, whatever is wrong with the files by now', () => {
      withLists()
      ok('apply', '-y')
      ok('run')
      write('cdp.yaml', readFileSync(join(folder, 'cdp.yaml'), 'utf8').replace('include:', 'inclode:'))
      assert.equal(cli('plan').code, 3)
      const shown = ok('state', 'show', 'Destination/lists')
      assert.match(shown, /token:\n +fromEnv: LISTS_TOKEN/)
      assert.match(shown, new RegExp(`Segment/${segment} → Destination/lists  "${segment}"  id 900, made by cdp  3 members put in`))
      assert.doesNotMatch(shown, /s3cr3t/)
      refused(['state', 'show', 'Segment/none'], 64, /cli\/unknown-address.*Source\/crm/s)
    })
  })

  describe('cdp state mv', () => {
    it('renames what was renamed in the files without renamedFrom: nobody enters or leaves', () => {
      ok('apply', '-y')
      ok('run')
      edit(`segments/${segment}.yaml`, `name: ${segment}`, 'name: deciders')
      edit(`segments/${segment}.yaml`, '{ destination: audiences }', `{ destination: audiences, list: ${segment} }`)
      ok('plan', '--out', 'old.cdp')
      assert.match(ok('plan'), /1 to add, 0 to change, 0 to rename, 1 to remove/)
      assert.match(ok('state', 'mv', `Segment/${segment}`, 'Segment/deciders', '-y'), /from state #2 on/)
      assert.match(ok('plan'), /No changes\./)
      refused(['apply', 'old.cdp'], 5, /plan\/stale/)
      assert.match(ok('run'), /deciders {2}3 {2}members {2}\+ 0 entered {2}- 0 left[\s\S]*\+ 0 added {2}- 0 removed {2}0 requests/)
      assert.match(ok('state', 'show', `Segment/${segment}`, '--serial', '1'), /uid 2 · since #1/)
    })

    it('lets a segment that reads it follow, before the files are applied', () => {
      write('segments/reader.yaml', `kind: Segment\nname: reader\nexpression: segments.\`${segment}\`\nactivate: [{ destination: audiences }]\n`)
      ok('apply', '-y')
      ok('run')
      ok('state', 'mv', `Segment/${segment}`, 'Segment/deciders', '-y')
      assert.match(ok('run'), /deciders +3 {2}members[\s\S]*reader +3 {2}members {2}\+ 0 entered {2}- 0 left/)
    })

    it('asks, refuses names that are taken or none, and changes nothing then', () => {
      write('segments/late.yaml', 'kind: Segment\nname: late\nexpression: person.leadScore > 5\n')
      ok('apply', '-y')
      refused(['state', 'mv', 'Segment/late', 'Segment/later'], 1, /apply\/not-approved/)
      refused(['state', 'mv', 'Segment/late', `Segment/${segment}`, '-y'], 1, /state\/name-taken/)
      refused(['state', 'mv', 'Segment/late', 'Destination/late', '-y'], 64, /state\/other-kind/)
      refused(['state', 'mv', 'Segment/late', 'Segment/zoë', '-y'], 64, /state\/bad-name/)
      assert.equal((json('state', 'list') as { serial: number }).serial, 1)
    })
  })

  describe('cdp state rm', () => {
    it('forgets a segment with its members and sends nothing; other segments are delivered as before', () => {
      write('segments/all.yaml', 'kind: Segment\nname: all\nexpression: $exists(person.title)\nactivate: [{ destination: audiences }]\n')
      ok('apply', '-y')
      ok('run')
      const before = csv()
      refused(['state', 'rm', `Segment/${segment}`], 1, /apply\/not-approved/)
      assert.match(ok('state', 'rm', `Segment/${segment}`, '-y'), /3 members forgotten; nobody is taken out anywhere[\s\S]*stays +Segment\/enterprise-decision-makers → Destination\/audiences[\s\S]*Nothing was sent/)
      rmSync(join(folder, `segments/${segment}.yaml`))
      assert.match(ok('plan'), /No changes\./)
      write('data/contacts.csv', `${readFileSync(join(folder, 'data/contacts.csv'), 'utf8')}C9,new@acme.example,New,Person,CEO,A1\n`)
      assert.match(ok('run'), /all → audiences {2}\+ 1 added {2}- 0 removed/)
      assert.equal(csv(), before)
    })

    it('forgets a destination, and the plan makes it anew as long as it is in the files', () => {
      ok('apply', '-y')
      ok('run')
      ok('state', 'rm', 'destination/audiences', '-y')
      assert.match(ok('run'), /3 {2}members {2}\+ 0 entered {2}- 0 left/)
      assert.match(ok('plan'), /\+ Destination\/audiences[\s\S]*~ Segment\/enterprise-decision-makers[\s\S]*3 additions/)
    })

    it('refuses what is protected, what others read, and schemas', () => {
      write('segments/reader.yaml', `kind: Segment\nname: reader\nexpression: segments.\`${segment}\`\n`)
      edit('destinations/audiences.yaml', 'connector: files', 'connector: files\nprotect: true')
      write('segments/person.yaml', 'kind: Schema\nname: person\nextends: b2b/person\nfields: { nps: { type: integer } }\n')
      ok('apply', '-y')
      refused(['state', 'rm', 'Destination/audiences', '-y'], 4, /apply\/blocked.*it is protected/)
      refused(['state', 'rm', `Segment/${segment}`, '-y'], 1, /state\/is-read.*Segment\/reader/)
      refused(['state', 'rm', 'Schema/person', '-y'], 64, /state\/known-by-name/)
      edit('sandboxes/dev.yaml', 'name: dev', 'name: dev\nprotect: true')
      ok('apply', '-y')
      refused(['state', 'rm', 'Segment/reader', '-y'], 4, /sandbox dev is protected/)
      assert.equal((json('state', 'list') as { serial: number }).serial, 2)
    })
  })

  describe('cdp import', () => {
    const theirs = { 4711: { name: 'Deciders of old', members: { 'old@acme.example': true } } }
    beforeEach(() => {
      withLists()
      write('remote.json', JSON.stringify(theirs))
    })

    it('adopts an audience before anything is applied: it is used, none is made, and who is in it stays', () => {
      const told = ok('import', `Segment/${segment}`, '4711', '--destination', 'lists')
      assert.match(told, /audience 4711 \("Deciders of old"\) of Destination\/lists from state #1 on\. Nothing was sent\.\nNext, cdp plan shows Segment\/enterprise-decision-makers to create/)
      assert.match(ok('state', 'list'), /4?\d? +Segment\/enterprise-decision-makers +- +imported, not applied yet/)
      ok('apply', '-y')
      ok('run')
      assert.deepEqual(Object.keys(remote()), ['4711'])
      assert.deepEqual(Object.keys(remote()['4711']?.members ?? {}).sort(), ['mara.lindt@northwind.example', 'nobody', 'old@acme.example', 'tomas.visser@oceanic.example'])
      assert.match(ok('state', 'show', `Segment/${segment}`), /id 4711, was there before +3 members put in/)
      assert.match(ok('plan'), /No changes\./)
    })

    it('moves to another audience only when told to, and leaves the former one as it is', () => {
      ok('apply', '-y')
      ok('run')
      const made = remote()['901']
      assert.equal(Object.keys(made?.members ?? {}).length, 3)
      refused(['import', `Segment/${segment}`, '4711', '-d', 'lists'], 1, /import\/already-known.*audience 901/)
      refused(['import', `Segment/${segment}`, '4711', '-d', 'lists', '--force'], 1, /apply\/not-approved/)
      assert.match(ok('import', `Segment/${segment}`, '4711', '-d', 'Destination/lists', '--force', '-y'), /cdp plan has nothing to change; the next cdp run puts the members/)
      ok('run')
      assert.deepEqual(remote()['901'], made)
      assert.equal(Object.keys(remote()['4711']?.members ?? {}).length, 4)
    })

    it('says what is wrong: nothing there, nothing to adopt, several destinations, another segment’s', () => {
      refused(['import', `Segment/${segment}`, '12', '-d', 'lists'], 1, /import\/not-there/)
      refused(['import', `Segment/${segment}`, '4711'], 64, /import\/which-destination.*lists, audiences/)
      refused(['import', `Segment/${segment}`, '4711', '-d', 'crm'], 64, /import\/no-activation/)
      refused(['import', `Segment/${segment}`, 'x', '-d', 'audiences'], 1, /import\/makes-no-audiences.*list: under activate/s)
      refused(['import', 'Segment/enterprise-decision-maker', '4711'], 64, /import\/not-in-files.*Did you mean "Segment\/enterprise-decision-makers"/s)
      refused(['import', 'Source/crm', '4711'], 64, /import\/nothing-to-adopt/)
      write('segments/late.yaml', 'kind: Segment\nname: late\nexpression: person.leadScore > 5\nactivate: [{ destination: lists }]\n')
      ok('import', 'Segment/late', '4711')
      refused(['import', `Segment/${segment}`, '4711', '-d', 'lists'], 1, /import\/of-another.*Segment\/late/)
      ok('state', 'rm', 'Segment/late', '-y')
      ok('import', `Segment/${segment}`, '4711', '-d', 'lists')
    })

    it('takes any id where the connector cannot look it up, and keeps to protection', () => {
      edit('destinations/lists.yaml', 'config: {', 'protect: true\nconfig: { blind: true,')
      const told = json('import', `Segment/${segment}`, '77 ü', '-d', 'lists') as object
      assert.deepEqual(told, { serial: 1, segment, destination: 'lists', remoteId: '77 ü' })
      ok('apply', '-y')
      refused(['import', `Segment/${segment}`, '4711', '-d', 'lists', '--force', '-y'], 4, /it is protected/)
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
      assert.match(ok('state', 'unlock'), /no database yet, and nobody holds it/)
      ok('apply', '-y')
      const holder = await hold()
      const held = cli('state', 'unlock')
      assert.deepEqual([held.code, held.stderr], [5, ''])
      assert.match(held.stdout, new RegExp(`^Sandbox dev is held by process ${String(holder.pid)}: .*node.*\\nIt is at work: wait until it has finished\\. Or end it: kill ${String(holder.pid)}\\n`))
      refused(['state', 'unlock', '--force', '-y'], 5, /state\/holder-alive/)
      holder.kill('SIGSTOP')
      assert.match(cli('state', 'unlock').stdout, /It was stopped \(Ctrl-Z\) and keeps the sandbox\. Go on with it: fg/)
      await end(holder)
      assert.equal(ok('state', 'unlock'), 'Nobody holds sandbox dev. Its database opens, at state #1.\n')
      ok('run')
    })

    it('closes the runs of who was killed', async () => {
      ok('apply', '-y')
      const store = await openStore({ path: join(folder, '.cdp/dev/store.duckdb'), clock: systemClock })
      await startRun(store, { run: 'killed', serial: 1, at: systemClock.now() })
      await store.close()
      assert.deepEqual(json('state', 'unlock'), { sandbox: 'dev', held: false, serial: 1, interruptedRuns: 1 })
      assert.match(ok('status'), /killed .* interrupted/)
    })
  })
}).timeout(120_000)
