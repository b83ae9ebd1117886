// From `cdp init --template b2b-marketo` to static lists in Marketo, against a simulated Marketo that is synced with a simulated
// Salesforce. Then life goes on: a form, a score, a converted lead, a deleted one, a merge, a deal won; the lists follow.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NativeSync } from '../../test/simulators/marketo/native-sync.js'
import { MarketoSimulator } from '../../test/simulators/marketo/simulator.js'
import { type Loaded, loadDeveloperEdition } from '../../test/simulators/salesforce/developer-edition.js'
import { type SalesforceSimulator, startSalesforce } from '../../test/simulators/salesforce/simulator.js'
import { Demonstration, pointToSimulators } from '../demonstration.js'
import { expectedAudiences, listMembers } from './check/expected.js'

const thresholds = { enterpriseEmployees: 1000 }
const minuteMs = 60_000
const dayMs = 86_400_000

class Example {
  readonly sync: NativeSync
  readonly known: Loaded
  readonly show = new Demonstration(() => ({ CDP_CLOCK: new Date(this.marketo.nowMs).toISOString(), MARKETO_CLIENT_ID: 'client', MARKETO_CLIENT_SECRET: 'secret', SFDC_CLIENT_ID: 'client', SFDC_CLIENT_SECRET: 'secret' }))

  constructor(readonly marketo: MarketoSimulator, readonly salesforce: SalesforceSimulator, readonly folder: string) {
    this.known = loadDeveloperEdition(salesforce.organization)
    this.sync = new NativeSync(salesforce.organization, marketo.instance)
    // A bulk extract takes Marketo minutes; here a minute goes by whenever somebody looks at one.
    marketo.fail({ on: 'GET /status', times: 'always', do: () => { this.advance(minuteMs); return undefined } })
  }

  advance(ms: number): void {
    this.marketo.advance(ms)
    this.salesforce.http.advance(ms)
  }

  /** The person of a contact or lead, by the last name. */
  person(lastName: string): number {
    return this.sync.personOf(this.known.contacts.get(lastName) ?? this.known.leads.get(lastName) ?? lastName)
  }

  visit(leadId: number, daysAgo = 0): void {
    this.marketo.instance.log({ leadId, typeId: 1, atMs: this.marketo.nowMs - daysAgo * dayMs, primaryId: 7, primary: '/pricing', attributes: { 'Webpage URL': '/pricing' } })
  }

  fillOut(leadId: number, daysAgo = 0): void {
    this.marketo.instance.log({ leadId, typeId: 2, atMs: this.marketo.nowMs - daysAgo * dayMs, primaryId: 8, primary: 'Contact us', attributes: {} })
  }

  compare(): void {
    const { marketo, salesforce, show } = this
    show.say()
    const expected = expectedAudiences({ marketo: marketo.instance, organization: salesforce.organization, nowMs: marketo.nowMs }, thresholds)
    for (const [list, wanted] of expected) show.checkAudience(list, { got: listMembers(marketo.instance, list), wanted, countedIn: 'Marketo and Salesforce' })
  }

  /** The template's sandbox talks to the simulators. */
  async pointToSimulators(): Promise<void> {
    const { marketo, salesforce } = this
    const patch = `{ config: { restUrl: "${marketo.url}/rest", identityUrl: "${marketo.url}/identity", pollSeconds: 0.01, callsPer20s: 100 } }`
    await pointToSimulators(this.folder, (text) => `${text.replace(/https:\S+/, salesforce.url).replace('123-DEV-456', marketo.instance.munchkinId)}overlays:\n  - { target: Source/marketo, patch: ${patch} }\n  - { target: Destination/marketo, patch: ${patch} }\n`)
  }
}

async function tell(example: Example): Promise<void> {
  const { marketo, salesforce: { organization }, folder, known, show, sync } = example
  show.say('The contacts, leads and companies of a Salesforce Developer Edition, synced into a simulated Marketo; the deals stay in Salesforce.')
  sync.run({ atMs: marketo.nowMs - 20 * dayMs })
  for (const name of ['Bond', 'Forbes', 'Davis', 'Green', 'Song', 'James']) example.visit(example.person(name), 3)
  for (const daysAgo of [9, 2]) example.fillOut(example.person('Akin'), daysAgo)
  example.fillOut(example.person('Bair'), 5)
  marketo.instance.updateLead(example.person('Levy'), { leadScore: 95 }, { atMs: marketo.nowMs - dayMs })

  show.heading('1. A project from the template; the sandbox points to the simulators')
  await show.must(join(folder, '..'), ['init', 'b2b', '--template', 'b2b-marketo'])
  await example.pointToSimulators()
  await show.must(folder, ['plan'])

  show.heading('2. Apply it and run: read, unify, evaluate, deliver into static lists')
  await show.must(folder, ['apply', '--auto-approve', '--quiet'])
  await show.must(folder, ['run'])
  example.compare()

  show.heading('3. Twenty minutes later nothing has happened')
  example.advance(20 * minuteMs)
  const before = marketo.requests.length
  await show.must(folder, ['run'], { quiet: true })
  show.check(marketo.requests.slice(before).every((each) => each.method === 'GET' || each.path.endsWith('/token')), 'nothing was written to Marketo')

  show.heading('4. Life goes on: a form, a conversion, a deletion, a merge, somebody unsubscribes, a deal is won')
  example.fillOut(example.person('Bair'))
  const contact = organization.convert(known.leads.get('Bair') ?? '', { accountId: known.accounts.get('sForce') ?? '' })
  organization.remove(known.contacts.get('Frank') ?? '')
  organization.update(known.contacts.get('Green') ?? '', { HasOptedOutOfEmail: true })
  const won = [...organization.rows('Opportunity')].find((each) => each['Name'] === 'Pyramid Emergency Generators')
  organization.update(String(won?.['Id']), { StageName: 'Closed Won', IsClosed: true, IsWon: true })
  sync.run()
  marketo.instance.mergeLeads(example.person('Levy'), [example.person('Akin')])
  example.advance(20 * minuteMs)
  await show.must(folder, ['run'])
  example.compare()
  const person = await show.must(folder, ['profile', 'get', `b2b_person:${contact}@crm.Salesforce`, '--json'], { quiet: true })
  show.check(person.includes(`${String(sync.personOf(contact))}@${marketo.instance.munchkinId}.Marketo`), 'the converted lead is one person, by its new id of the CRM too')
  show.check(marketo.instance.leadsCreatedByClients === 0, 'nobody was created in Marketo')
}

async function main(): Promise<void> {
  const marketo = await new MarketoSimulator({ modes: ['native'] }).start()
  const salesforce = await startSalesforce()
  const base = await mkdtemp(join(tmpdir(), 'cdp-marketo-'))
  const example = new Example(marketo, salesforce, join(base, 'b2b'))
  try {
    await tell(example)
  } finally {
    await marketo.close()
    await salesforce.close()
    await example.show.remove(base, example.folder)
  }
  example.show.end()
}

await main()
