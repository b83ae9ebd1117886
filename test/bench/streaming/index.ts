// npm run bench -- streaming [--people N] [--seconds N]: requests of 1,000 events, by HTTP, into a sandbox full of people with twenty
// streaming segments; from the request to events, profiles, memberships and their log being durable.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Daemon } from '../../../packages/core/dist/daemon/daemon.js'
import { collectServer } from '../../../packages/core/dist/http/collect/server.js'
import { WriteKeys } from '../../../packages/core/dist/http/collect/write-keys.js'
import { silentLog } from '../../../packages/core/dist/kernel/log.js'
import { eventsConnector } from '../../../packages/core/dist/plugins/builtin/events/index.js'
import { aDestination, aSource, anActivation } from '../../../packages/core/dist/testing/a-project.js'
import { writeSection } from '../report.js'
import { median, quantile, withCommas } from '../segments/figures.js'
import { benchNow, sizesFor } from '../segments/generate.js'
import { aProject, aSegment, anApplied, fixedClock, openStore, param, sqlText, systemClock } from '../segments/product.js'
import { prepareSandbox } from './prepare.js'
import { ReceiverOnLog } from './receiver-on-log.js'

const eventsPerRequest = 1000
const senders = 2
/** Of the events, by visitors that nobody has seen before. */
const newVisitors = 0.01

export async function benchStreaming({ people, seconds }: { readonly people: number; readonly seconds: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cdp-bench-'))
  const clock = { ...fixedClock(benchNow), ticksMs: () => systemClock.ticksMs() }
  const store = await openStore({ path: join(folder, 'store.duckdb'), clock })
  const receiver = new ReceiverOnLog(() => systemClock.ticksMs())
  try {
    await receiver.start()
    process.stdout.write(`preparing ${withCommas(people)} people …\n`)
    await prepareSandbox(store, sizesFor(people))
    const applied = anApplied(toProject())
    await store.transaction((tx) => tx.run(sqlText`insert into applied values (1, ${param(benchNow)}::timestamp, ${param(JSON.stringify(applied))})`))
    const daemon = await Daemon.start({
      store, clock, log: silentLog, random: Math.random, newId: () => `bench-${String(Math.random())}`,
      openConnectors: () => Promise.resolve({ openSource: () => { throw new Error('nothing is pulled') }, isContinuous: () => true, openDestination: () => receiver.connector, close: () => Promise.resolve() }),
      events: { onStream: ({ followed }) => { receiver.noteLog(followed?.segments.lastSeq ?? 0) } },
    })
    await daemon.run({ pullsNothing: true })
    const server = collectServer({ clock, log: silentLog, newId: () => 'x', writeKeys: () => new WriteKeys([{ sandbox: 'dev', source: 1, key: 'bench' }]), collect: ({ source }, ...offer) => daemon.collect(source, ...offer) })
    const url = await server.listen({ host: '127.0.0.1', port: 0 })
    receiver.begin()
    const spentMs: number[] = []
    const started = systemClock.ticksMs()
    const send = async (own: number): Promise<void> => {
      for (let turn = 0; systemClock.ticksMs() - started < seconds * 1000; turn++) {
        const body = JSON.stringify({ batch: Array.from({ length: eventsPerRequest }, (_, index) => toCall(people, `${String(own)}-${String(turn)}-${String(index)}`, index)) })
        const before = systemClock.ticksMs()
        const response = await fetch(`${url}/v1/batch`, { method: 'POST', headers: { authorization: 'Bearer bench' }, body })
        if (response.status !== 200) throw new Error(`answered ${String(response.status)}`)
        spentMs.push(systemClock.ticksMs() - before)
      }
    }
    await Promise.all(Array.from({ length: senders }, (_, own) => send(own)))
    const elapsed = (systemClock.ticksMs() - started) / 1000
    await server.close()
    await daemon.stop()
    await receiver.stop()
    const events = spentMs.length * eventsPerRequest
    const { spentMs: deliveredMs } = receiver
    writeSection({
      name: `streaming: ${withCommas(people)} people, 20 streaming segments, requests of 1,000 events`,
      header: ['senders', 'events', 'events/s', 'goal', 'ms to the delta, median', '99 %', 'goal', 'delivered', 'ms from the log to the receiver, median', '99 %', 'goal'],
      rows: [[
        String(senders), withCommas(events), withCommas(events / elapsed), '≥ 8,000', withCommas(median(spentMs)), withCommas(quantile(spentMs, 0.99)), '≤ 200',
        withCommas(deliveredMs.length), withCommas(median(deliveredMs)), withCommas(quantile(deliveredMs, 0.99)), '≤ 1,000',
      ]],
      notes: `From the request to events, profiles, memberships and log being durable; each sender waits for its answer. ${String(newVisitors * 100)} % of the events are of visitors that nobody has seen before. One of the segments is delivered to a receiver by HTTP in the same process.`,
    })
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const eventTypes = ['web.pageView', 'web.pageView', 'email.open', 'email.click', 'form.submit', 'product.login']

function toCall(people: number, id: string, index: number): object {
  const isNew = Math.random() < newVisitors
  const rank = Math.floor(Math.random() ** 1.9 * people * 0.6)
  const who = isNew ? { anonymousId: `visitor-${id}` } : { userId: `C${String((rank * 7919 + 17) % people)}` }
  return { type: 'track', ...who, messageId: id, event: eventTypes[index % eventTypes.length], timestamp: benchNow, properties: { path: index % 3 === 0 ? '/pricing' : '/' } }
}

function toProject(): ReturnType<typeof aProject> {
  const streams = (eventsConnector.source?.streamsOf?.({}) ?? []).map(({ name, entity = '', key = '', map = {} }) => ({ name, entity, key, map, config: {} }))
  const days = [1, 7, 14, 30]
  const windows = days.flatMap((each) => eventTypes.slice(1, 5).map((type, index) => `$count(events[eventType = "${type}" and timestamp > $daysAgo(${String(each)})]) >= ${String(index + 1)}`))
  const others = ['person.leadScore >= 70 and $not(person.unsubscribed = true)', 'person.seniority in ["C-Level", "VP"] and person.department = "Marketing"', '$exists(person.email) and person.country in ["DE", "AT", "CH"]', '$not($exists(events[timestamp > $daysAgo(30)]))']
  return aProject({
    sources: [aSource('web', { connector: 'events', instance: 'crm', type: 'Salesforce', streams })],
    // Four forms within a day: of few people, who come in all the time.
    segments: [...windows, ...others].map((expression, index) => aSegment(`s${String(index)}`, expression, { lane: 'streaming', ...(index === 3 ? { activate: [anActivation('receiver')] } : {}) })),
    destinations: [aDestination('receiver')],
  })
}
