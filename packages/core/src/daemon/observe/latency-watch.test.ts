import assert from 'node:assert/strict'
import { fixedClock } from '../../kernel/clock.js'
import type { Log } from '../../kernel/log.js'
import { sqlText } from '../../kernel/sql-text.js'
import type { Store } from '../../stores/store.js'
import { aDestination, aProject, aSegment, aSource, anActivation, anApplied } from '../../testing/a-project.js'
import { aStore, testNow } from '../../testing/a-store.js'
import { LatencyWatch } from './latency-watch.js'

const applied = anApplied(aProject({
  sources: [aSource('crm', { connector: 'files' }), aSource('mkto', { connector: 'marketo' })],
  segments: [aSegment('buyers', '$exists(person.email)', { lane: 'streaming', activate: [anActivation('shop')] }), aSegment('big', '$exists(accounts)', { lane: 'batch' })],
  destinations: [aDestination('shop')],
}))
describe('latency objectives', () => {
  let store: Store
  let told: string[]
  const clock = fixedClock(testNow)
  const log: Log = { write: (level, message, fields) => { told.push(`${level} ${String(fields?.['hop'])} ${String(fields?.['where'])} ${String(fields?.['oldestSeconds'])}: ${message}`) } }

  beforeEach(async () => {
    store = await aStore()
    told = []
  })
  afterEach(() => store.close())

  it('are compared with the oldest that waits at each hop, and told once when missed and once when kept again', async () => {
    // Sources are numbered 1 and 2, the destination 3, the segments 4 and 5. It is six o'clock.
    await store.transaction(async (tx) => {
      for (const each of [
        sqlText`insert into cursor values (1, 'contacts', '{}', '2026-11-22T06:00:00Z'), (2, 'leads', '{}', '2026-11-23T05:40:00Z')`,
        sqlText`insert into segment_state values (4, '', 7, '2026-11-23T05:00:00Z', 0, '{}'), (5, '', 7, '2026-11-22T06:30:00Z', 0, '{}')`,
        sqlText`insert into profile_change values (7, 'person', 1, 'changed', null, '2026-11-23T05:00:00Z'), (8, 'account', 1, 'changed', null, '2026-11-23T05:00:00Z'), (9, 'person', 1, 'changed', null, '2026-11-23T05:58:00Z')`,
        sqlText`insert into activation_cursor values (3, 4, 1, 0, '', '2026-11-23T05:00:00Z')`,
        sqlText`insert into membership_log values (1, 4, 1, 'entered', '', 'r', '2026-11-23T05:00:00Z'), (2, 4, 2, 'entered', '', 'r', '2026-11-23T05:50:00Z'), (3, 5, 2, 'entered', '', 'r', '2026-11-23T01:50:00Z')`,
        sqlText`insert into record_sequence values (10)`,
      ]) await tx.run(each)
    })
    const watch = new LatencyWatch({ store, applied: () => applied, isContinuous: ({ connector }) => connector === 'marketo', clock, log })
    const seconds = async (): Promise<readonly string[]> => (await watch.look()).map(({ hop, oldestMs, where, missed }) => `${hop} ${String(oldestMs / 1000)} ${where}${missed ? ' missed' : ''}`)
    assert.deepEqual(await seconds(), ['raw 1200 mkto missed', 'profile 0 profiles', 'streaming 120 buyers', 'batch 84600 big', 'activation 600 shop missed'])
    clock.advance(301_000)
    // What is held, and what was given up, waits for people.
    await store.transaction(async (tx) => {
      await tx.run(sqlText`update activation_cursor set seq = 3`)
      await tx.run(sqlText`insert into outbox values (3, 4, 1, 'in', 1, 'dead', null, 9, null, '2026-11-23T01:00:00Z', null, null), (3, 5, 1, 'in', 1, 'waiting', null, 0, null, '2026-11-23T01:00:00Z', null, null)`)
    })
    assert.deepEqual(await seconds(), ['raw 1501 mkto missed', 'profile 301 profiles missed', 'streaming 421 buyers missed', 'batch 84901 big', 'activation 0 '])
    assert.deepEqual(told, [
      'warn raw mkto 1200: Later than the objective: what changed in the source is not read.', 'warn activation shop 600: Later than the objective: moves of streaming segments wait for their destination.',
      'warn profile profiles 301: Later than the objective: records wait for their profiles.', 'warn streaming buyers 421: Later than the objective: changed profiles wait for their streaming segments.',
      'info activation  0: The latency objective is kept again.',
    ])
  })
})
