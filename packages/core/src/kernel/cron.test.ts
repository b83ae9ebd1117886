import assert from 'node:assert/strict'
import { findCronGaps, isCronDue } from './cron.js'

const hours = (count: number): number => count * 60
const days = (count: number): number => hours(count * 24)

describe('findCronGaps', () => {
  const cases: readonly (readonly [text: string, shortest: number, longest: number])[] = [
    ['* * * * *', 1, 1],
    ['*/15 * * * *', 15, 15],
    // The last run of an hour and the first of the next are nearer to each other than the step says.
    ['*/25 * * * *', 10, 25],
    ['0 2 * * *', days(1), days(1)],
    ['0 6,18 * * *', hours(12), hours(12)],
    ['0 8-17 * * *', hours(1), hours(15)],
    ['50 23,0 * * *', hours(1), hours(23)],
    ['0 6 * * 1-5', days(1), days(3)],
    ['0 6 * * 1', days(7), days(7)],
    ['0 2 1 * *', days(28), days(31)],
    ['0 2 L * *', days(28), days(31)],
    ['0 2 * * 5#3', days(28), days(35)],
    ['0 0 29 2 *', days(1461), days(1461)],
    ['0 0 1 1 *', days(365), days(366)],
  ]
  for (const [text, shortestMinutes, longestMinutes] of cases) {
    it(text, () => { assert.deepEqual(findCronGaps(text), { shortestMinutes, longestMinutes }) })
  }

  it('says nothing of what is no schedule', () => {
    assert.deepEqual(['', 'often', '0 2 30 2 *', '@daily', '0 0 2 * * *'].map(findCronGaps), [undefined, undefined, undefined, undefined, undefined])
  })
})

describe('isCronDue', () => {
  const due = (text: string, after: string, through: string, timezone = 'UTC'): boolean => isCronDue(text, { timezone, afterMs: Date.parse(after), throughMs: Date.parse(through) })

  it('looks at the minutes after the one and up to the other', () => {
    assert.deepEqual([
      due('0 6 * * *', '2026-11-23T05:59:59Z', '2026-11-23T06:00:00Z'), due('0 6 * * *', '2026-11-23T06:00:00Z', '2026-11-23T06:00:59Z'), due('0 6 * * *', '2026-11-23T06:00:00Z', '2026-11-24T05:59:59Z'),
      due('0 6 * * *', '2026-11-20T07:00:00Z', '2026-11-23T05:00:00Z'), due('0 6 29 2 *', '2026-03-01T00:00:00Z', '2027-12-31T00:00:00Z'), due('nonsense', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'),
    ], [true, false, false, true, false, false])
  })

  it('knows summer time', () => {
    // On 2026-10-25 Madrid has 02:30 twice; on 2026-03-29 it has none.
    assert.equal(due('0 6 * * *', '2026-10-25T04:30:00Z', '2026-10-25T05:00:00Z', 'Europe/Madrid'), true)
    assert.equal(due('0 6 * * *', '2026-10-24T03:30:00Z', '2026-10-24T04:00:00Z', 'Europe/Madrid'), true)
  })
})
