// What stops a plan: removing what is protected, or emptying an audience beyond its safety limit.
import type { Safety } from '../1-project/project.js'
import { parseAddress } from '../kernel/address.js'
import type { Applied, AppliedContent } from './applied.js'
import type { Block, Change } from './plan.js'

export interface BlockQuestion {
  readonly changes: readonly Change[]
  readonly applied: Applied
  readonly next: AppliedContent
  readonly allowShrink: readonly string[]
}

export function findBlocks(question: BlockQuestion): readonly Block[] {
  return question.changes.flatMap((change) => [...protectedBlock(change, question.applied), ...shrinkBlock(change, question)])
}

function protectedBlock(change: Change, applied: Applied): readonly Block[] {
  if (change.action !== 'delete' || !isProtected(change, applied)) return []
  return [
    {
      code: 'apply/protected',
      address: change.address,
      detail: `${change.address} is protected and would be removed`,
      help: 'Set protect to false where it is written, apply that, and plan again.',
    },
  ]
}

// A protected sandbox keeps its sources and destinations; segments come and go there by their own safety limits.
function isProtected(change: Change, applied: Applied): boolean {
  const address = parseAddress(change.address)
  switch (address?.kind) {
    case 'Destination':
      return applied.sandbox.protect || applied.destinations[address.name]?.spec.protect === true
    case 'Source':
      return applied.sandbox.protect
    case 'Schema':
    case 'Policy':
    case 'Segment':
    case undefined:
      return false
  }
}

function shrinkBlock(change: Change, { applied, next, allowShrink }: BlockQuestion): readonly Block[] {
  const name = parseAddress(change.address)?.name ?? ''
  const safety: Safety | undefined = (next.segments[name] ?? applied.segments[name])?.spec.safety
  if (!change.impact || !safety || allowShrink.includes(name)) return []
  const { before, exit, basis } = change.impact
  const limit = safety.maxExitPercent
  if (limit === undefined || before === 0 || before < (safety.minMembers ?? 0)) return []
  // An estimate does not let pass what may be too much: the upper end of its interval counts.
  const worst = basis.is === 'exact' ? exit : Math.min(before, basis.exitBetween[1])
  const percent = (worst / before) * 100
  if (percent <= limit) return []
  return [
    {
      code: 'plan/shrinks-too-much',
      address: change.address,
      detail: `exit share ${basis.is === 'exact' ? '' : 'may be '}${percent.toFixed(1)} %${basis.is === 'exact' ? '' : ', which'} exceeds safety.maxExitPercent ${String(limit)}`,
      help: `To go on anyway: --allow-shrink ${name}${basis.is === 'exact' ? '' : '. To know exactly: --impact exact'}`,
    },
  ]
}
