// The resources of a project or of an applied state side by side, as plain JSON under their addresses, ready to compare.
import type { Project } from '../1-project/project.js'
import { standardEntities } from '../entities/standard-entities.js'
import { type Address, type ResourceKind, toAddress } from '../kernel/address.js'
import { type JsonObject, canonicalJson } from '../kernel/json.js'
import type { Applied, AppliedResource, Uid } from './applied.js'

export interface Resource {
  readonly address: Address
  readonly kind: ResourceKind
  readonly name: string
  readonly spec: JsonObject
  readonly protect: boolean
  readonly renamedFrom: readonly string[]
  /** Only when applied; schemas and policies have none, they are known by name. */
  readonly uid?: Uid
  readonly since?: number
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
    ...Object.values(applied.sources).map((each) => resource('Source', each.spec, each)),
    ...Object.values(applied.destinations).map((each) => resource('Destination', each.spec, each)),
    ...Object.values(applied.segments).map((each) => resource('Segment', each.spec, each)),
  ]
}

/** Without the schemas that are as the pack has them. */
export function ownResources(applied: Applied): readonly Resource[] {
  return appliedResources(applied).filter(({ kind, name, spec }) => {
    const standard = kind === 'Schema' ? standardEntities[name] : undefined
    return standard === undefined || canonicalJson(spec) !== canonicalJson(standard as unknown as JsonObject)
  })
}

interface Spec {
  readonly name: string
  readonly protect?: boolean
  readonly renamedFrom?: readonly string[]
}

function resource(kind: ResourceKind, spec: Spec, applied?: AppliedResource<Spec>): Resource {
  return {
    address: toAddress(kind, spec.name),
    kind,
    name: spec.name,
    spec: spec as unknown as JsonObject,
    protect: spec.protect === true,
    renamedFrom: spec.renamedFrom ?? [],
    ...(applied === undefined ? {} : { uid: applied.uid }),
    ...(applied?.since === undefined ? {} : { since: applied.since }),
  }
}
