// Segments of accounts are delivered once a day, after their evaluation.
import { findCronGaps } from '../../../kernel/cron.js'
import { describeMinutes } from '../describe-minutes.js'
import type { CoreGuardrail } from '../guardrail.js'

export const acctDestSchedule: CoreGuardrail = {
  id: 'acct-dest-schedule', title: 'Accounts are delivered more than once a day', kind: 'hard', generations: ['adobe-2025'], limit: 24, unit: 'hours', rows: [113], source: 'activate account audiences',
  why: 'Adobe delivers segments of accounts daily, after the evaluation, and refuses anything more often.',
  fix: 'Evaluate it once a day, or let another segment without activations be evaluated more often.',
  check: ({ project: { segments }, limit }) => segments.filter((each) => each.entity === 'account' && each.activate.length > 0).flatMap(({ name, lane, schedule }) => {
    const at = { address: `Segment/${name}`, pointer: lane === 'on-change' ? '/evaluation/mode' : '/evaluation/schedule' }
    if (lane === 'on-change') return [{ detail: `"${name}" is delivered at every change; the limit is once in ${describeMinutes(limit * 60)}.`, at }]
    const shortest = findCronGaps(schedule)?.shortestMinutes
    return shortest === undefined || shortest >= limit * 60 ? [] : [{ detail: `"${name}" is delivered again after ${describeMinutes(shortest)}; the limit is ${describeMinutes(limit * 60)}.`, at }]
  }),
}
