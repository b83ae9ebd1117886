import assert from 'node:assert/strict'
import fc from 'fast-check'
import { updateProfiles } from '../5-profiles/index.js'
import { event, person, standardEntities } from '../entities/standard-entities.js'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { sqlText } from '../kernel/sql-text.js'
import { ProfileWords } from '../matching/profile-words.js'
import { aProject, aSegment, anApplied, seedLimits } from '../testing/a-project.js'
import { aStore, addParts, testNow } from '../testing/a-store.js'
import type { Known } from './evaluate-few.js'
import { evaluateSegments, evaluateTouched } from './index.js'

const clock = fixedClock(testNow)
const streaming = (name: string, expression: string): ReturnType<typeof aSegment> => aSegment(name, expression, { lane: 'streaming' })
const decided = [
  streaming('chiefs', 'person.title = "CEO"'), streaming('visitors', '$count(events[timestamp > $daysAgo(7)]) >= 2'), streaming('idle', '$not($exists(events[timestamp > $daysAgo(30)]))'),
  streaming('busy-chiefs', 'person.title = "CEO" and $count(events[eventType = "click"]) >= 1'), streaming('late', '$max(events.timestamp) > person.createdAt'), aSegment('batch', 'person.title = "CFO"'),
]

describe('evaluateFew', () => {
  // The same steps in two sandboxes: in one with what a daemon knows, in the other by tables alone.
  for (const [what, segments] of [['segments that one statement decides', decided], ['segments that read others, and expressions for the closures', [...decided, aSegment('both', 'segments.chiefs and segments.visitors', { lane: 'streaming', readsSegments: ['chiefs', 'visitors'] }), streaming('odd', '$exists(person.tags) ? person.leadScore > "5" : person.leadScore > 1')]]] as const) {
    it(`comes to what the evaluation by tables comes to: ${what}`, async () => {
      const step = fc.oneof(
        fc.record({ what: fc.constant(person), key: fc.nat({ max: 5 }), deleted: fc.nat({ max: 5 }).map((each) => each === 0), fields: fc.record({ title: fc.constantFrom('CEO', 'CFO', null), leadScore: fc.nat({ max: 3 }), email: fc.constantFrom('a@x', 'b@x', 'c@x', null) }) }),
        fc.record({ what: fc.constant(event), key: fc.nat({ max: 999 }), deleted: fc.constant(false), fields: fc.record({ email: fc.constantFrom('a@x', 'b@x', 'd@x'), eventType: fc.constantFrom('click', 'view'), timestamp: fc.nat({ max: 40 }).map((days) => new Date(Date.parse(testNow) - days * 86_400_000).toISOString()) }) }),
      )
      await fc.assert(fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 4 }), async (batches) => {
        const applied = anApplied(aProject({ segments }))
        const run = async (known: Known | undefined): Promise<unknown> => {
          const store = await aStore()
          await evaluateSegments({ store, applied, clock, run: 'first' })
          let seq = 1
          for (const batch of batches) {
            for (const each of batch) await addParts(store, each.what, seq, [{ key: `${String(each.what === event ? seq++ : each.key)}@crm`, fields: each.fields, deleted: each.deleted }]).then(() => { seq++ })
            await updateProfiles({ store, entities: standardEntities, sourceRanks: [], limits: seedLimits, clock, log: silentLog, ...(known ? { onRemade: (people) => { known.profileWords?.forgetProfiles(people) } } : {}) })
            await store.run(sqlText`delete from part_event`)
            await evaluateTouched({ store, applied, clock, run: 'r', ...(known ? { known } : {}) })
          }
          const tables = [sqlText`select * from membership_log order by seq`, sqlText`select * from membership order by segment, id`, sqlText`select * from member_words_person where w0 <> 0 order by id`, sqlText`select segment, profile_seq, members from segment_state order by segment`]
          const dump = await Promise.all(tables.map((each) => store.rows(each)))
          await store.close()
          return dump
        }
        assert.deepEqual(await run({ profileWords: new ProfileWords() }), await run(undefined))
      }), { numRuns: 4, seed: 5 })
    }).timeout(60_000)
  }
})
