// An audience that is there already becomes that of an activation. What is not applied yet gets the uid that it will be applied
// with, so that the audience can be remembered under it; nothing else changes before the next apply.
import type { Project } from '../1-project/project.js'
import { standardEntities } from '../entities/standard-entities.js'
import { type Address, type ResourceKind, toAddress } from '../kernel/address.js'
import type { Applied, AppliedContent, Uid } from './applied.js'
import { toPairs } from './diff.js'
import { toNextApplied } from './next-applied.js'
import { appliedResources, projectResources } from './resources.js'
import { type StatePlan, statePlan } from './state-plan.js'

export interface AdoptionRequest {
  readonly applied: Applied
  readonly project: Project
  readonly segment: string
  readonly destination: string
}

export interface Adoption {
  readonly plan: StatePlan
  readonly segment: Uid
  readonly destination: Uid
}

/** The segment and the destination are in the project. */
export function planAdoption(request: AdoptionRequest): Adoption {
  const { project, applied } = request
  const pairs = toPairs(projectResources(project), appliedResources(applied))
  const reserved = new Map<Address, Uid>(Object.entries(applied.reserved ?? {}) as [Address, Uid][])
  let { nextUid } = applied
  const uidOf = (kind: ResourceKind, name: string): Uid => {
    const address = toAddress(kind, name)
    const known = pairs.find(({ after }) => after?.address === address)?.before?.uid ?? reserved.get(address)
    if (known !== undefined) return known
    reserved.set(address, nextUid)
    return nextUid++
  }
  const destination = uidOf('Destination', request.destination)
  const segment = uidOf('Segment', request.segment)
  return { plan: statePlan(applied, { ...beginning(request), nextUid, reserved: Object.fromEntries(reserved) }), segment, destination }
}

/** A sandbox in which nothing was applied yet gets a state without resources. */
function beginning({ project, applied }: AdoptionRequest): Partial<AppliedContent> {
  return applied.serial > 0 ? {} : toNextApplied({ ...project, policies: [], sources: [], segments: [], destinations: [], entities: standardEntities }, applied)
}
