// The applied state as text: the list, one resource, and who holds a sandbox.
import type { ResourceAudience, ResourceState, StateEntry, StateListing } from '../daemon/read-state.js'
import type { Plan } from '../2-plan/plan.js'
import type { FoundProcess } from '../kernel/find-process.js'
import { counted, minutes, table } from './numbers.js'
import type { Paint } from './paint.js'
import { renderResource } from './plan.js'

export function renderState(state: StateListing, paint: Paint): string {
  const when = state.at === undefined ? 'nothing applied yet: cdp plan, then cdp apply' : `state #${String(state.serial)}, ${minutes(state.at)}`
  const rows = state.resources.map((each) => [uidOf(each), each.address, sinceOf(each), about(each)])
  return [
    paint.bold(`cdp state · ${state.project === '' ? 'no project' : state.project} · sandbox ${state.sandbox} · ${when}`),
    ...(rows.length === 0 ? [] : ['', ...table([['uid', 'address', 'since', ''], ...rows]).map((line) => `  ${line}`)]),
  ].join('\n')
}

export function renderResourceState(state: ResourceState, paint: Paint): string {
  const { address, serial, spec, audiences } = state
  const known = [...(state.uid === undefined ? [] : [`uid ${String(state.uid)}`]), ...(state.since === undefined ? [] : [`since #${String(state.since)}`]), about(state)].filter((each) => each !== '')
  return [
    `${paint.bold(address)}  ${paint.dim(`in state #${String(serial)} · ${known.join(' · ')}`)}`,
    ...(spec === undefined ? ['  not applied yet: the next cdp apply makes it'] : renderResource(spec).map((line) => `  ${line}`)),
    ...(audiences.length === 0 ? [] : ['', paint.bold('Audiences'), ...table(audiences.map((each) => [`Segment/${each.segment} → Destination/${each.destination}`, ...describeAudience(each)])).map((line) => `  ${line}`)]),
  ].join('\n')
}

/** What forgetting it takes away, and what it leaves where it is. */
export function renderForgotten(state: ResourceState, paint: Paint): readonly string[] {
  const { address, kind, members, audiences } = state
  const effects = [
    ...(kind === 'Segment' && members !== undefined ? [['members', `${counted(members, 'member')} forgotten; nobody is taken out anywhere`]] : []),
    ...(kind === 'Source' ? [['records', 'leave the profiles with the next cdp run']] : []),
    ...audiences.map((each) => ['stays', `Segment/${each.segment} → Destination/${each.destination}`, ...describeAudience(each)]),
  ]
  return [`  ${paint.red('-')} ${paint.bold(address)}  ${paint.dim(about(state))}`, ...table(effects).map((line) => `      ${line}`), '']
}

function describeAudience({ list, remote, members }: ResourceAudience): readonly string[] {
  const id = remote === undefined ? '' : `id ${remote.id}, ${remote.created ? 'made by cdp' : 'was there before'}`
  return [list === undefined ? '' : `"${list}"`, id, `${counted(members, 'member')} put in`]
}

/** What cdp plan would say of a segment whose audience was imported. */
export function renderNextPlan({ changes }: Plan, { segment, destination, audience }: { readonly segment: string; readonly destination: string; readonly audience: string }): readonly string[] {
  const change = changes.find((each) => each.address === `Segment/${segment}`)
  if (!change) return [`cdp plan has nothing to change; the next cdp run puts the members of Segment/${segment} into ${audience}.`]
  const adds = change.impact?.deliveries.find((each) => each.destination === destination)?.adds
  return [`Next, cdp plan shows Segment/${segment} to ${change.action}${adds === undefined ? '' : `, with ${counted(adds, 'addition')}`}; cdp apply and cdp run deliver it into ${audience}.`]
}

export function renderFree(sandbox: string, serial: number, interruptedRuns: number): string {
  const mended = interruptedRuns === 0 ? '' : ` ${counted(interruptedRuns, 'run')} had been interrupted; the next cdp run goes on from there.`
  return `Nobody holds sandbox ${sandbox}. Its database opens, at ${serial === 0 ? 'no state yet' : `state #${String(serial)}`}.${mended}`
}

export function renderHeld(sandbox: string, pid: number, holder: FoundProcess | undefined): readonly string[] {
  if (!holder) {
    return [
      `Sandbox ${sandbox} is held by ${pid === 0 ? 'a process' : `process ${String(pid)}`} that this machine does not have: it is or was in another container or on another machine.`,
      'If it still works, wait. If you know that it has ended: cdp state unlock --force',
    ]
  }
  return [
    `Sandbox ${sandbox} is held by process ${String(pid)}${holder.command === '' ? '' : `: ${shortened(holder.command)}`}`,
    ...(holder.isStopped
      ? [`It was stopped (Ctrl-Z) and keeps the sandbox. Go on with it: fg in its terminal, or kill -CONT ${String(pid)}. Or end it: kill -KILL ${String(pid)}`]
      : [`It is at work: wait until it has finished. Or end it: kill ${String(pid)}`]),
    'What it has committed stays, and the next cdp run goes on from there.',
  ]
}

function uidOf({ uid }: StateEntry): string {
  return uid === undefined ? '-' : String(uid)
}

function sinceOf({ since }: StateEntry): string {
  return since === undefined ? '-' : `#${String(since)}`
}

function about(entry: StateEntry): string {
  const { status, connector, lane, streams, destinations = [], members } = entry
  if (status === 'imported') return 'imported, not applied yet'
  const to = destinations.length === 0 ? '' : ` → ${destinations.join(', ')}`
  if (status === 'leaving') return `removed, on its way out${to}`
  return [
    ...(connector === undefined ? [] : [connector]),
    ...(streams === undefined ? [] : [counted(streams.length, 'stream')]),
    ...(lane === undefined ? [] : [lane]),
    ...(members === undefined ? [] : [`${counted(members, 'member')}${to}`]),
    ...(entry.uid === undefined ? ['known by name'] : []),
  ].join(', ')
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
