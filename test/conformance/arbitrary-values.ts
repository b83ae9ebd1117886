// The values that random profiles hold and random expressions compare with: few per field, so that they meet often,
// and chosen for what tends to differ between evaluators (case mapping, code points, fractions, the edge of a window).
import type { FieldType } from '../../packages/core/src/entities/entity-schema.js'
import { instantFromMs } from '../../packages/core/src/kernel/clock.js'

export const nowMs = Date.parse('2025-06-30T12:00:00.000Z')
export const dayMs = 86_400_000

export const texts: readonly string[] = [
  'A', 'a', 'b', 'abc', 'Abc def', '', 'Straße', 'STRASSE', 'İstanbul', 'naïve', '😀', 'x😀y', '東京', ' b  c ', '10', '-2.5', '1e3', 'true', 'null', '"q"\\', 'ﬀ', 'Σίσυφος', 'ÅNGSTRÖM', 'a.b@c.d', '\uFFFD',
]

/** Every field has one of these. */
const hardTexts: readonly string[] = ['😀x', 'Straße', ' b  c ', 'x😀y', 'İstanbul', 'Σίσυφος', '東京😀']

const textsOfFields: Readonly<Record<string, readonly string[]>> = {
  eventType: ['web.pageView', 'email.open', 'form.submit', 'product.login'],
  channel: ['web', 'email', 'form'],
  'web.url': ['https://example.test/pricing', 'https://example.test/', '/pricing/enterprise?q=ß', ''],
  stage: ['Discovery', 'Proposal', 'Closed Won'],
  email: ['ada@acme.example', 'BOB@GLOBEX.example', 'none', 'İ@x.example'],
  title: ['CEO', 'VP Marketing', 'vice president', 'Geschäftsführer', ''],
  accountKey: ['a1', 'a2', 'a3'],
  parentAccountKey: ['a1', 'a2'],
  opportunityKey: ['o1', 'o2', 'o3'],
  campaignKey: ['c1', 'c2'],
  'email.campaignKey': ['c1', 'c2'],
  listKey: ['l1', 'l2'],
  personKey: ['p1', 'p2'],
}

export const numbers: readonly number[] = [0, 1, -1, 2, 3, 5, 10, 0.1, 0.2, 0.3, 0.7, -2.5, 50, 99.99, 100, 1000, 50_000, 1e9, 2_147_483_648, 9_007_199_254_740_992]

const offsetsMs: readonly number[] = [0, -1, 1, -3_600_000, -dayMs, -7 * dayMs, -7 * dayMs - 1, -7 * dayMs + 1, -14 * dayMs, -30 * dayMs, -30 * dayMs + 1, -60 * dayMs, -90 * dayMs, -365 * dayMs, dayMs, -1000 * dayMs]
export const instants: readonly string[] = offsetsMs.map((each) => instantFromMs(nowMs + each))
export const dates: readonly string[] = [...new Set([...instants.map((each) => each.slice(0, 10)), '1980-02-29', '2025-01-01', '2024-12-31'])]

/** What a field of this name may hold. Text fields without a list of their own get a few of the texts each. */
export function valuesOf(field: string, type: FieldType): readonly (string | number | boolean)[] {
  switch (type) {
    case 'string':
    case 'key': return textsOfFields[field] ?? textsOfFields[field.split('.').at(-1) ?? ''] ?? someTexts(field)
    case 'number':
    case 'integer': return numbers
    case 'boolean': return [true, false]
    case 'timestamp': return instants
    case 'date': return dates
    case 'strings': return someTexts(field)
    case 'object': return ['10', '1e3', 'abc', 0, 10, 2000, -1, true]
  }
}

function someTexts(field: string): readonly string[] {
  const start = [...field].reduce((sum, each) => sum + each.charCodeAt(0), 0)
  return ['A', 'abc', hardTexts[start % hardTexts.length] ?? '', ...[0, 7, 14].map((step) => texts[(start + step) % texts.length] ?? '')]
}
