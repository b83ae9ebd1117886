// The same company and people from a marketing system and from Salesforce: one account and one person each, every source's
// component kept, and a segment that asks for what only one of them knows. Marketo's side comes from files here, with the
// keys that a natively synced Marketo has: the ids of the CRM's records.
import assert from 'node:assert/strict'
import { mkdir, writeFile, readFile } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../journeys/cli.js'
import { runHere } from '../journeys/run-here.js'
import { type SalesforceSimulator, startSalesforce } from '../simulators/salesforce/simulator.js'

const env = { SFDC_SECRET: 'secret' }

describe('a marketing system and its CRM', () => {
  const folder = temporaryFolder()
  let salesforce: SalesforceSimulator
  before(async () => { salesforce = await startSalesforce() })
  after(async () => {
    await salesforce.close()
    rmSync(folder, { recursive: true })
  })

  it('tell of one company and its people, once each', async () => {
    const { organization } = salesforce
    const acme = organization.add('Account', { Name: 'Acme Corporation', NumberOfEmployees: 5000, Website: 'https://www.acme.example/home' })
    const ada = organization.add('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'Ada@acme.example', AccountId: acme, Title: 'CTO' })
    const bob = organization.add('Contact', { FirstName: 'Bob', LastName: 'Byte', Email: 'bob.old@acme.example', AccountId: acme })
    organization.add('Contact', { FirstName: 'Cleo', LastName: 'Codd', Email: 'cleo@acme.example', AccountId: acme })
    await write('cdp.yaml', 'kind: Project\nname: both\nplugins: ["@cdpkit/plugin-crm"]\ninclude: ["{sources,segments,destinations}/*.yaml"]\n---\nkind: Sandbox\nname: dev\nnetwork: { allow: [loopback] }\n')
    await write('sources/crm.yaml', `kind: Source\nname: crm\nconnector: salesforce\nconfig: { loginUrl: "${salesforce.url}", clientId: client, clientSecret: { fromEnv: SFDC_SECRET } }\nstreams:\n  - { name: Account, entity: account }\n  - { name: Contact, entity: person }\n`)
    await write('sources/marketo.yaml', `kind: Source
name: marketo
connector: files
type: Marketo
streams:
  - name: companies
    entity: account
    key: id
    config: { path: companies.csv }
    map: { name: company, industry: industry, externalKey: '$sourceKey(sfdcAccountId, "crm")' }
  - name: leads
    entity: person
    key: id
    config: { path: leads.csv }
    map: { email: email, leadScore: score, accountKey: companyId, externalKey: '$sourceKey(sfdcContactId, "crm")' }
`)
    await write('companies.csv', `id,company,industry,sfdcAccountId\n900,ACME Corp.,Robotics,${acme}\n`)
    // Ada is found by her e-mail, Bob by his contact id: his e-mail is another one by now. Dora is known to Marketo alone.
    await write('leads.csv', `id,email,score,companyId,sfdcContactId\n1,ada@ACME.example,90,900,\n2,bob.new@acme.example,85,900,${bob}\n3,dora@acme.example,99,900,\n`)
    await write('segments/hot.yaml', 'kind: Segment\nname: hot\nexpression: person.leadScore >= 80 and $exists(accounts[employees >= 1000 and industry = "Robotics"])\nactivate: [{ destination: out }]\n')
    await write('destinations/out.yaml', 'kind: Destination\nname: out\nconnector: files\nconfig: { folder: out, body: \'{ "email": $lowercase(person.email), "accounts": $join(accounts.name, "; ") }\' }\n')
    for (const args of [['apply', '-y', '-q'], ['run', '-q']]) {
      const { code, stdout, stderr } = await runHere(args, { folder, env })
      assert.deepEqual([code, stderr], [0, ''], stdout)
    }
    const status = JSON.parse((await runHere(['status', '--json'], { folder, env })).stdout) as { readonly profiles: { readonly persons: number; readonly accounts: number } }
    assert.deepEqual([status.profiles.persons, status.profiles.accounts], [4, 1])
    for (const [identity, keys] of [['email:ada@acme.example', [`${ada}@crm.Salesforce`, '1@marketo.Marketo']], ['email:bob.new@acme.example', [`${bob}@crm.Salesforce`, '2@marketo.Marketo']], [`b2b_account:${acme}@crm.Salesforce`, [`${acme}@crm.Salesforce`, '900@marketo.Marketo']]] as const) {
      const { stdout } = await runHere(['profile', 'get', identity, '--json'], { folder, env })
      for (const key of keys) assert.ok(stdout.includes(`"${key}"`), `${key} of ${identity}: ${stdout}`)
    }
    assert.deepEqual((await readFile(join(folder, 'out/hot.csv'), 'utf8')).trim().split('\n').slice(1).map((each) => each.split(',')[0]).sort(), ['ada@acme.example', 'bob.new@acme.example', 'dora@acme.example'])
  }).timeout(60_000)

  async function write(file: string, text: string): Promise<void> {
    await mkdir(join(folder, file, '..'), { recursive: true })
    await writeFile(join(folder, file), text)
  }
})
