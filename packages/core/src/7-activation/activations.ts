// The activations of an applied state, the live ones and those that are leaving, with everything that delivering needs.
import type { Activation, Destination, Segment } from '../1-project/project.js'
import type { Applied, AppliedResource } from '../2-plan/applied.js'
import { type SqlText, param, sqlText } from '../kernel/sql-text.js'

export interface ActiveActivation {
  readonly segment: AppliedResource<Segment>
  readonly destination: AppliedResource<Destination>
  readonly activation: Activation
  /** The audience is being given up: everybody leaves it. */
  readonly leaving: boolean
}

/** In the order of destination and segment names; those that leave come first. */
export function listActivations(applied: Applied): readonly ActiveActivation[] {
  const live = Object.values(applied.segments).flatMap((segment) => segment.spec.activate.flatMap((activation) => toActive(applied, segment, activation, false)))
  const leaving = applied.retired.flatMap(({ segment, destinations }) =>
    segment.spec.activate.filter((each) => destinations.includes(each.destination)).flatMap((activation) => toActive(applied, segment, activation, true)),
  )
  const byName = (a: ActiveActivation, b: ActiveActivation): number => (nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b)))
  return [...leaving.sort(byName), ...live.sort(byName)]
}

/** Its rows in the tables of this stage. */
export function ownRows({ destination, segment }: ActiveActivation): SqlText {
  return sqlText`destination = ${param(destination.uid)} and segment = ${param(segment.uid)}`
}

function toActive(applied: Applied, segment: AppliedResource<Segment>, activation: Activation, leaving: boolean): readonly ActiveActivation[] {
  const destination = applied.destinations[activation.destination]
  return destination ? [{ segment, destination, activation, leaving }] : []
}

function nameOf({ destination, segment }: ActiveActivation): string {
  return `${destination.spec.name} ${segment.spec.name}`
}
