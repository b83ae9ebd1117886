// What one project in test/guardrails cannot show: the other ways to breach a rule, and what is no breach.
import assert from 'node:assert/strict'
import type { Project } from '../../project.js'
import type { Generation } from '../../../plugins/guardrail.js'
import { toRegistry } from '../../../plugins/registry.js'
import { aDestination, aProject, aSegment, anActivation } from '../../../testing/a-project.js'
import { type CoreGuardrail, defaultLimit } from '../guardrail.js'
import { acctAudContent } from './acct-aud-content.js'
import { acctAudShape } from './acct-aud-shape.js'
import { acctDestSchedule } from './acct-dest-schedule.js'
import { b2bNoEventsMix } from './b2b-no-events-mix.js'
import { batchFrequency } from './batch-frequency.js'
import { destAttributes } from './dest-attributes.js'
import { destRecordOnly } from './dest-record-only.js'
import { streamWindow } from './stream-window.js'

function told(rule: CoreGuardrail, parts: Partial<Project>, generation: Generation = 'adobe-2025'): readonly string[] {
  const project = aProject(parts)
  return rule.check({ project, limit: defaultLimit(rule, generation), registry: toRegistry([]), findAll: () => [project] }).map((each) => each.detail)
}

const ofAccounts = (expression: string): Partial<Project> => ({ segments: [aSegment('a', expression, { entity: 'account' })] })
const streaming = (expression: string): Partial<Project> => ({ segments: [aSegment('s', expression, { lane: 'streaming' })] })

describe('acct-aud-shape', () => {
  it('tells what is too deep, too long and too many', () => {
    const deep = (levels: number): string => (levels === 0 ? 'account.a = 1' : `(account.a = 1 ${levels % 2 === 0 ? 'and' : 'or'} ${deep(levels - 1)})`)
    assert.deepEqual(told(acctAudShape, ofAccounts(deep(5))), [])
    assert.deepEqual(told(acctAudShape, ofAccounts(deep(6))), ['"a" has containers 6 levels deep; the limit is 5.'])
    const countries = (count: number): string => `account.country in [${Array.from({ length: count }, (_, index) => `"${String(index)}"`).join(', ')}]`
    assert.deepEqual(told(acctAudShape, ofAccounts(countries(50))), [])
    assert.deepEqual(told(acctAudShape, ofAccounts(countries(51))), ['"a" lists 51 values for a field; the limit is 50.'])
    const nested = (levels: number): string => `account.custom${'.x'.repeat(levels - 1)} = 1`
    assert.deepEqual(told(acctAudShape, ofAccounts(nested(10))), [])
    assert.deepEqual(told(acctAudShape, ofAccounts(nested(11))), ['"a" reads objects 11 levels deep; the limit is 10.'])
  })

  it('leaves segments of people alone', () => {
    assert.deepEqual(told(acctAudShape, { segments: [aSegment('p', Array.from({ length: 9 }, (_, index) => `person.leadScore = ${String(index)}`).join(' or '))] }), [])
  })
})

describe('acct-aud-content', () => {
  it('finds maps wherever they are read, other segments, and everything', () => {
    assert.deepEqual(told(acctAudContent, ofAccounts('$exists(people[custom.x = 1])')), ['"a" reads the map people.custom.'])
    assert.deepEqual(told(acctAudContent, ofAccounts('segments.other')), ['"a" reads memberships of other segments.'])
    assert.deepEqual(told(acctAudContent, ofAccounts('$count(*) > 1')), ['"a" reads everything, maps too.'])
    assert.deepEqual(told(acctAudContent, ofAccounts('"SAP" in account.technologies')), [])
  })
})

describe('acct-dest-schedule', () => {
  const large = (parts: Parameters<typeof aSegment>[2]): Partial<Project> => ({ segments: [aSegment('a', 'account.employees > 500', { entity: 'account', activate: [anActivation('drops')], ...parts })] })

  it('refuses what is delivered at every change, and lets what goes nowhere be evaluated as often as people like', () => {
    assert.deepEqual(told(acctDestSchedule, large({ lane: 'on-change' })), ['"a" is delivered at every change; the limit is once in 24 hours.'])
    assert.deepEqual(told(acctDestSchedule, large({ schedule: '0 * * * *', activate: [] })), [])
    assert.deepEqual(told(acctDestSchedule, large({ schedule: 'now and then' })), [])
  })
})

describe('batch-frequency', () => {
  it('is about segments that wait for a schedule', () => {
    const weekly = { schedule: '0 5 * * 1' }
    assert.deepEqual(told(batchFrequency, { segments: [aSegment('b', 'true', weekly)] }), ['"b" is not evaluated for up to 7 days; the limit is 24 hours.'])
    assert.deepEqual(told(batchFrequency, { segments: [aSegment('b', 'true', { ...weekly, lane: 'streaming' }), aSegment('c', 'true', { ...weekly, lane: 'on-change' }), aSegment('d', 'true', { schedule: 'never' })] }), [])
  })
})

describe('b2b-no-events-mix', () => {
  it('knows that everything is both, and that one of them is no mix', () => {
    const told2025 = (expression: string): readonly string[] => told(b2bNoEventsMix, { segments: [aSegment('m', expression)] })
    assert.deepEqual(told2025('$count(**) > 3'), ['"m" reads everything.'])
    assert.deepEqual(told2025('$exists(events) and $exists(campaignMemberships[status = "Sent"])'), ['"m" reads events and campaignMemberships.'])
    assert.deepEqual(told2025('$exists(events) and person.leadScore > 3'), [])
    assert.deepEqual(told2025('segments.a and segments.b'), [])
  })
})

describe('stream-window', () => {
  it('measures the window, whatever way it is written', () => {
    assert.deepEqual(told(streamWindow, streaming('$exists(events[timestamp > $hoursAgo(24)])')), [])
    assert.deepEqual(told(streamWindow, streaming('$exists(events[timestamp > $hoursAgo(25)])')), ['"s" streams and looks 25 hours back; the limit is 24 hours.'])
    assert.deepEqual(told(streamWindow, streaming('$exists(events[$toMillis(timestamp) > $millis() - 172800000])')), ['"s" streams and looks 48 hours back; the limit is 24 hours.'])
  })

  it('takes no window, and one that begins on a certain day, for all time', () => {
    const all = ['"s" streams and looks at events of all time; the limit is 24 hours.']
    assert.deepEqual(told(streamWindow, streaming('$count(events) > 3')), all)
    assert.deepEqual(told(streamWindow, streaming('$exists(events[timestamp > "2026-01-01"])')), all)
    assert.deepEqual(told(streamWindow, streaming('$exists(events[timestamp > $hoursAgo(1)]) and $exists(events[eventType = "x"])')), all)
  })

  it('is about streaming segments that read events', () => {
    assert.deepEqual(told(streamWindow, streaming('person.leadScore > 3')), [])
    assert.deepEqual(told(streamWindow, { segments: [aSegment('b', '$count(events) > 3', { lane: 'batch' })] }), [])
  })
})

describe('payloads', () => {
  const destination = (body: string): Partial<Project> => ({ destinations: [aDestination('d', { body })] })

  it('events are found in whole profiles, too', () => {
    assert.deepEqual(told(destRecordOnly, destination('$')), ['The payload of "d" reads everything, events too.'])
    assert.deepEqual(told(destRecordOnly, destination('{ "x": $$.events[-1].timestamp }')), ['The payload of "d" reads events.'])
  })

  it('the larger of two records is counted', () => {
    const record = (count: number): string => `{ ${Array.from({ length: count }, (_, index) => `"f${String(index)}": person.email`).join(', ')} }`
    assert.deepEqual(told(destAttributes, destination(`person.isCustomer ? ${record(50)} : ${record(3)}`)), [])
    assert.deepEqual(told(destAttributes, destination(`person.isCustomer ? ${record(3)} : ${record(51)}`)), ['"d" is sent 51 fields of a profile; the limit is 50.'])
  })

  it('an expression with mistakes, which were told, is passed over', () => {
    assert.deepEqual(told(destRecordOnly, destination('{ "x": ')), [])
  })
})
