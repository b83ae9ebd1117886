// What plan and apply promise: saved plans, stale plans, renames, protection, one at a time, JSON and exit codes.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, runCli, startCli, temporaryFolder } from './cli.js'
import { runHere } from './run-here.js'

describe('plan and apply', () => {
  let folder = ''
  beforeEach(() => { folder = temporaryFolder('packages/core/templates/minimal') })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, file), 'utf8')
    assert.ok(text.includes(from), `${file} has no ${from}`)
    writeFileSync(join(folder, file), text.replace(from, to))
  }
  const cli = (...args: readonly string[]): Promise<Ended> => runHere(args, { folder })

  it('applies a saved plan exactly, and refuses it once the state has moved on', async () => {
    assert.equal((await cli('plan', '--out', 'plan.cdp')).code, 0)
    assert.equal((await cli('apply', 'plan.cdp')).code, 0)
    edit('sandboxes/dev.yaml', '1000', '2000')
    await cli('plan', '--out', 'second.cdp')
    edit('sandboxes/dev.yaml', '2000', '3000')
    await cli('apply', '-y')
    const stale = await cli('apply', 'second.cdp')
    assert.deepEqual([stale.code, /plan\/stale/.test(stale.stderr)], [5, true])
  })

  it('changes nothing when it is applied twice, and says so by exit code when asked', async () => {
    await cli('apply', '-y')
    const again = await cli('apply', '-y')
    assert.deepEqual([again.code, /No changes\./.test(again.stdout)], [0, true])
    assert.equal((await cli('plan', '--detailed-exitcode')).code, 0)
    edit('sandboxes/dev.yaml', '1000', '2000')
    assert.equal((await cli('plan', '--detailed-exitcode')).code, 2)
  })

  it('asks before it applies, and applies nothing where nobody can answer', async () => {
    const { code, stderr } = await cli('apply')
    assert.deepEqual([code, /apply\/not-approved/.test(stderr)], [1, true])
    assert.match((await cli('status')).stdout, /nothing applied yet/)
    assert.equal((await cli('run')).code, 1)
  })

  it('renames a segment without moving anybody', async () => {
    await cli('apply', '-y')
    await cli('run')
    edit('segments/enterprise-decision-makers.yaml', 'name: enterprise-decision-makers', 'name: deciders\nrenamedFrom: [enterprise-decision-makers]')
    edit('segments/enterprise-decision-makers.yaml', '{ destination: audiences }', '{ destination: audiences, list: enterprise-decision-makers }')
    assert.match((await cli('plan')).stdout, /> Segment\/deciders +renamed from enterprise-decision-makers: members and remote list kept/)
    await cli('apply', '-y')
    assert.match((await cli('run')).stdout, /deciders {2}3 {2}members {2}\+ 0 entered {2}- 0 left[\s\S]*\+ 0 added {2}- 0 removed {2}0 requests/)
  })

  it('clears the audience of a removed segment', async () => {
    await cli('apply', '-y')
    await cli('run')
    rmSync(join(folder, 'segments/enterprise-decision-makers.yaml'))
    assert.match((await cli('plan')).stdout, /- Segment\/enterprise-decision-makers[\s\S]*3 → 0[\s\S]*3 removals/)
    await cli('apply', '-y')
    await cli('run')
    assert.equal(readFileSync(join(folder, 'out/enterprise-decision-makers.csv'), 'utf8').trim(), '')
    assert.match((await cli('plan')).stdout, /No changes\./)
  })

  it('does not remove what is protected, and destroys what is not', async () => {
    await cli('apply', '-y')
    await cli('run')
    edit('destinations/audiences.yaml', 'connector: files', 'connector: files\nprotect: true')
    await cli('apply', '-y')
    const kept = readFileSync(join(folder, 'destinations/audiences.yaml'), 'utf8')
    rmSync(join(folder, 'destinations/audiences.yaml'))
    edit('segments/enterprise-decision-makers.yaml', 'activate:\n  - { destination: audiences }', '')
    assert.equal((await cli('plan')).code, 4)
    assert.equal((await cli('apply', '-y')).code, 4)
    writeFileSync(join(folder, 'destinations/audiences.yaml'), kept.replace('protect: true', 'protect: false'))
    await cli('apply', '-y')
    await cli('run')
    assert.deepEqual([(await cli('destroy', '-y')).code, readFileSync(join(folder, 'out/enterprise-decision-makers.csv'), 'utf8').trim()], [0, ''])
    assert.match((await cli('status')).stdout, /nothing applied yet/)
  })

  it('applies a changed mapping to the records that it kept, without reading the files', async () => {
    await cli('apply', '-y')
    await cli('run')
    rmSync(join(folder, 'data/contacts.csv'))
    mkdirSync(join(folder, 'schemas'))
    writeFileSync(join(folder, 'schemas/person.yaml'), 'kind: Schema\nname: person\nextends: b2b/person\nfields: { initials: { type: string } }\n')
    edit('sources/crm.yaml', 'title: title', 'title: title\n      initials: $substring(first_name, 0, 1) & $substring(last_name, 0, 1)')
    edit('sources/crm.yaml', 'config: { path: data/contacts.csv }', 'config: { path: data/contacts.csv, optional: true }')
    assert.match((await cli('plan')).stdout, /Schema\/person[\s\S]*fields\.initials[\s\S]*streams\[contacts\]\.map\.initials/)
    await cli('apply', '-y')
    assert.equal((await cli('run')).code, 0)
    assert.match((await cli('profile', 'get', 'email:mara.lindt@northwind.example')).stdout, /initials +ML/)
  })

  it('lets one command work on a sandbox at a time: the other waits, both are right', async () => {
    await cli('apply', '-y')
    const both = await Promise.all([startCli(['run', '--quiet'], { folder }), startCli(['run', '--quiet'], { folder }), startCli(['status'], { folder })])
    assert.deepEqual(both.map((each) => [each.code, each.stderr]), [[0, ''], [0, ''], [0, '']])
    assert.match((await cli('run')).stdout, /3 {2}members {2}\+ 0 entered/)
  })

  it('prints one JSON document with --json, errors too, without paths of the machine', async () => {
    assert.equal((JSON.parse((await cli('plan', '--json')).stdout) as { formatVersion: number }).formatVersion, 1)
    const applied = JSON.parse((await cli('apply', '-y', '--json')).stdout) as { serial: number }
    assert.equal(applied.serial, 1)
    assert.equal((JSON.parse((await cli('run', '--json')).stdout) as { profiles: { persons: number } }).profiles.persons, 5)
    edit('segments/enterprise-decision-makers.yaml', 'expression: |-', 'expresion: |-')
    const broken = await cli('plan', '--json')
    const { diagnostics } = JSON.parse(broken.stdout) as { diagnostics: readonly { code: string; line: number }[] }
    assert.deepEqual([broken.code, diagnostics.map((each) => [each.code, each.line])], [3, [['project/missing-key', 3], ['project/unknown-key', 6]]])
    assert.doesNotMatch(broken.stdout, /\/home|\/tmp|node_modules/)
  })

  it('ends with 64 for wrong usage and 127 for an unknown command', async () => {
    assert.equal((await cli('plan', '--no-such-flag')).code, 64)
    assert.equal((await cli('show', 'Segment/none')).code, 64)
    assert.equal(runCli(['plann'], { folder }).code, 127)
  })
})
