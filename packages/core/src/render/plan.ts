// A plan as text for people. Everything shown is in the plan; nothing is computed from elsewhere.
import type { Segment } from '../1-project/project.js'
import type { Change, DeliveryImpact, FieldChange, Interval, MatchRate, Plan, SegmentImpact } from '../2-plan/plan.js'
import { renderDeny } from '../entities/governance.js'
import { parseAddress } from '../kernel/address.js'
import { describe } from '../kernel/diagnostic.js'
import { type Json, type JsonObject, isJsonObject } from '../kernel/json.js'
import { diagnosticToJson } from './diagnostics.js'
import { counted, duration, minutes, table, thousands } from './numbers.js'
import type { Paint } from './paint.js'

export function renderPlan(plan: Plan, paint: Paint): string {
  const changes = plan.changes.flatMap((each) => [...renderChange(each, plan, paint), ''])
  return [
    paint.bold(`cdp plan · ${plan.project} · sandbox ${plan.sandbox} · ${basis(plan)}`),
    '',
    ...(changes.length === 0 ? [`  ${noChanges}`, ''] : changes),
    ...aroundChanges(plan),
    ...ownWarnings(plan, paint),
    `Plan: ${total(plan, paint)}`,
    ...plan.blocks.map((each) => `${paint.red('!')} ${each.address}: ${each.help}`),
  ].join('\n')
}

export const noChanges = 'No changes. The sandbox is as the files say.'

/** What the plan was made from. */
export function basis(plan: Plan): string {
  const data = plan.dataAsOf === undefined ? 'no data read yet' : `data as of ${minutes(plan.dataAsOf)} · ${impactBasis(plan)}`
  return `state #${String(plan.baseSerial)} · ${data}`
}

function impactBasis({ changes }: Plan): string {
  const bases = changes.flatMap((each) => each.impact?.basis ?? [])
  const sample = bases.find((each) => each.is === 'sample')
  return sample ? `impact from a sample of ${thousands(sample.profiles)} of ${thousands(sample.of)}` : bases.length > 0 || changes.length === 0 ? 'impact exact' : 'impact not counted'
}

/** `1 to add, 2 to change, 0 to rename, 0 to remove · 1 blocked` */
export function total({ counts, blocks }: Plan, paint: Paint): string {
  const blocked = new Set(blocks.map((each) => each.address)).size
  const tail = blocked === 0 ? '' : ` · ${paint.red(`${String(blocked)} blocked`)}`
  return `${String(counts.create)} to add, ${String(counts.update)} to change, ${String(counts.rename)} to rename, ${String(counts.delete)} to remove${tail}`
}

/** Those of the files were told when they were read. */
function ownWarnings({ warnings }: Plan, paint: Paint): readonly string[] {
  const own = warnings.filter((each) => each.code.startsWith('plan/')).map(describe)
  return own.length === 0 ? [] : [...own.map(({ summary, detail, help }) => `${paint.yellow('!')} ${summary}: ${detail} ${help}`), '']
}

/** What is to be told besides the changes. */
export function aroundChanges(plan: Plan): readonly string[] {
  return [...deliveries(plan), ...headroom(plan), ...overrides(plan)]
}

/** Over all changes; a single change has it in its own lines. */
function deliveries({ deliveries: all, changes }: Plan): readonly string[] {
  if (changes.filter((each) => (each.impact?.deliveries.length ?? 0) > 0).length < 2) return []
  return ['Delivers', ...table(all.map((each) => [`  Destination/${each.destination}`, deliveryText(each)])), '']
}

const nearPercent = 80
const alwaysShown = new Set(['audiences-sandbox', 'streaming-audiences', 'quota'])

/** How near the limits: segments always, the others when there is not much left. */
function headroom({ headroom: all }: Plan): readonly string[] {
  const shown = all.filter((each) => each.used > 0 && (alwaysShown.has(each.guardrail) || each.used * 100 >= each.limit * nearPercent))
  return shown.length === 0 ? [] : [`Headroom   ${shown.map((each) => `${each.what} ${thousands(each.used)}/${thousands(each.limit)}`).join(' · ')}`, '']
}

/** Every changed limit is shown in every plan: who reads it knows what is not guarded as usual. */
function overrides({ guardrails: { profile, overrides: changed } }: Plan): readonly string[] {
  const general = profile === 'seed' ? [] : [`Guardrails ${profile === 'none' ? 'are switched off (guardrails.profile: none)' : `of ${profile}`}`]
  const rows = changed.map(({ id, limit, reason }) => [`  ${id}`, `${limit === undefined ? 'off' : `limit ${thousands(limit)}`} · ${reason}`] as const)
  if (general.length === 0 && rows.length === 0) return []
  return [...general, ...(rows.length > 0 ? ['Overridden guardrails', ...table(rows)] : []), '']
}

export const symbols: Readonly<Record<Change['action'], string>> = { create: '+', update: '~', rename: '>', delete: '-' }

export function renderChange(change: Change, plan: Plan, paint: Paint): readonly string[] {
  const colour = { create: paint.green, update: paint.yellow, rename: paint.cyan, delete: paint.red }[change.action]
  const details = [
    ...change.fields.filter((each) => each.field !== 'lane').map((each) => [each.field, renderField(each)] as const),
    ...segmentDetails(change, plan),
    ...policyDetails(change, plan),
    ...(change.classes.includes('metadata') ? [] : [['effect', change.classes.join(', ')] as const]),
  ]
  const notes = [...change.notes.map((each) => `· ${each}`), ...plan.blocks.filter((each) => each.address === change.address).map((each) => paint.red(`! ${each.detail}`))]
  return [
    `  ${colour(symbols[change.action])} ${paint.bold(change.address.padEnd(38))} ${paint.dim(whereFrom(change))}`.trimEnd(),
    ...table(details).map((line) => `      ${line}`),
    ...notes.map((line) => `      ${line}`),
  ]
}

function whereFrom(change: Change): string {
  if (change.action === 'rename' && change.from) return `renamed from ${change.from.split('/')[1] ?? ''}: members and remote list kept`
  if (change.cause !== undefined) return `indirect: ${change.cause}`
  return change.at ? `${change.at.file}:${String(change.at.from.line)}` : ''
}

function renderField({ before, after }: FieldChange): string {
  if (before === undefined) return `+ ${short(after)}`
  if (after === undefined) return `- ${short(before)}`
  if (typeof before === 'string' && typeof after === 'string') return changedPart(onOneLine(before), onOneLine(after))
  return `${short(before)} → ${short(after)}`
}

const contextLength = 24

/** Of two long texts the part that differs, with a little of what is around it. */
function changedPart(before: string, after: string): string {
  if (before.length + after.length < 100) return `${before} → ${after}`
  let start = 0
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++
  let end = 0
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const from = Math.max(0, before.lastIndexOf(' ', Math.max(0, start - contextLength)) + 1)
  const kept = Math.max(0, end - contextLength)
  const part = (text: string): string => short(`${from > 0 ? '… ' : ''}${text.slice(from, text.length - kept)}${kept > 0 ? ' …' : ''}`)
  return `${part(before)} → ${part(after)}`
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

function short(value: Json | undefined): string {
  const text = typeof value === 'string' ? onOneLine(value) : JSON.stringify(value ?? null)
  return text.length > 120 ? `${text.slice(0, 117)}…` : text
}

function segmentDetails(change: Change, plan: Plan): readonly (readonly [string, string])[] {
  const name = parseAddress(change.address)
  const segment = name?.kind === 'Segment' ? plan.next.segments[name.name]?.spec : undefined
  const isShown = segment && (change.action === 'create' || change.lane || change.fields.some((each) => each.field === 'expression'))
  return [...(isShown ? [['evaluation', evaluation(segment, change)] as const] : []), ...(change.impact ? impactDetails(change.impact) : [])]
}

function evaluation({ lane, laneReason, schedule }: Segment, change: Change): string {
  const from = change.lane ? `${change.lane.before} → ` : ''
  return `${from}${lane}${lane === 'batch' ? `, ${schedule}` : ''} (${laneReason})`
}

function policyDetails(change: Change, plan: Plan): readonly (readonly [string, string])[] {
  const address = parseAddress(change.address)
  const policy = address?.kind === 'Policy' && change.action === 'create' ? plan.next.policies[address.name] : undefined
  if (!policy) return []
  return [['denies', `${renderDeny(policy.deny)} for ${policy.marketingActions?.join(', ') ?? 'every activation'}${policy.enabled ? '' : ' (not enabled)'}`]]
}

function impactDetails(impact: SegmentImpact): readonly (readonly [string, string])[] {
  const { before, after, enter, exit, basis } = impact
  const moved = movedShare(impact) === '' ? '' : `    (${movedShare(impact)})`
  const about = basis.is === 'exact' ? '' : 'about '
  const errors = Object.entries(impact.errors).map(([code, count]) => `${code} on ${counted(count, 'profile')}`)
  return [
    ['members', `${thousands(before)} → ${about}${thousands(after)}    + ${thousands(enter)} enter    - ${thousands(exit)} exit${moved}`],
    ...(basis.is === 'exact' ? [] : [['between', `+ ${range(basis.enterBetween)} enter, - ${range(basis.exitBetween)} exit, 19 times of 20 (${thousands(basis.profiles)} of ${thousands(basis.of)} profiles)`] as const]),
    ...(impact.sampleEnter.length > 0 ? [['enter', sample(impact.sampleEnter, enter)] as const] : []),
    ...(impact.sampleExit.length > 0 ? [['exit', sample(impact.sampleExit, exit)] as const] : []),
    ...impact.deliveries.flatMap(({ match, ...each }) => [
      ['delivers', `Destination/${each.destination}   ${deliveryText(each)}`] as const,
      ...(match ? [['known', `Destination/${each.destination}   ${matchText(match, each.adds)}`] as const] : []),
    ]),
    ...(errors.length > 0 ? [['errors', errors.join(', ')] as const] : []),
  ]
}

function range([from, to]: Interval): string {
  return `${thousands(from)} to ${thousands(to)}`
}

function deliveryText({ adds, removes, withheld, unmatched, pace }: DeliveryImpact): string {
  const moves = `${counted(adds, 'addition')}, ${counted(removes, 'removal')}${withheld === undefined ? '' : `, ${thousands(withheld)} withheld by consent`}${unmatched === undefined ? '' : `, ${thousands(unmatched)} whom it cannot find`}`
  return pace && pace.requests > 0 ? `${moves} · ${counted(pace.requests, 'request')} · about ${duration(pace.seconds * 1000)}` : moves
}

/** `of 300 asked it knows 271 (90 %); about 1,987 of 2,200 would be found` */
function matchText({ asked, one, several, found, isEstimate }: MatchRate, adds: number): string {
  const twice = several === 0 ? '' : `, ${thousands(several)} more than once`
  // Rounded down: what is called 100 % is everybody.
  return `of ${thousands(asked)} asked it knows ${thousands(one)} (${String(Math.floor((one / asked) * 100))} %)${twice}; ${knownOf(found, adds, isEstimate)} would be found`
}

/** `about 1,987 of 2,200` */
export function knownOf(found: number, adds: number, isEstimate: boolean): string {
  return `${isEstimate ? 'about ' : ''}${thousands(found)} of ${thousands(adds)}`
}

function sample(labels: readonly string[], total: number): string {
  return labels.join(', ') + (total > labels.length ? `, … ${thousands(total - labels.length)} more` : '')
}

/** `-16.8 %` of the members; nothing where there were none. */
export function movedShare({ before, after }: SegmentImpact): string {
  if (before === 0) return ''
  const percent = ((after - before) / before) * 100
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`
}

/** Of the document below, whatever the format of plan files is (docs/reference/output-formats.md tells when it grows). */
const planOutputFormat = 1

/** The plan as JSON for machines: everything but the state that apply will write. */
export function planToJson(plan: Plan): JsonObject {
  const { next: _next, formatVersion: _fileFormat, warnings, ...shown } = plan
  return { formatVersion: planOutputFormat, ...(JSON.parse(JSON.stringify(shown)) as JsonObject), warnings: warnings.map(diagnosticToJson) }
}

/** Parts of a resource, one line each, for `cdp show`. */
export function renderResource(spec: Json, indent = ''): readonly string[] {
  if (!isJsonObject(spec)) return [`${indent}${short(spec)}`]
  return Object.entries(spec).flatMap(([key, value]) => (isJsonObject(value) ? [`${indent}${key}:`, ...renderResource(value, `${indent}  `)] : [`${indent}${key}: ${short(value)}`]))
}
