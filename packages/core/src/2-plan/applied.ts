// ★ What the last apply left behind. The daemon and `cdp run` work from this, never from the files.
import type { Destination, GuardrailSettings, Sandbox, Segment, Source } from '../1-project/project.js'
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import type { Policy } from '../entities/governance.js'
import { type Address, parseAddress } from '../kernel/address.js'
import type { Instant } from '../kernel/clock.js'

/**
 * A stable number that a resource keeps for life, renames included. Rows in the store carry it instead of the name,
 * so that a rename touches no data.
 */
export type Uid = number

export interface AppliedResource<Spec> {
  readonly uid: Uid
  readonly spec: Spec
  /** The serial of the apply that made it. */
  readonly since?: number
}

/** A segment or an activation that was removed and still has exits to deliver. */
export interface Retired {
  readonly segment: AppliedResource<Segment>
  /** The activations to clear; the segment itself is gone when `segmentRemoved`. */
  readonly destinations: readonly string[]
  readonly segmentRemoved: boolean
}

/** How many were shown to enter and leave. */
export interface Promised {
  readonly enter: number
  readonly exit: number
  /** How far off the numbers may be because they are from a sample; 0 when everybody was counted. */
  readonly slack: number
  /** The segment was allowed by hand to lose more than its safety limit. */
  readonly mayShrink: boolean
}

/** The part of the applied state that a plan decides. */
export interface AppliedContent {
  readonly project: string
  readonly organization: string
  readonly timezone: string
  readonly sandbox: Sandbox
  readonly guardrails: GuardrailSettings
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  /** Checked before they are applied; kept so that a plan can tell which change. */
  readonly policies: Readonly<Record<string, Policy>>
  readonly sources: Readonly<Record<string, AppliedResource<Source>>>
  readonly segments: Readonly<Record<string, AppliedResource<Segment>>>
  readonly destinations: Readonly<Record<string, AppliedResource<Destination>>>
  readonly retired: readonly Retired[]
  /** What the plan showed, by the segment's uid: the first evaluation of the changed rule may not surprise. */
  readonly promised: Readonly<Record<Uid, Promised>>
  readonly plugins: readonly string[]
  readonly nextUid: Uid
  /** Uids of what was imported before it was applied: the apply that makes it gives it this one. */
  readonly reserved?: Readonly<Record<Address, Uid>>
}

export interface Applied extends AppliedContent {
  /** Grows by one with each apply; 0 before the first. */
  readonly serial: number
  readonly at: Instant
  /** Relative paths in configurations start here. Known only where it is applied, so no part of a plan. */
  readonly folder: string
}

/** Live or leaving. */
export function findSegment({ segments, retired }: Applied, uid: Uid): Segment | undefined {
  return [...Object.values(segments), ...retired.map((each) => each.segment)].find((each) => each.uid === uid)?.spec
}

/** Also of what leaves, and of what is imported and not applied yet; what is gone is known by its number. */
export function nameOf(applied: Applied, kind: 'Source' | 'Segment' | 'Destination', uid: Uid): string {
  const reserved = Object.entries(applied.reserved ?? {}).find(([address, each]) => each === uid && address.startsWith(`${kind}/`))
  return findSpec(applied, kind, uid)?.name ?? parseAddress(reserved?.[0] ?? '')?.name ?? `#${String(uid)}`
}

function findSpec(applied: Applied, kind: 'Source' | 'Segment' | 'Destination', uid: Uid): { readonly name: string } | undefined {
  switch (kind) {
    case 'Source':
      return Object.values(applied.sources).find((each) => each.uid === uid)?.spec
    case 'Segment':
      return findSegment(applied, uid)
    case 'Destination':
      return Object.values(applied.destinations).find((each) => each.uid === uid)?.spec
  }
}
