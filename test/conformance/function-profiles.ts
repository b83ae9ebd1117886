// The profiles that functions are tried on: some of the case files, some drawn at random, and some whose texts and
// numbers are such that evaluators tend to differ on them.
import type { JsonObject } from '../../packages/core/src/kernel/json.js'
import { instantFromMs } from '../../packages/core/src/kernel/clock.js'
import { arbitraryProfile } from './arbitrary-profiles.js'
import { dayMs, nowMs } from './arbitrary-values.js'
import { sampleOf } from './draw.js'
import type { Model } from './model.js'
import { readProfiles } from './read-cases.js'

const profilesPath = 'test/conformance/cases/segments/profiles.jsonl'
const seed = 64

/** As a source may send them: with nulls, odd types, relations that are absent. */
export function profilesAsGiven(model: Model): readonly JsonObject[] {
  return [...profilesOfFile(8), ...sampleOf(arbitraryProfile(model, 'wild'), 14, seed), ...oddProfiles]
}

/** Such as the store can hold. */
export function profilesToStore(model: Model): readonly JsonObject[] {
  return [...profilesOfFile(8), ...sampleOf(arbitraryProfile(model, 'tidy'), 14, seed), ...oddProfiles]
}

function profilesOfFile(count: number): readonly JsonObject[] {
  return readProfiles(profilesPath).slice(0, count).map((each) => JSON.parse(each.text) as JsonObject)
}

/** Mapped to other lengths, of several units, composed of several characters, between odd blanks; all and nothing else. */
const oddTexts: readonly string[] = [
  '', ' ', '\u00A0Ada\u00A0', '\t VP \r\n of   Sales\v', 'Stra\u00DFe ẞ', 'ŉ ÿ µ ſ ı İ', 'e\u0301 \u00E9', '👩‍👩‍👧 x', 'ΣΊΣΥΦΟΣ', 'שלום@عالم', '東京\u3000', '%41%C3%A9%', '$1 $& \\1', '0x1F', '007', '1e999', '2024-02-30',
]

const oddNumbers: readonly number[] = [0, -0.4, 0.5, 1.5, 2.5, -2.5, 50, 1.005, 1e21, 5e-324, 1.7e308, -1, 1e-7, 4_294_967_296.5, 12, 3, 0.1 + 0.2]

const oddProfiles: readonly JsonObject[] = oddTexts.map((text, index) => oddProfile(text, oddNumbers[index % oddNumbers.length] ?? 0, index))

function oddProfile(text: string, number: number, index: number): JsonObject {
  const [key, at] = [`odd${String(index)}`, instantFromMs(nowMs - index * dayMs)]
  return {
    id: 'p',
    person: {
      personKey: key, firstName: [...text].slice(0, 2).join(''), lastName: text, title: `VP ${text}`, email: `${text}@acme.example`, phone: text, city: text, country: 'DE', postalCode: text, language: text,
      leadScore: number, scores: { fit: number, engagement: Math.abs(number) }, createdDate: at, birthDate: '1985-06-30', tags: [text, '', text], custom: { nps: number, notes: text, preferredChannel: text },
    },
    accounts: [{ accountKey: `${key}-a`, name: text, industry: text, website: `https://www.${text}`, employees: 500, healthScore: number, technologies: [text, 'SAP'], relation: { role: text, isPrimary: true, since: '2020-01-01' } }],
    opportunities: [0, 1].map((place) => ({ opportunityKey: `${key}-o${String(place)}`, accountKey: `${key}-a`, name: text, stage: 'Proposal', isClosed: place === 0, isWon: place === 0, amount: place === 0 ? number : 1000, probability: 50, closeDate: '2024-12-31', createdDate: at, products: [text] })),
    events: [0, 1].map((place) => ({ eventId: `${key}-e${String(place)}`, eventType: 'web.pageView', timestamp: instantFromMs(nowMs - (index + place) * dayMs), channel: 'web', scoreChange: place === 0 ? number : -10, web: { url: text, durationSec: number }, form: { fields: { timeline: text } } })),
  }
}
