// The applied states that are kept, each with what its apply changed.
import type { Instant } from '../kernel/clock.js'
import { canonicalJson } from '../kernel/json.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { Applied } from './applied.js'
import { readAppliedAt } from './read-applied.js'
import { type Resource, ownResources } from './resources.js'

export interface AppliedStep {
  readonly serial: number
  readonly at: Instant
}

export interface AppliedChange {
  readonly address: string
  readonly action: 'create' | 'update' | 'rename' | 'delete'
  /** Of a rename. */
  readonly from?: string
}

/** The newest first. */
export function readAppliedHistory(store: Connection, limit: number): Promise<readonly AppliedStep[]> {
  return store.rows<{ serial: number; at: Instant }>(sqlText`select serial, a."at" from applied a order by serial desc limit ${param(limit)}`)
}

/** Undefined when the state is not kept. Of the oldest that is kept everything counts as new. */
export async function findAppliedStep(store: Connection, serial: number): Promise<(AppliedStep & { readonly changes: readonly AppliedChange[] }) | undefined> {
  const applied = await readAppliedAt(store, serial)
  return applied && { serial, at: applied.at, changes: toSteps(await readAppliedAt(store, serial - 1), applied) }
}

function toSteps(before: Applied | undefined, after: Applied): readonly AppliedChange[] {
  const former = before ? ownResources(before) : []
  const present = ownResources(after)
  const isSame = (a: Resource, b: Resource): boolean => (a.uid === undefined || b.uid === undefined ? a.address === b.address : a.uid === b.uid)
  const gone = former.filter((each) => !present.some((now) => isSame(each, now))).map(({ address }): AppliedChange => ({ address, action: 'delete' }))
  return [...gone, ...present.flatMap((now) => toStep(former.find((each) => isSame(each, now)), now))]
}

function toStep(before: Resource | undefined, now: Resource): readonly AppliedChange[] {
  if (!before) return [{ address: now.address, action: 'create' }]
  if (before.address !== now.address) return [{ address: now.address, action: 'rename', from: before.address }]
  return canonicalJson(before.spec) === canonicalJson(now.spec) ? [] : [{ address: now.address, action: 'update' }]
}
