// Builders for tests: a project or an applied state, one fact at a time.
import { limitsOf } from '../1-project/guardrails/settings.js'
import type { Activation, Destination, Project, RunTimeLimits, Segment, Source } from '../1-project/project.js'
import type { Applied } from '../2-plan/applied.js'
import { requiredConsents } from '../entities/consent.js'
import { defaultPaths } from '../entities/profile-entity.js'
import { standardEntities } from '../entities/standard-entities.js'
import { instantFromMs } from '../kernel/clock.js'
import type { JsonObject } from '../kernel/json.js'

/** The limits that hold in a project that changes none. */
export const seedLimits: RunTimeLimits = limitsOf('seed', [])

/** An empty project in sandbox `dev`; pass the parts that matter. */
export function aProject(parts: Partial<Project> = {}): Project {
  return {
    name: 'acme', organization: 'acme@AdobeOrg', folder: '/project', plugins: [], timezone: 'UTC', safety: {}, guardrails: { profile: 'seed', overrides: [], limits: seedLimits }, headroom: [],
    sandbox: { name: 'dev', protect: false, vars: {} }, sandboxNames: ['dev'], entities: standardEntities, policies: [], sources: [], segments: [], destinations: [], places: {},
    ...parts,
  }
}

export function aSource(name: string, parts: Partial<Source> = {}): Source {
  return { name, connector: 'files', instance: name, type: 'Files', config: {}, streams: [], ...parts }
}

export function aSegment(name: string, expression: string, parts: Partial<Segment> = {}): Segment {
  return {
    name, expression, description: '', entity: 'person', paths: defaultPaths, lane: 'batch', laneReason: '', schedule: '0 2 * * *',
    readsSegments: [], vars: {}, activate: [], safety: {}, renamedFrom: [], ...parts,
  }
}

export function anActivation(destination: string, parts: Partial<Activation> = {}): Activation {
  return { destination, list: 'list', onRemove: 'clear', ...parts }
}

export function aDestination(name: string, config: JsonObject = {}, parts: Partial<Destination> = {}): Destination {
  return { name, connector: 'http', config, party: 'first', marketingActions: [], consent: { require: requiredConsents([]), onUnknown: 'send' }, dryRun: false, protect: false, renamedFrom: [], ...parts }
}

/** The state that applying the project as the first thing would leave. Uids count from 1: sources, destinations, segments. */
export function anApplied(project: Project = aProject()): Applied {
  let uid = 1
  const numbered = <Spec extends { readonly name: string }>(specs: readonly Spec[]): Readonly<Record<string, { readonly uid: number; readonly spec: Spec }>> =>
    Object.fromEntries(specs.map((spec) => [spec.name, { uid: uid++, spec }]))
  return {
    serial: 1, at: instantFromMs(0), project: project.name, organization: project.organization, timezone: project.timezone, folder: project.folder,
    sandbox: project.sandbox, guardrails: project.guardrails, entities: project.entities, policies: Object.fromEntries(project.policies.map((each) => [each.name, each])), sources: numbered(project.sources), destinations: numbered(project.destinations), segments: numbered(project.segments),
    retired: [], promised: {}, plugins: [], nextUid: uid,
  }
}
