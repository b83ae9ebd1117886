// A plan as text for people. Everything shown is in the plan; nothing is computed from elsewhere.
import type { Change, FieldChange, Plan, SegmentImpact } from '../2-plan/plan.js'
import { renderDeny } from '../entities/governance.js'
import { parseAddress } from '../kernel/address.js'
import { type Json, isJsonObject } from '../kernel/json.js'
import { counted, minutes, table, thousands } from './numbers.js'
import type { Paint } from './paint.js'

export function renderPlan(plan: Plan, paint: Paint): string {
  const blocks = new Set(plan.blocks.map((each) => each.address))
  const changes = plan.changes.flatMap((each) => [...renderChange(each, plan, paint), ''])
  return [
    paint.bold(headline(plan)),
    '',
    ...(changes.length === 0 ? ['  No changes. The sandbox is as the files say.', ''] : changes),
    ...overrides(plan),
    ...summary(plan, paint, blocks.size),
  ].join('\n')
}

function headline(plan: Plan): string {
  const data = plan.dataAsOf === undefined ? 'no data read yet' : `data as of ${minutes(plan.dataAsOf)} · impact exact`
  return `cdp plan · ${plan.project} · sandbox ${plan.sandbox} · state #${String(plan.baseSerial)} · ${data}`
}

function summary(plan: Plan, paint: Paint, blocked: number): readonly string[] {
  const { create, update, rename, delete: removed } = plan.counts
  const tail = blocked === 0 ? '' : ` · ${paint.red(`${String(blocked)} blocked`)}`
  const line = `Plan: ${String(create)} to add, ${String(update)} to change, ${String(rename)} to rename, ${String(removed)} to remove${tail}`
  return [line, ...plan.blocks.map((each) => `${paint.red('!')} ${each.address}: ${each.help}`)]
}

/** Every changed limit is shown in every plan: who reads it knows what is not guarded as usual. */
function overrides({ guardrails: { profile, overrides: changed } }: Plan): readonly string[] {
  const general = profile === 'seed' ? [] : [`Guardrails ${profile === 'none' ? 'are switched off (guardrails.profile: none)' : `of ${profile}`}`]
  const rows = changed.map(({ id, limit, reason }) => [`  ${id}`, `${limit === undefined ? 'off' : `limit ${thousands(limit)}`} · ${reason}`] as const)
  if (general.length === 0 && rows.length === 0) return []
  return [...general, ...(rows.length > 0 ? ['Overridden guardrails', ...table(rows)] : []), '']
}

const symbols: Readonly<Record<Change['action'], string>> = { create: '+', update: '~', rename: '>', delete: '-' }

function renderChange(change: Change, plan: Plan, paint: Paint): readonly string[] {
  const colour = { create: paint.green, update: paint.yellow, rename: paint.cyan, delete: paint.red }[change.action]
  const details = [
    ...change.fields.map((each) => [each.field, renderField(each)] as const),
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
  const lane = segment && (change.action === 'create' || change.fields.some((each) => each.field === 'lane' || each.field === 'expression'))
  return [
    ...(segment && lane ? [['evaluation', `${segment.lane}${segment.lane === 'batch' ? `, ${segment.schedule}` : ''} (${segment.laneReason})`] as const] : []),
    ...(change.impact ? impactDetails(change.impact) : []),
  ]
}

function policyDetails(change: Change, plan: Plan): readonly (readonly [string, string])[] {
  const address = parseAddress(change.address)
  const policy = address?.kind === 'Policy' && change.action === 'create' ? plan.next.policies[address.name] : undefined
  if (!policy) return []
  return [['denies', `${renderDeny(policy.deny)} for ${policy.marketingActions?.join(', ') ?? 'every activation'}${policy.enabled ? '' : ' (not enabled)'}`]]
}

function impactDetails(impact: SegmentImpact): readonly (readonly [string, string])[] {
  const moved = impact.before === 0 ? '' : `    (${signed(((impact.after - impact.before) / impact.before) * 100)} %)`
  const errors = Object.entries(impact.errors).map(([code, count]) => `${code} on ${counted(count, 'profile')}`)
  return [
    ['members', `${thousands(impact.before)} → ${thousands(impact.after)}    + ${thousands(impact.enter)} enter    - ${thousands(impact.exit)} exit${moved}`],
    ...(impact.sampleEnter.length > 0 ? [['enter', sample(impact.sampleEnter, impact.enter)] as const] : []),
    ...(impact.sampleExit.length > 0 ? [['exit', sample(impact.sampleExit, impact.exit)] as const] : []),
    ...impact.deliveries.map(({ destination, adds, removes }) => ['delivers', `Destination/${destination}   ${counted(adds, 'addition')}, ${counted(removes, 'removal')}`] as const),
    ...(errors.length > 0 ? [['errors', errors.join(', ')] as const] : []),
  ]
}

function sample(labels: readonly string[], total: number): string {
  return labels.join(', ') + (total > labels.length ? `, … ${thousands(total - labels.length)} more` : '')
}

function signed(percent: number): string {
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)}`
}

/** The plan as JSON for machines: everything but the state that apply will write. */
export function planToJson(plan: Plan): Json {
  const { next: _next, ...shown } = plan
  return JSON.parse(JSON.stringify(shown)) as Json
}

/** Parts of a resource, one line each, for `cdp show`. */
export function renderResource(spec: Json, indent = ''): readonly string[] {
  if (!isJsonObject(spec)) return [`${indent}${short(spec)}`]
  return Object.entries(spec).flatMap(([key, value]) => (isJsonObject(value) ? [`${indent}${key}:`, ...renderResource(value, `${indent}  `)] : [`${indent}${key}: ${short(value)}`]))
}
