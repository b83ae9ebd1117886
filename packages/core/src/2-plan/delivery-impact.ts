// What destinations would be sent: additions and removals, the requests they take, and how long at the declared limits.
import type { Destination } from '../1-project/project.js'
import { batchSizeOf, secondsFor } from '../plugins/delivery-pace.js'
import type { DestinationCapabilities } from '../plugins/sdk.js'
import type { Change, DeliveryImpact, DeliveryPace } from './plan.js'

/** By the destination's name. */
export type FindPace = (destination: string, moves: { readonly adds: number; readonly removes: number }) => DeliveryPace | undefined

export interface PaceQuestion {
  readonly destinations: Readonly<Record<string, { readonly spec: Destination }>>
  /** With the limits that hold under the destination's configuration. */
  readonly findCapabilities: (destination: Destination) => Pick<DestinationCapabilities, 'maxBatch' | 'limits' | 'identities' | 'createsMissing'> | undefined
}

/** A dry run sends nothing, so it has no pace. */
export function paceFinder({ destinations, findCapabilities }: PaceQuestion): FindPace {
  return (name, { adds, removes }) => {
    const spec = destinations[name]?.spec
    const capabilities = spec && !spec.dryRun ? findCapabilities(spec) : undefined
    if (!spec || !capabilities) return undefined
    const size = batchSizeOf(spec.config, capabilities)
    const requests = Math.ceil(adds / size) + Math.ceil(removes / size)
    return { requests, seconds: secondsFor(requests, capabilities.limits) }
  }
}

/** By the destination's name: what it finds people by, where it takes only people that it knows. */
export function identityFinder({ destinations, findCapabilities }: PaceQuestion): (destination: string) => readonly string[] | undefined {
  return (name) => {
    const spec = destinations[name]?.spec
    const capabilities = spec && findCapabilities(spec)
    return capabilities && !capabilities.createsMissing ? capabilities.identities : undefined
  }
}

/** Over all changes, by destination. The limits of an account hold for all of its requests together. */
export function sumDeliveries(changes: readonly Change[], { destinations, findCapabilities }: PaceQuestion): readonly DeliveryImpact[] {
  const all = changes.flatMap((each) => each.impact?.deliveries ?? []).filter((each) => each.adds + each.removes > 0)
  const names = [...new Set(all.map((each) => each.destination))].sort()
  return names.map((destination) => {
    const own = all.filter((each) => each.destination === destination)
    const sum = (of: (each: DeliveryImpact) => number): number => own.reduce((total, each) => total + of(each), 0)
    const withheld = sum((each) => each.withheld ?? 0)
    const unmatched = sum((each) => each.unmatched ?? 0)
    const total = { destination, adds: sum((each) => each.adds), removes: sum((each) => each.removes), ...(withheld > 0 ? { withheld } : {}), ...(unmatched > 0 ? { unmatched } : {}) }
    if (own.some((each) => each.pace === undefined)) return total
    const requests = sum((each) => each.pace?.requests ?? 0)
    const spec = destinations[destination]?.spec
    const limits = (spec && findCapabilities(spec)?.limits) ?? []
    return { ...total, pace: { requests, seconds: secondsFor(requests, limits) } }
  })
}
