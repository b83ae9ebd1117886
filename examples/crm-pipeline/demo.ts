// npm run demo: the whole street on real CRM data. Plans, applies, runs, and checks what a local receiver got against plain SQL
// over the files; runs again and delivers nothing; changes a threshold and delivers exactly who entered and left.
import { cp, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Demonstration, edit } from '../demonstration.js'
import { type Receiver, startReceiver } from '../receiver/receiver.js'
import { type Thresholds, expectedAudiences } from './check/expected.js'

const example = fileURLToPath(new URL('.', import.meta.url))
const thresholds: Thresholds = { now: '2017-12-31T12:00:00.000Z', enterpriseEmployees: 5000, bigPipeline: 30_000, pricingViews: 2 }
const token = 'demo-token'
const signingSecret = `whsec_${Buffer.from('the demo signs its requests').toString('base64')}`
const started = performance.now()
const show = new Demonstration(() => ({ CDP_CLOCK: thresholds.now, WEBHOOK_TOKEN: token, WEBHOOK_SECRET: signingSecret }))

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
    show.check(sameMembers(got, wanted), `${list.padEnd(28)} receiver ${String(got.length).padStart(5)}   plain SQL ${String(wanted.length).padStart(5)}`)
  }
  for (const list of fileLists) {
    const [got, wanted] = [await readMembers(folder, list), expected.get(list) ?? []]
    show.check(got.length === wanted.length, `${`out/${list}.csv`.padEnd(28)} lines    ${String(got.length).padStart(5)}   plain SQL ${String(wanted.length).padStart(5)}`)
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cdp-demo-'))
  const receiver = await startReceiver({ bearer: token, signingSecret })
  try {
    await cp(example, folder, { recursive: true, filter: (source) => !/[\\/](\.cdp|out)([\\/]|$)/.test(source) })
    await edit(join(folder, 'sandboxes/dev.yaml'), (text) => text.replace('http://127.0.0.1:8080/audiences', receiver.url))
    show.say('85 companies and 8,800 deals of a real CRM; people and web visits invented for them; today is 2017-12-31.')

    show.heading('1. What would be done')
    await show.must(folder, ['plan', '--out', 'plan.cdp'])
    show.heading('2. Do it: apply the plan, then read, unify, evaluate, deliver')
    await show.must(folder, ['apply', 'plan.cdp'])
    await show.must(folder, ['run'])
    show.heading('3. What arrived, against an independent count in SQL')
    await compareAll(folder, receiver, thresholds)

    show.heading('4. Once more: nothing has changed')
    const [plan, before] = [await show.must(folder, ['plan']), receiver.deliveries.length]
    await show.run(folder, ['run'], { quiet: true })
    show.check(plan.includes('No changes.'), 'the plan reports no changes')
    show.check(receiver.deliveries.length === before, 'the run delivers nothing')

    show.heading('5. A marketer raises a threshold: three looks at the prices instead of two')
    await edit(join(folder, 'segments/pricing-page-visitors.yaml'), (text) => text.replace('>= 2', '>= 3'))
    const membersBefore = received(receiver, 'pricing-page-visitors')
    const blocked = await show.run(folder, ['plan'])
    show.check(blocked.code === 4, 'the safety limit stops it: more than 60 % would leave at once')
    show.say('\n$ cdp apply --auto-approve --allow-shrink pricing-page-visitors')
    const allowed = ['--allow-shrink', 'pricing-page-visitors']
    await show.run(folder, ['apply', '--auto-approve', ...allowed], { quiet: true })
    await show.must(folder, ['run'])
    const sent = receiver.deliveries.slice(before).filter((each) => each.list === 'pricing-page-visitors')
    const removed = sent.filter((each) => each.operation === 'remove').flatMap((each) => each.records.map(({ record }) => String(record['email'] ?? record['key'])))
    const expected = await expectedAudiences(join(folder, 'data'), { ...thresholds, pricingViews: 3 })
    const stayed = new Set(expected.get('pricing-page-visitors'))
    show.say()
    show.check(sameMembers(removed, membersBefore.filter((each) => !stayed.has(each))), `exactly the ${String(removed.length)} people who left were removed, nobody was sent twice`)
    show.check(sent.every((each) => each.operation === 'remove'), 'nobody was added')
    await compareAll(folder, receiver, { ...thresholds, pricingViews: 3 })
  } finally {
    await receiver.close()
    await show.remove(folder)
  }
  show.end(` ${((performance.now() - started) / 1000).toFixed(0)} s. The project is in examples/crm-pipeline.`)
}

await main()
