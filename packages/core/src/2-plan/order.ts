// Changes → dependency order: what others rest on is made first and removed last; ties by address.
import type { Change } from './plan.js'

const ranks: Readonly<Record<string, number>> = { Sandbox: 0, Schema: 1, Policy: 2, Source: 3, Destination: 4, Segment: 5 }

export function inOrder(changes: readonly Change[]): readonly Change[] {
  return [...changes].sort((a, b) => place(a) - place(b) || (a.address < b.address ? -1 : 1))
}

function place(change: Change): number {
  const rank = ranks[change.address.split('/', 1)[0] ?? ''] ?? 9
  return change.action === 'delete' ? 100 - rank : rank
}
