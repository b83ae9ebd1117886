// npm run bench -- impact [--people N]: the CRM example with many people. A threshold is edited: what the plan shows must be what the
// next run delivers, by the plan's JSON, by the run's, and by what the receiver has. Then a change that takes too many away.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { startReceiver } from '../../examples/receiver/receiver.js'
import { writeSection } from './report.js'

const cdp = resolve('packages/core/bin/cdp.js')
const segment = 'enterprise-people'
const address = `Segment/${segment}`
/** Accounts of the example have from 9 to 34,288 employees. */
const thresholds = { first: 5000, edited: 5300, tooHigh: 12_000 } as const

interface Ended<T> {
  readonly code: number | null
  readonly seconds: number
  readonly value: T
}

interface PlanJson {
  readonly changes: readonly { readonly address: string; readonly impact?: { readonly before: number; readonly after: number; readonly enter: number; readonly exit: number; readonly basis: { readonly is: string } } }[]
  readonly blocks: readonly { readonly code: string }[]
}

interface RunJson {
  readonly segments: { readonly segments: readonly { readonly segment: string; readonly entered: number; readonly left: number; readonly members: number }[] }
  readonly receipts: { readonly destinations: readonly { readonly segment: string; readonly added: number; readonly removed: number }[] }
}

export async function benchImpact(people: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cdp-bench-'))
  const receiver = await startReceiver()
  try {
    await makeProject(folder, { people, url: receiver.url })
    const cli = <T>(...args: readonly string[]): Promise<Ended<T>> => runJson<T>(args, folder)
    await cli('apply', '-y')
    const first = await cli<RunJson>('run')
    const there = (): number => receiver.audiences.get(segment)?.size ?? 0
    const before = there()

    edit(folder, thresholds.first, thresholds.edited)
    const plan = await cli<PlanJson>('plan')
    const impact = plan.value.changes.find((each) => each.address === address)?.impact
    assert.ok(impact, 'the plan shows the segment')
    assert.equal(impact.basis.is, 'exact')
    assert.equal((await cli('apply', '-y')).code, 0)
    const run = await cli<RunJson>('run')
    const moved = run.value.segments.segments.find((each) => each.segment === segment)
    assert.deepEqual([moved?.entered, moved?.left, moved?.members], [impact.enter, impact.exit, impact.after])
    assert.deepEqual([before, there()], [impact.before, impact.after])

    edit(folder, thresholds.edited, thresholds.tooHigh)
    const blocked = await cli<PlanJson>('plan')
    assert.deepEqual([blocked.code, blocked.value.blocks.map((each) => each.code), (await cli('apply', '-y')).code], [4, ['plan/shrinks-too-much'], 4])
    await cli('run')
    assert.equal(there(), impact.after, 'nothing was delivered')
    assert.equal((await cli('apply', '-y', '--allow-shrink', segment)).code, 0)
    const allowed = await cli<RunJson>('run')
    assert.equal(there(), allowed.value.segments.segments.find((each) => each.segment === segment)?.members)
    write({ people, first, plan, run, impact, after: there() })
  } finally {
    await receiver.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Figures {
  readonly people: number
  readonly first: Ended<unknown>
  readonly plan: Ended<unknown>
  readonly run: Ended<unknown>
  readonly impact: { readonly before: number; readonly after: number; readonly enter: number; readonly exit: number }
  readonly after: number
}

function write({ people, first, plan, run, impact, after }: Figures): void {
  const of = (value: number): string => value.toLocaleString('en-US')
  const ratio = (seconds: number): string => (seconds / run.seconds).toFixed(2)
  writeSection({
    name: 'impact',
    header: ['step', 'shown or moved', 'seconds', 'of the run with the edit'],
    rows: [
      ['first run: read, unify, evaluate, deliver', `${of(impact.before)} members delivered`, first.seconds.toFixed(1), ratio(first.seconds)],
      ['plan of an edited threshold, impact exact', `+ ${of(impact.enter)} and - ${of(impact.exit)}`, plan.seconds.toFixed(1), ratio(plan.seconds)],
      ['run after it', `+ ${of(impact.enter)} and - ${of(impact.exit)} delivered, ${of(impact.after)} there`, run.seconds.toFixed(1), '1.00'],
      ['a change beyond 20 %', `exit code 4, nothing delivered; with --allow-shrink ${of(after)} there`, '', ''],
    ],
    notes: `\`npm run bench -- impact\`: the CRM example with ${of(people)} people at its companies, a real receiver. The figures of plan, run and receiver are asserted to be equal.`,
  })
}

/** The example with other contacts, one more segment and stricter limits. */
async function makeProject(folder: string, { people, url }: { readonly people: number; readonly url: string }): Promise<void> {
  cpSync('examples/crm-pipeline', folder, { recursive: true, filter: (source) => !/[\\/](\.cdp|out)([\\/]|$)/.test(source) })
  replace(join(folder, 'cdp.yaml'), /safety: .*/, 'safety: { maxExitPercent: 20, minMembers: 100 }')
  replace(join(folder, 'sandboxes/dev.yaml'), /webhookUrl: "[^"]*"/, `webhookUrl: "${url}"`)
  replace(join(folder, 'destinations/webhook.yaml'), /batch: .*/, 'batch: { maxRecords: 1000 }')
  replace(join(folder, 'destinations/webhook.yaml'), /body: [\s\S]*/, "body: '{ \"email\": person.email, \"key\": person.personKey, \"status\": status }'\n")
  // The others are left in, but not sent: what is measured is one audience.
  for (const each of ['marketing-leaders', 'open-deal-decision-makers', 'pricing-page-visitors', 'quiet-customers', 'enterprise-open-deals', 'hot-buying-groups', 'big-pipeline-accounts']) replace(join(folder, `segments/${each}.yaml`), /\nactivate:[\s\S]*/, '\n')
  writeFileSync(join(folder, 'segments/enterprise-people.yaml'), segmentText(thresholds.first))
  await makeContacts(folder, people)
}

function segmentText(employees: number): string {
  return `kind: Segment\nname: ${segment}\nexpression: $exists(accounts[employees >= ${String(employees)}]) and person.seniority in ["C-Level", "VP"]\nactivate: [{ destination: webhook }]\n`
}

function edit(folder: string, from: number, to: number): void {
  replace(join(folder, 'segments/enterprise-people.yaml'), new RegExp(String(from)), String(to))
}

function replace(file: string, pattern: RegExp, text: string): void {
  const before = readFileSync(file, 'utf8')
  if (!pattern.test(before)) return
  writeFileSync(file, before.replace(pattern, () => text))
}

async function makeContacts(folder: string, people: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const pick = (list: readonly string[], salt: number): string => `['${list.join("', '")}'][1 + (hash(i * 17 + ${String(salt)}) % ${String(list.length)})::int]`
  await connection.run(`create table companies as select account, row_number() over (order by account) - 1 as n from read_csv('${folder}/data/crm/accounts.csv')`)
  await connection.run(`copy (
    select 'C' || i as contact_id, 'person' || i || '@company.example' as email, ${pick(['Ada', 'Bob', 'Chen', 'Émile'], 1)} as first_name, 'Name' || (i % 5000) as last_name, ${pick(['Chief Marketing Officer', 'VP Sales', 'Buyer'], 2)} as title,
      ${pick(['Marketing', 'Sales', 'IT'], 3)} as department, ${pick(['C-Level', 'VP', 'Director', 'Manager'], 4)} as seniority, a.account, 'United States' as country, false as do_not_email, '2017-01-01T00:00:00.000Z' as updated_at
    from (select i, (hash(i * 7) % (select count(*) from companies))::bigint as n from range(${String(people)}) t(i)) p join companies a using (n)
  ) to '${folder}/data/people/contacts.csv' (format csv, header)`)
  connection.closeSync()
  instance.closeSync()
}

function runJson<T>(args: readonly string[], folder: string): Promise<Ended<T>> {
  const started = performance.now()
  const child = spawn(process.execPath, [cdp, ...args, '--json'], { cwd: folder, env: { ...process.env, WEBHOOK_TOKEN: 'token', WEBHOOK_SECRET: 'whsec_c2VjcmV0', CDP_CLOCK: '2017-12-31T12:00:00.000Z' }, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
  return new Promise((done) => {
    child.on('close', (code) => { done({ code, seconds: (performance.now() - started) / 1000, value: JSON.parse(text) as T }) })
  })
}
