import assert from 'node:assert/strict'
import { findCronGaps } from './cron.js'

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
