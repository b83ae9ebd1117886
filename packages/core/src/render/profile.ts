// One profile as text.
import type { ProfileDetails } from '../daemon/read-profile.js'
import { type Json, isJsonArray, isJsonObject } from '../kernel/json.js'
import { counted, minutes, table } from './numbers.js'
import type { Paint } from './paint.js'
import { renderWithholding } from './withholding.js'

const shownPerList = 5

export function renderProfile(profile: ProfileDetails, paint: Paint): string {
  const own = profile.view[profile.entity] ?? {}
  const lists = Object.entries(profile.view).flatMap(([key, value]) => (isJsonArray(value) ? [[key, value] as const] : []))
  return [
    paint.bold(`${profile.entity} ${String(profile.id)}`),
    ...indented(table(flat(own))),
    '',
    paint.bold('Identities'),
    ...indented(table(profile.identities.map((each) => [each.namespace, each.value]))),
    ...lists.flatMap(([key, items]) => ['', paint.bold(`${key} (${String(items.length)})`), ...indented(listLines(items))]),
    '',
    paint.bold('Segments'),
    ...indented(profile.memberships.length === 0 ? ['in none'] : membershipLines(profile, paint)),
  ].join('\n')
}

function membershipLines({ memberships }: ProfileDetails, paint: Paint): readonly string[] {
  const lines = table(memberships.map((each) => [each.segment, each.status, `since ${minutes(each.exitedAt ?? each.since)}`]))
  return memberships.flatMap((each, index) => [lines[index] ?? '', ...each.withheld.map((one) => `  ${paint.yellow(renderWithholding(one))}`)])
}

function listLines(items: readonly Json[]): readonly string[] {
  if (items.length === 0) return ['none']
  const shown = items.slice(-shownPerList).map((each) => flat(each).filter(([, text]) => text !== '').slice(0, 6).map(([key, text]) => `${key} ${text}`).join(' · '))
  const hidden = items.length - shown.length
  return hidden > 0 ? [`… ${counted(hidden, 'earlier one')}`, ...shown] : shown
}

function flat(value: Json, prefix = ''): readonly (readonly [string, string])[] {
  if (!isJsonObject(value)) return [[prefix, typeof value === 'string' ? value : JSON.stringify(value)]]
  return Object.entries(value).flatMap(([key, each]) => flat(each, prefix === '' ? key : `${prefix}.${key}`))
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}
