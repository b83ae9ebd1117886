// The resources of a project or of an applied state side by side, as plain JSON under their addresses, ready to compare.
import type { Project } from '../1-project/project.js'
import { standardEntities } from '../entities/standard-entities.js'
import { type Address, type ResourceKind, toAddress } from '../kernel/address.js'
import type { JsonObject } from '../kernel/json.js'
import type { Applied, Uid } from './applied.js'

export interface Resource {
  readonly address: Address
  readonly kind: ResourceKind
  readonly name: string
  readonly spec: JsonObject
  readonly protect: boolean
  readonly renamedFrom: readonly string[]
  /** Only when applied; schemas and policies have none, they are known by name. */
  readonly uid?: Uid
}

export function projectResources(project: Project): readonly Resource[] {
  return [
    ...Object.values(project.entities).map((spec) => resource('Schema', spec)),
    ...project.policies.map((spec) => resource('Policy', spec)),
    ...project.sources.map((spec) => resource('Source', spec)),
    ...project.destinations.map((spec) => resource('Destination', spec)),
    ...project.segments.map((spec) => resource('Segment', spec)),
  ]
}

/** The B2B pack counts as applied from the start: a project that adds nothing to it changes nothing. */
export function appliedResources(applied: Applied): readonly Resource[] {
  return [
    ...Object.values({ ...standardEntities, ...applied.entities }).map((spec) => resource('Schema', spec)),
    ...Object.values(applied.policies).map((spec) => resource('Policy', spec)),
    ...Object.values(applied.sources).map(({ uid, spec }) => resource('Source', spec, uid)),
    ...Object.values(applied.destinations).map(({ uid, spec }) => resource('Destination', spec, uid)),
    ...Object.values(applied.segments).map(({ uid, spec }) => resource('Segment', spec, uid)),
  ]
}

interface Spec {
  readonly name: string
  readonly protect?: boolean
  readonly renamedFrom?: readonly string[]
}

function resource(kind: ResourceKind, spec: Spec, uid?: Uid): Resource {
  return {
    address: toAddress(kind, spec.name),
    kind,
    name: spec.name,
    spec: spec as unknown as JsonObject,
    protect: spec.protect === true,
    renamedFrom: spec.renamedFrom ?? [],
    ...(uid === undefined ? {} : { uid }),
  }
}
