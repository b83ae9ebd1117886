// Data that may not go somewhere stops the plan; people who do not consent are not sent, and taken out when they say so later.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Receiver, startReceiver } from '../../examples/receiver/receiver.js'
import { type Ended, cdp, environment, temporaryFolder } from './cli.js'
import { runHere } from './run-here.js'

const project = `kind: Project
name: acme
plugins: ["@cdpkit/plugin-destination-http"]
include: ["*.yaml"]
governance: { enable: [core.no-third-party-export] }
---
kind: Sandbox
name: dev
network: { allow: [loopback] }
---
kind: Source
name: crm
connector: files
streams:
  - name: contacts
    entity: person
    key: id
    config: { path: contacts.csv }
    map: { email: email, title: title, preferredChannel: channel, consents.marketing.email: consent }
---
kind: Schema
name: person
fields: { preferredChannel: { type: string, labels: [C2] } }
`
const chiefs = (expression: string): string => `kind: Segment
name: chiefs
expression: ${expression}
activate: [{ destination: mailing }]
`
const mailing = (url: string, party: string): string => `kind: Destination
name: mailing
connector: http
party: ${party}
marketingActions: [emailTargeting]
config: { url: "${url}", batch: { maxRecords: 2 }, body: '{ "email": person.email }' }
`
const usual: Readonly<Record<string, string>> = { ada: 'y', bob: '', eva: 'LI', ian: 'n', kim: 'u' }

describe('governance', () => {
  let folder = ''
  let receiver: Receiver
  let minute = 0
  beforeEach(async () => {
    folder = temporaryFolder()
    receiver = await startReceiver()
    write('cdp.yaml', project)
    write('chiefs.yaml', chiefs('person.title = "Chief"'))
    write('mailing.yaml', mailing(receiver.url, 'first'))
    contacts(usual)
  })
  afterEach(async () => {
    await receiver.close()
    rmSync(folder, { recursive: true })
  })

  const write = (file: string, text: string): void => { writeFileSync(join(folder, file), text) }
  const contacts = (consents: Readonly<Record<string, string>>): void => {
    write('contacts.csv', `id,email,title,channel,consent\n${Object.entries(consents).map(([name, consent], index) => `${String(index)},${name}@x.example,Chief,phone,${consent}\n`).join('')}`)
  }
  /** A minute passes between two commands. */
  const options = (): { readonly folder: string; readonly env: Readonly<Record<string, string>> } => ({ folder, env: { CDP_CLOCK: new Date(Date.parse('2026-11-23T06:00:00Z') + minute++ * 60_000).toISOString() } })
  const cli = (...args: readonly string[]): Promise<Ended> => runHere(args, options())
  const there = (): readonly string[] => [...(receiver.audiences.get('chiefs')?.keys() ?? [])].map((each) => each.split('@')[0] ?? '').sort()
  const everSent = (): readonly string[] => [...new Set(receiver.deliveries.filter((each) => each.operation === 'upsert').flatMap((each) => each.records.map(({ record }) => String(record['email']).split('@')[0] ?? '')))].sort()
  const removals = (): readonly unknown[] => receiver.deliveries.filter((each) => each.operation === 'remove').flatMap((each) => each.records.map(({ record }) => record['email']))

  it('stops a plan that would send labelled data to a third party, and says by which way', async () => {
    write('chiefs.yaml', chiefs('person.preferredChannel = "phone"'))
    assert.equal((await cli('plan')).code, 0, 'the destination is ours')
    write('mailing.yaml', mailing(receiver.url, 'third'))
    const { code, stderr } = await cli('plan')
    assert.equal(code, 3)
    assert.match(stderr, /error\[governance\/policy-violated\]: A policy forbids this activation\n {2}--> chiefs\.yaml:4:27/)
    assert.ok(stderr.includes('  Policy/core.no-third-party-export denies C2 for exportToThirdParty, and this comes to Destination/mailing:\n    crm/contacts → person.preferredChannel [C2] → Segment/chiefs → Destination/mailing\n'), stderr)
    for (const place of ['person.preferredChannel is labelled C2 here: cdp.yaml:23:53', 'what the destination is for: mailing.yaml:5:19', 'the policy is enabled here: cdp.yaml:5:23']) assert.ok(stderr.includes(place), stderr)
    assert.deepEqual([(await cli('validate')).code, (await cli('apply', '-y')).code], [3, 3])
    write('cdp.yaml', project.replace('governance: { enable: [core.no-third-party-export] }\n', ''))
    assert.equal((await cli('validate')).code, 0, 'no policy holds unless it is enabled')
  })

  it('shows in a plan which policies come', async () => {
    assert.match((await cli('plan')).stdout, /\+ Policy\/core\.no-third-party-export[^\n]*\n +denies {2}C2 for exportToThirdParty\n/)
  })

  it('never sends who refuses, takes out who withdraws, and puts in who consents again', async () => {
    await cli('apply', '-y')
    const first = await cli('run')
    assert.match(first.stdout, /chiefs → mailing {2}\+ 4 added {2}- 0 removed {2}2 requests {2}1 withheld by consent/)
    assert.deepEqual([there(), removals()], [['ada', 'bob', 'eva', 'kim'], []])
    assert.match((await cli('status')).stdout, /chiefs → mailing {2}4 {2}there {2}0 {2}waiting {2}0 {2}given up {2}1 withheld by consent/)

    write('chiefs.yaml', chiefs('$contains(person.title, "hief")'))
    write('more.yaml', chiefs('person.title = "Chief"').replace('name: chiefs', 'name: more'))
    assert.match((await cli('plan')).stdout, /Segment\/more[\s\S]*Destination\/mailing {3}4 additions, 0 removals, 1 withheld by consent/)
    rmSync(join(folder, 'more.yaml'))
    write('chiefs.yaml', chiefs('person.title = "Chief"'))

    contacts({ ...usual, ada: 'n' })
    assert.match((await cli('run')).stdout, /\+ 0 added {2}- 1 removed {2}1 request {2}2 withheld by consent/)
    assert.match((await cli('run')).stdout, /\+ 0 added {2}- 0 removed {2}0 requests {2}2 withheld by consent/)
    assert.deepEqual([there(), removals()], [['bob', 'eva', 'kim'], ['ada@x.example']])

    const profile = await cli('profile', 'get', 'email:ada@x.example')
    assert.match(profile.stdout, /Segments\n {2}chiefs {2}realized {2}since [^\n]*\n {4}withheld from Destination\/mailing by consent: consents\.marketing\.email = "n"$/m)
    const explained = await cli('explain', 'Segment/chiefs', '--profile', 'email:ada@x.example')
    assert.match(explained.stdout, /^✓ ada@x\.example is in chiefs\n {2}withheld from Destination\/mailing by consent: consents\.marketing\.email = "n"\n/)
    assert.doesNotMatch((await cli('explain', 'Segment/chiefs', '--profile', 'email:bob@x.example')).stdout, /withheld/)

    contacts({ ...usual, ada: 'y' })
    assert.match((await cli('run')).stdout, /\+ 1 added {2}- 0 removed {2}1 request {2}1 withheld by consent/)
    assert.deepEqual([there(), everSent(), removals()], [['ada', 'bob', 'eva', 'kim'], ['ada', 'bob', 'eva', 'kim'], ['ada@x.example']])
  })

  it('asks for consent that is known where the destination says so', async () => {
    write('mailing.yaml', `${mailing(receiver.url, 'first')}consent: { onUnknown: withhold }\n`)
    await cli('apply', '-y')
    assert.match((await cli('run')).stdout, /\+ 2 added[^\n]*3 withheld by consent/)
    assert.deepEqual(there(), ['ada', 'eva'])
  })

  it('does not send again, after a kill, who withdrew consent while the request was on its way', async () => {
    await cli('apply', '-y')
    const { env } = options()
    const child = spawn(process.execPath, [cdp, 'run'], { cwd: folder, env: environment(env), stdio: 'ignore' })
    receiver.queue({ do: 'hang', tell: () => child.kill('SIGKILL') })
    assert.equal(await new Promise((done) => child.on('close', done)), null)
    contacts({ ...usual, ada: 'n', bob: 'n' })
    assert.equal((await cli('run')).code, 0)
    assert.deepEqual([there(), everSent()], [['eva', 'kim'], ['eva', 'kim']])
    assert.match((await cli('run')).stdout, /\+ 0 added {2}- 0 removed {2}0 requests {2}3 withheld by consent/)
  })
})
