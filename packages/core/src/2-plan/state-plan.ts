// What is changed of the applied state by hand (`cdp state mv`, `rm`, `cdp import`) is a plan too: made for one state, refused when
// that has moved on, and done by the same apply.
import { type ResourceKind, toAddress } from '../kernel/address.js'
import type { Applied, AppliedContent } from './applied.js'
import type { Block, Plan } from './plan.js'

/** Kinds whose resources have a uid; the others are known by their name. */
export type NumberedKind = Exclude<ResourceKind, 'Schema' | 'Policy'>

export function isNumbered(kind: ResourceKind): kind is NumberedKind {
  return kind !== 'Schema' && kind !== 'Policy'
}

/** As much of a plan as apply needs. */
export type StatePlan = Pick<Plan, 'baseSerial' | 'blocks' | 'next'>

/** The state as it is but for what is given. */
export function statePlan({ serial, at: _at, folder: _folder, ...content }: Applied, next: Partial<AppliedContent>, blocks: readonly Block[] = []): StatePlan {
  return { baseSerial: serial, blocks, next: { ...content, ...next } }
}

/**
 * What keeps a resource, and what is known of its audiences, from being given up by hand. Stricter than an apply, which lets
 * segments of a protected sandbox go: there their members leave the audiences in order; here nobody is told.
 */
export function protection({ sandbox, destinations }: Applied, { kind, name }: { readonly kind: ResourceKind; readonly name: string }): readonly Block[] {
  const isOwn = kind === 'Destination' && destinations[name]?.spec.protect === true
  if (!isOwn && !sandbox.protect) return []
  return [{ code: 'apply/protected', address: toAddress(kind, name), detail: isOwn ? 'it is protected' : `sandbox ${sandbox.name} is protected`, help: 'Set protect to false where it is written, apply that, and try again.' }]
}
