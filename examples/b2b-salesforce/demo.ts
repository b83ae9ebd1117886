// From `cdp init --template b2b-crm` to audiences in the CRM, against a simulated Salesforce with the developer-edition records.
// Then sales works on: a lead is converted, a contact deleted, two accounts merged, a deal won; the audiences follow.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadDeveloperEdition } from '../../test/simulators/salesforce/developer-edition.js'
import { type SalesforceSimulator, startSalesforce } from '../../test/simulators/salesforce/simulator.js'
import { campaignMembers, expectedAudiences } from './check/expected.js'

const cdp = fileURLToPath(new URL('../../packages/core/bin/cdp.js', import.meta.url))
const thresholds = { enterpriseEmployees: 1000 }
const minutes = 60_000
let failed = false

function say(text = ''): void {
  process.stdout.write(`${text}\n`)
}

function heading(text: string): void {
  say(`\n── ${text} ${'─'.repeat(Math.max(3, 90 - text.length))}`)
}

function check(ok: boolean, text: string): void {
  if (!ok) failed = true
  say(`  ${ok ? '✓' : '✗'} ${text}`)
}

/** A command of the real command line; its clock is the simulator's. */
async function run(folder: string, salesforce: SalesforceSimulator, args: readonly string[], { quiet = false } = {}): Promise<string> {
  if (!quiet) say(`\n$ cdp ${args.join(' ')}`)
  const env = { ...process.env, CDP_CLOCK: new Date(salesforce.http.nowMs).toISOString(), SFDC_CLIENT_ID: 'client', SFDC_CLIENT_SECRET: 'secret' }
  const child = spawn(process.execPath, [cdp, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (!quiet) process.stdout.write(text)
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (code !== 0) check(false, `cdp ${args.join(' ')} ended with ${String(code)}`)
  return stdout
}

async function compare(folder: string, { organization }: SalesforceSimulator): Promise<void> {
  say()
  for (const [list, wanted] of expectedAudiences(organization, thresholds)) {
    const got = list === 'enterprise-contacts' ? await namesOfFile(join(folder, 'out', `${list}.csv`)) : campaignMembers(organization, list)
    check(JSON.stringify(got) === JSON.stringify(wanted), `${list.padEnd(26)} delivered ${String(got.length).padStart(3)}   counted in Salesforce ${String(wanted.length).padStart(3)}`)
  }
}

async function namesOfFile(file: string): Promise<readonly string[]> {
  const [header = '', ...lines] = (await readFile(file, 'utf8')).trim().split('\n')
  const columns = header.split(',')
  return lines.map((line) => line.split(',')).map((cells) => `${cells[columns.indexOf('firstName')] ?? ''} ${cells[columns.indexOf('lastName')] ?? ''}`).sort()
}

async function main(): Promise<void> {
  const salesforce = await startSalesforce()
  const { organization } = salesforce
  const { accounts, contacts, leads } = loadDeveloperEdition(organization)
  const idOf = (known: ReadonlyMap<string, string>, name: string): string => known.get(name) ?? ''
  const base = await mkdtemp(join(tmpdir(), 'cdp-salesforce-'))
  const folder = join(base, 'b2b')
  try {
    say('12 companies, 20 contacts, 22 leads and 31 deals of a Salesforce Developer Edition, in a simulated organization.')
    heading('1. A project from the template; the sandbox points to the simulator')
    await run(base, salesforce, ['init', 'b2b', '--template', 'b2b-crm'])
    const sandbox = join(folder, 'sandboxes/dev.yaml')
    await writeFile(sandbox, (await readFile(sandbox, 'utf8')).replace(/https:\S+/, salesforce.url).replace('vars:', 'network: { allow: [loopback] }\nvars:'))
    await run(folder, salesforce, ['test'])
    await run(folder, salesforce, ['plan'])

    heading('2. Apply it and run: read, unify, evaluate, deliver into the CRM')
    await run(folder, salesforce, ['apply', '--auto-approve', '--quiet'])
    await run(folder, salesforce, ['run'])
    await compare(folder, salesforce)

    heading('3. Twenty minutes later nothing has happened')
    salesforce.http.advance(20 * minutes)
    const before = salesforce.http.requests.length
    await run(folder, salesforce, ['run'], { quiet: true })
    // The campaigns that were made and their members come back as records, and change nobody.
    check(salesforce.http.requests.slice(before).every((each) => each.method === 'GET' || each.path.endsWith('/token')), 'nothing was written to Salesforce')

    heading('4. Somebody takes a lead out of the campaign by hand: reconciling puts it back')
    const taken = [...organization.rows('CampaignMember')].find((each) => each['LeadId'] === idOf(leads, 'Akin') && organization.get(String(each['CampaignId'])).row['Name'] === 'Leads at work')
    organization.remove(String(taken?.['Id']))
    await run(folder, salesforce, ['run', '--reconcile'])
    await compare(folder, salesforce)

    heading('5. Sales works on: a lead converted, a contact deleted, two accounts merged, a deal won')
    const contact = organization.convert(idOf(leads, 'Bair'), { accountId: idOf(accounts, 'sForce') })
    organization.remove(idOf(contacts, 'Llorrac'))
    organization.remove(idOf(contacts, 'Frank'))
    organization.merge(idOf(accounts, 'Express Logistics and Transport'), idOf(accounts, 'Dickenson plc'))
    const won = [...organization.rows('Opportunity')].find((each) => each['Name'] === 'Pyramid Emergency Generators')
    organization.update(String(won?.['Id']), { StageName: 'Closed Won', IsClosed: true, IsWon: true })
    salesforce.http.advance(20 * minutes)
    await run(folder, salesforce, ['run'])
    await compare(folder, salesforce)
    const profile = JSON.parse(await run(folder, salesforce, ['profile', 'get', `b2b_person:${contact}@crm.Salesforce`, '--json'], { quiet: true })) as { readonly sourceKeys?: readonly string[] }
    const keys = JSON.stringify(profile)
    check(keys.includes(contact) && keys.includes(idOf(leads, 'Bair')), 'the converted lead and its contact are one person with two components')
    const moved = await run(folder, salesforce, ['profile', 'get', `b2b_account:${idOf(accounts, 'Dickenson plc')}@crm.Salesforce`, '--json'], { quiet: true })
    check(moved.includes('Express Logistics and Transport') && moved.includes('a_young@dickenson.com'), 'the merged account is the one that stayed, and kept its people')
  } finally {
    await salesforce.close()
    if (process.env['KEEP'] === '1') say(`\nKept in ${folder}`)
    else await rm(base, { recursive: true, force: true })
  }
  say(`\n${failed ? '✗ Something differs.' : '✓ Everything agrees.'}`)
  process.exitCode = failed ? 1 : 0
}

await main()
