// Dates and instants are text and are compared as text: that works for two of one form.
import { findInstant } from '../../../kernel/clock.js'
import { type About, defineRule } from '../rule.js'
import { type Seen, knownValue } from '../seen.js'
import { type Comparison, type ComparisonOperator, flipped, ordering } from '../visit.js'

export const dateForm = defineRule('expression/date-form', ['comparison', 'call'], (visit, about) => {
  if (visit.at === 'comparison') return ofComparison(visit, about)
  const [first] = visit.args
  const text = first ? knownValue(first.seen) : undefined
  if (visit.name !== 'toMillis' || visit.args.length > 1 || !first || typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text)) return []
  return [{ node: first.node, params: { value: JSON.stringify(text), reason: 'has no time zone, so it means another instant on another machine', instead: `Write "${text}Z".` } }]
})

function ofComparison({ operator, left, right }: Comparison, about: About) {
  const [field, value, sign] = storedAs(left.seen) ? [left, right, operator] : [right, left, flipped(operator)]
  const [stored, text] = [storedAs(field.seen), knownValue(value.seen)]
  if (!stored || typeof text !== 'string' || sign === 'in') return []
  const odd = stored === 'date' ? ofDay(text) : ofInstant(text, sign, about.say(field.node))
  return odd ? [{ node: value.node, params: { value: JSON.stringify(text), ...odd } }] : []
}

function storedAs(seen: Seen): 'date' | 'timestamp' | undefined {
  const stored = seen.is === 'plain' ? seen.field?.stored : undefined
  return stored === 'date' || stored === 'timestamp' ? stored : undefined
}

interface Odd {
  readonly reason: string
  readonly instead: string
}

function ofDay(text: string): Odd | undefined {
  if (text.length <= 10 || findInstant(text) === undefined) return undefined
  return { reason: 'is an instant and is compared, as text, with a day', instead: `Write "${text.slice(0, 10)}".` }
}

function ofInstant(text: string, operator: ComparisonOperator, field: string): Odd | undefined {
  const instant = findInstant(text)
  if (instant === undefined || instant === text) return undefined
  if (text.length > 10) return { reason: 'is not of the form in which instants are stored, and they are compared as text', instead: `Write "${instant}".` }
  if (!ordering(operator)) return { reason: `is a day, and ${field} an instant: they are never equal`, instead: `Write $substring(${field}, 0, 10) ${operator} "${text}".` }
  return operator === '<=' ? { reason: `is the first moment of that day: <= leaves the day itself out`, instead: `Write < "${dayAfter(instant)}".` } : undefined
}

function dayAfter(instant: string): string {
  return new Date(Date.parse(instant) + 86_400_000).toISOString().slice(0, 10)
}
