// Secrets are nowhere but where they are sent: not in a plan, not in the database, not in a log, an error or any output.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fixedClock } from '../../packages/core/src/kernel/clock.js'
import { name, sqlText } from '../../packages/core/src/kernel/sql-text.js'
import { openStore } from '../../packages/core/src/stores/open-store.js'
import { type Ended, startCli, temporaryFolder } from './cli.js'

const secrets = { BEARER: 'planted-bearer-7f3a91', SIGNING: 'whsec_cGxhbnRlZC1zaWduaW5nLTcxZjM=', PASSWORD: 'planted-password-öß-551' } as const
const planted = [...Object.values(secrets), 'planted-in-a-file-9d2c']

// What a server sees of a password is the header; that must not come back either.
const encoded = Buffer.from(`user:${secrets.PASSWORD}`).toString('base64')

describe('secrets', () => {
  let folder = ''
  let server: Server
  let seen = ''
  before(async () => {
    folder = temporaryFolder()
    server = createServer(unhelpful).listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    const { port } = server.address() as AddressInfo
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data/contacts.csv'), 'id,email\n1,ada@acme.example\n2,bob@acme.example\n')
    writeFileSync(join(folder, 'token.txt'), 'planted-in-a-file-9d2c\n')
    writeFileSync(join(folder, 'cdp.yaml'), projectText(`http://127.0.0.1:${String(port)}`))
  })
  after(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  // Says what it was sent, as careless servers do.
  function unhelpful(request: IncomingMessage, response: ServerResponse): void {
    seen += request.headers.authorization ?? String(request.headers['x-token'])
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: `not accepted: ${JSON.stringify(request.headers)}` }))
  }

  const cli = (...args: readonly string[]): Promise<Ended> => startCli(args, { folder, env: secrets })

  it('are in nothing that is printed or written', async () => {
    let printed = ''
    for (const args of [
      ['validate', '--json'], ['plan', '--out', 'plan.cdp'], ['plan', '--json'], ['show', 'plan.cdp'], ['show', 'Destination/bearer', '--effective'], ['apply', 'plan.cdp', '--verbose'],
      ['run', '--verbose'], ['run', '--json', '--retry-now'], ['status'], ['status', '--json'], ['doctor'], ['profile', 'get', 'email:ada@acme.example', '--json'], ['explain', 'Segment/all'],
    ]) {
      const { stdout, stderr } = await cli(...args)
      printed += stdout + stderr
    }
    assert.ok(seen.includes(secrets.BEARER) && seen.includes('planted-in-a-file') && seen.includes(encoded), 'the server got them')
    assert.deepEqual(found(printed), [])
    assert.deepEqual(found(readFileSync(join(folder, 'plan.cdp'), 'utf8')), [])
    assert.deepEqual(found(await everythingStored()), [])
  })

  it('are in no file that cdp makes', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile() && each.name !== 'token.txt')
    assert.deepEqual(files.filter((each) => found(readFileSync(join(each.parentPath, each.name), 'latin1')).length > 0).map((each) => each.name), [])
  })

  const found = (text: string): readonly string[] => [...planted, encoded].filter((each) => text.includes(each))

  /** The database compresses what it keeps, so its file shows nothing; its rows would. */
  async function everythingStored(): Promise<string> {
    const store = await openStore({ path: join(folder, '.cdp/dev/store.duckdb'), clock: fixedClock('2026-11-23T06:00:00.000Z') })
    const tables = await store.rows<{ table: string }>(sqlText`select table_name as table from information_schema.tables`)
    let text = ''
    for (const { table } of tables) text += JSON.stringify(await store.rows(sqlText`select * from ${name(table)}`), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    await store.close()
    assert.match(text, /not accepted/)
    return text
  }
})

function projectText(url: string): string {
  const destination = (title: string, auth: string): string => `---
kind: Destination
name: ${title}
connector: http
config: { url: "${url}", auth: ${auth}, signing: { secret: { fromEnv: SIGNING } } }
`
  return `kind: Project
name: acme
plugins: ["@cdpkit/plugin-destination-http"]
include: []
---
kind: Source
name: crm
connector: files
streams: [{ name: contacts, entity: person, key: id, config: { path: data/contacts.csv }, map: { email: email } }]
---
kind: Segment
name: all
expression: $exists(person.email)
activate: [{ destination: bearer }, { destination: basic }, { destination: header }]
---
kind: Sandbox
name: dev
network: { allow: [loopback] }
${destination('bearer', '{ bearer: { fromEnv: BEARER } }')}${destination('basic', '{ basic: { user: user, password: { fromEnv: PASSWORD } } }')}${destination('header', '{ header: { name: x-token, value: { fromFile: token.txt } } }')}`
}
