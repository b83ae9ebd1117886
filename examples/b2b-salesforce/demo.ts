// From `cdp init --template b2b-crm` to audiences in the CRM, against a simulated Salesforce with the developer-edition records.
// Then sales works on: a lead is converted, a contact deleted, two accounts merged, a deal won; the audiences follow.
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadDeveloperEdition } from '../../test/simulators/salesforce/developer-edition.js'
import { type SalesforceSimulator, startSalesforce } from '../../test/simulators/salesforce/simulator.js'
import { Demonstration, pointToSimulators } from '../demonstration.js'
import { campaignMembers, expectedAudiences } from './check/expected.js'

const thresholds = { enterpriseEmployees: 1000 }
const minutes = 60_000

async function compare(show: Demonstration, folder: string, { organization }: SalesforceSimulator): Promise<void> {
  show.say()
  for (const [list, wanted] of expectedAudiences(organization, thresholds)) {
    const got = list === 'enterprise-contacts' ? await namesOfFile(join(folder, 'out', `${list}.csv`)) : campaignMembers(organization, list)
    show.checkAudience(list, { got, wanted, countedIn: 'Salesforce' })
  }
}

async function namesOfFile(file: string): Promise<readonly string[]> {
  const [header = '', ...lines] = (await readFile(file, 'utf8')).trim().split('\n')
  const columns = header.split(',')
  return lines.map((line) => line.split(',')).map((cells) => `${cells[columns.indexOf('firstName')] ?? ''} ${cells[columns.indexOf('lastName')] ?? ''}`).sort()
}

async function main(): Promise<void> {
  const salesforce = await startSalesforce()
  const show = new Demonstration(() => ({ CDP_CLOCK: new Date(salesforce.http.nowMs).toISOString(), SFDC_CLIENT_ID: 'client', SFDC_CLIENT_SECRET: 'secret' }))
  const { organization } = salesforce
  const { accounts, contacts, leads } = loadDeveloperEdition(organization)
  const idOf = (known: ReadonlyMap<string, string>, name: string): string => known.get(name) ?? ''
  const base = await mkdtemp(join(tmpdir(), 'cdp-salesforce-'))
  const folder = join(base, 'b2b')
  try {
    show.say('12 companies, 20 contacts, 22 leads and 31 deals of a Salesforce Developer Edition, in a simulated organization.')
    show.heading('1. A project from the template; the sandbox points to the simulator')
    await show.must(base, ['init', 'b2b', '--template', 'b2b-crm'])
    await pointToSimulators(folder, (text) => text.replace(/https:\S+/, salesforce.url))
    await show.must(folder, ['test'])
    await show.must(folder, ['plan'])

    show.heading('2. Apply it and run: read, unify, evaluate, deliver into the CRM')
    await show.must(folder, ['apply', '--auto-approve', '--quiet'])
    await show.must(folder, ['run'])
    await compare(show, folder, salesforce)

    show.heading('3. Twenty minutes later nothing has happened')
    salesforce.http.advance(20 * minutes)
    const before = salesforce.http.requests.length
    await show.must(folder, ['run'], { quiet: true })
    // The campaigns that were made and their members come back as records, and change nobody.
    show.check(salesforce.http.requests.slice(before).every((each) => each.method === 'GET' || each.path.endsWith('/token')), 'nothing was written to Salesforce')

    show.heading('4. Somebody takes a lead out of the campaign by hand: reconciling puts it back')
    const taken = [...organization.rows('CampaignMember')].find((each) => each['LeadId'] === idOf(leads, 'Akin') && organization.get(String(each['CampaignId'])).row['Name'] === 'Leads at work')
    organization.remove(String(taken?.['Id']))
    await show.must(folder, ['run', '--reconcile'])
    await compare(show, folder, salesforce)

    show.heading('5. Sales works on: a lead converted, a contact deleted, two accounts merged, a deal won')
    const contact = organization.convert(idOf(leads, 'Bair'), { accountId: idOf(accounts, 'sForce') })
    organization.remove(idOf(contacts, 'Llorrac'))
    organization.remove(idOf(contacts, 'Frank'))
    organization.merge(idOf(accounts, 'Express Logistics and Transport'), idOf(accounts, 'Dickenson plc'))
    const won = [...organization.rows('Opportunity')].find((each) => each['Name'] === 'Pyramid Emergency Generators')
    organization.update(String(won?.['Id']), { StageName: 'Closed Won', IsClosed: true, IsWon: true })
    salesforce.http.advance(20 * minutes)
    await show.must(folder, ['run'])
    await compare(show, folder, salesforce)
    const keys = await show.must(folder, ['profile', 'get', `b2b_person:${contact}@crm.Salesforce`, '--json'], { quiet: true })
    show.check(keys.includes(contact) && keys.includes(idOf(leads, 'Bair')), 'the converted lead and its contact are one person with two components')
    const moved = await show.must(folder, ['profile', 'get', `b2b_account:${idOf(accounts, 'Dickenson plc')}@crm.Salesforce`, '--json'], { quiet: true })
    show.check(moved.includes('Express Logistics and Transport') && moved.includes('a_young@dickenson.com'), 'the merged account is the one that stayed, and kept its people')
  } finally {
    await salesforce.close()
    await show.remove(base, folder)
  }
  show.end()
}

await main()
