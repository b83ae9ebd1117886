// "More than the pattern carries": what most of the limits of a sandbox come to.
import type { EntityName } from '../../entities/entity-schema.js'
import type { Breach } from '../../plugins/guardrail.js'
import type { Project, Segment, Source } from '../project.js'
import { type EntityClass, isOfClass } from './entity-class.js'
import type { CoreGuardrail } from './guardrail.js'

export interface Counted {
  /** Whose they are; the sandbox's unless told. */
  readonly whose?: string
  /** What is counted, in the plural: `streaming segments`. */
  readonly what: string
  readonly limit: number
  /** Addresses (with the pointer of a part, where it is one) in the order of the files; the first beyond the limit is pointed at. */
  readonly found: readonly CountedPlace[]
}

export interface CountedPlace {
  readonly address: string
  readonly pointer?: string
}

/** One breach when there are more than the limit allows. */
export function tooMany({ whose = 'The sandbox', what, limit, found }: Counted): readonly Breach[] {
  const beyond = found[limit]
  if (!beyond) return []
  return [{ detail: `${whose} has ${String(found.length)} ${what}; the limit is ${String(limit)}.`, at: beyond }]
}

type Counting = Required<Pick<CoreGuardrail, 'count' | 'check'>>

/** A guardrail that counts things of a project: how many there are, and one breach when they are too many. */
export function counting(what: string, find: (project: Project) => readonly CountedPlace[], whose?: string): Counting {
  return {
    count: (project) => ({ what, used: find(project).length }),
    check: ({ project, limit }) => tooMany({ what, limit, found: find(project), ...(whose === undefined ? {} : { whose }) }),
  }
}

export function countingSegments(what: string, isCounted: (segment: Segment) => boolean): Counting {
  return counting(what, ({ segments }) => segments.filter(isCounted).map((each) => ({ address: `Segment/${each.name}` })))
}

/** Streams that give records of a class: what Adobe counts as datasets. */
export function countingStreams(what: string, counted: EntityClass): Counting {
  return counting(what, ({ sources, entities }) => streamPlaces(sources, (entity) => isOfClass(entities[entity], counted)))
}

export function streamPlaces(sources: readonly Source[], isCounted: (entity: EntityName) => boolean): readonly CountedPlace[] {
  return sources.flatMap(({ name, streams }) => streams.flatMap(({ entity }, index) => (isCounted(entity) ? [{ address: `Source/${name}`, pointer: `/streams/${String(index)}` }] : [])))
}
