// A past that is too large to hold: people and activities are made when an extract asks for their time, the same ones each time.
import type { Activity, History, Lead } from './instance.js'

export interface HistorySize {
  readonly leads: number
  readonly activities: number
  readonly from: string
  readonly to: string
}

const secondMs = 1000
/** Types that are kept for 25 months. */
const kinds = [
  { typeId: 10, primary: 'Newsletter', attributes: { Device: 'iPhone', 'Is Mobile Device': true, Platform: 'iOS' } },
  { typeId: 11, primary: 'Newsletter', attributes: { Link: 'https://www.acme.example/pricing', Device: 'unknown', Platform: 'Linux' } },
  { typeId: 2, primary: 'Contact us', attributes: { 'Client IP Address': '192.0.2.7', 'Form Fields': 'a "quoted", value', 'Referrer URL': 'https://www.acme.example/' } },
  { typeId: 46, primary: 'Milestone', attributes: { Description: 'Asked for a demo – über Zoë', Source: 'Sales' } },
] as const

export function generatedHistory({ leads, activities, from, to }: HistorySize): History {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)]
  const leadStepMs = stepFor(leads, toMs - fromMs)
  const activityStepMs = stepFor(activities, toMs - fromMs)
  return {
    leads: (since, until) => between({ count: leads, fromMs, stepMs: leadStepMs }, since, until, toLead),
    activities: (since, until) => between({ count: activities, fromMs, stepMs: activityStepMs }, since, until, (index, atMs) => toActivity(index, atMs, leads)),
  }
}

function stepFor(count: number, spanMs: number): number {
  return Math.max(secondMs, Math.floor(spanMs / count / secondMs) * secondMs)
}

interface Series {
  readonly count: number
  readonly fromMs: number
  readonly stepMs: number
}

function* between<T>({ count, fromMs, stepMs }: Series, since: number, until: number, make: (index: number, atMs: number) => T): Iterable<T> {
  const last = Math.min(count - 1, Math.floor((until - fromMs) / stepMs))
  for (let index = Math.max(0, Math.ceil((since - fromMs) / stepMs)); index <= last; index++) yield make(index, fromMs + index * stepMs)
}

function toLead(index: number, atMs: number): Lead {
  return {
    id: index + 1, createdMs: atMs, updatedMs: atMs,
    fields: { email: `p${String(index)}@company${String(index % 5000)}.example`, firstName: index % 3 === 0 ? 'Zoë' : 'Ada', lastName: `Person ${String(index)}`, title: index % 10 === 0 ? 'Chief "Something", Officer' : 'Engineer', leadScore: index % 100 },
  }
}

function toActivity(index: number, atMs: number, leads: number): Activity {
  const kind = kinds[index % kinds.length] ?? kinds[0]
  return { ...kind, id: index + 1, leadId: 1 + ((index * 7919) % leads), atMs, committedMs: atMs }
}
