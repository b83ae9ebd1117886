// npm run demo: the whole street on real CRM data. Plans, applies, runs, and checks what a local receiver got against plain SQL
// over the files; runs again and delivers nothing; changes a threshold and delivers exactly who entered and left.
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Receiver, startReceiver } from '../receiver/receiver.js'
import { type Thresholds, expectedAudiences } from './check/expected.js'

const example = fileURLToPath(new URL('.', import.meta.url))
const cdp = fileURLToPath(new URL('../../packages/core/bin/cdp.js', import.meta.url))
const thresholds: Thresholds = { now: '2017-12-31T12:00:00.000Z', enterpriseEmployees: 5000, bigPipeline: 30_000, pricingViews: 2 }
const token = 'demo-token'
const signingSecret = `whsec_${Buffer.from('the demo signs its requests').toString('base64')}`
const started = performance.now()
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

interface Output {
  readonly code: number
  readonly stdout: string
}

function run(folder: string, args: readonly string[], options: { readonly quiet?: boolean } = {}): Promise<Output> {
  if (options.quiet !== true) say(`\n$ cdp ${args.join(' ')}`)
  const env = { ...process.env, CDP_CLOCK: thresholds.now, WEBHOOK_TOKEN: token, WEBHOOK_SECRET: signingSecret }
  const child = spawn(process.execPath, [cdp, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (options.quiet !== true) process.stdout.write(text)
    })
    child.on('error', reject)
    child.on('close', (code) => { resolve({ code: code ?? 1, stdout }) })
  })
}

async function must(folder: string, args: readonly string[]): Promise<string> {
  const { code, stdout } = await run(folder, args)
  if (code !== 0) throw new Error(`cdp ${args.join(' ')} ended with exit code ${String(code)}`)
  return stdout
}

async function readMembers(folder: string, list: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, 'out', `${list}.csv`), 'utf8')
  return text.trim().split('\n').slice(1)
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().every((each, index) => each === [...b].sort()[index])
}

function received(receiver: Receiver, list: string): readonly string[] {
  return [...(receiver.audiences.get(list)?.keys() ?? [])]
}

const webhookLists = ['marketing-leaders', 'pricing-page-visitors', 'Enterprise open deals', 'open-deal-decision-makers', 'big-pipeline-accounts', 'hot-buying-groups']
const fileLists = ['big-pipeline-accounts', 'hot-buying-groups', 'quiet-customers']

async function compareAll(folder: string, receiver: Receiver, now: Thresholds): Promise<void> {
  const expected = await expectedAudiences(join(folder, 'data'), now)
  for (const list of webhookLists) {
    const [got, wanted] = [received(receiver, list), expected.get(list) ?? []]
    check(sameMembers(got, wanted), `${list.padEnd(28)} receiver ${String(got.length).padStart(5)}   plain SQL ${String(wanted.length).padStart(5)}`)
  }
  for (const list of fileLists) {
    const [got, wanted] = [await readMembers(folder, list), expected.get(list) ?? []]
    check(got.length === wanted.length, `${`out/${list}.csv`.padEnd(28)} lines    ${String(got.length).padStart(5)}   plain SQL ${String(wanted.length).padStart(5)}`)
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cdp-demo-'))
  const receiver = await startReceiver({ bearer: token, signingSecret })
  try {
    await cp(example, folder, { recursive: true, filter: (source) => !/[\\/](\.cdp|out)([\\/]|$)/.test(source) })
    const sandbox = join(folder, 'sandboxes/dev.yaml')
    await writeFile(sandbox, (await readFile(sandbox, 'utf8')).replace('http://127.0.0.1:8080/audiences', receiver.url))
    say('85 companies and 8,800 deals of a real CRM; people and web visits invented for them; today is 2017-12-31.')

    heading('1. What would be done')
    await must(folder, ['plan', '--out', 'plan.cdp'])
    heading('2. Do it: apply the plan, then read, unify, evaluate, deliver')
    await must(folder, ['apply', 'plan.cdp'])
    await must(folder, ['run'])
    heading('3. What arrived, against an independent count in SQL')
    await compareAll(folder, receiver, thresholds)

    heading('4. Once more: nothing has changed')
    const [plan, before] = [await must(folder, ['plan']), receiver.deliveries.length]
    await run(folder, ['run'], { quiet: true })
    check(plan.includes('No changes.'), 'the plan reports no changes')
    check(receiver.deliveries.length === before, 'the run delivers nothing')

    heading('5. A marketer raises a threshold: three looks at the prices instead of two')
    const segment = join(folder, 'segments/pricing-page-visitors.yaml')
    await writeFile(segment, (await readFile(segment, 'utf8')).replace('>= 2', '>= 3'))
    const membersBefore = received(receiver, 'pricing-page-visitors')
    const blocked = await run(folder, ['plan'])
    check(blocked.code === 4, 'the safety limit stops it: more than 60 % would leave at once')
    say('\n$ cdp apply --auto-approve --allow-shrink pricing-page-visitors')
    const allowed = ['--allow-shrink', 'pricing-page-visitors']
    await run(folder, ['apply', '--auto-approve', ...allowed], { quiet: true })
    await must(folder, ['run'])
    const sent = receiver.deliveries.slice(before).filter((each) => each.list === 'pricing-page-visitors')
    const removed = sent.filter((each) => each.operation === 'remove').flatMap((each) => each.records.map(({ record }) => String(record['email'] ?? record['key'])))
    const expected = await expectedAudiences(join(folder, 'data'), { ...thresholds, pricingViews: 3 })
    const stayed = new Set(expected.get('pricing-page-visitors'))
    say()
    check(sameMembers(removed, membersBefore.filter((each) => !stayed.has(each))), `exactly the ${String(removed.length)} people who left were removed, nobody was sent twice`)
    check(sent.every((each) => each.operation === 'remove'), 'nobody was added')
    await compareAll(folder, receiver, { ...thresholds, pricingViews: 3 })
  } finally {
    await receiver.close()
    if (process.env['KEEP'] === '1') say(`\nKept in ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
  say(`\n${failed ? '✗ Something differs.' : '✓ Everything agrees.'} ${((performance.now() - started) / 1000).toFixed(0)} s. The project is in examples/crm-pipeline.`)
  process.exitCode = failed ? 1 : 0
}

await main()
