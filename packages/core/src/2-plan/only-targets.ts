// A project of which only some resources change: the rest is put back to how it was applied, so that the plan shows nothing else.
// What a target rests on (destinations and segments that a segment names, the source of its fields) comes along.
import type { Destination, Project, Segment, Source } from '../1-project/project.js'
import { type Address, parseAddress, toAddress } from '../kernel/address.js'
import type { Applied, AppliedResource } from './applied.js'

export function onlyTargets(project: Project, applied: Applied, targets: readonly Address[]): Project {
  const wanted = new Set(targets)
  for (const address of wanted) for (const each of restsOn(project, address)) wanted.add(each)
  const isWanted = (kind: 'Source' | 'Segment' | 'Destination', names: readonly string[]): boolean => names.some((name) => wanted.has(toAddress(kind, name)))
  return {
    ...project,
    sandbox: applied.serial === 0 ? project.sandbox : applied.sandbox,
    guardrails: applied.serial === 0 ? project.guardrails : applied.guardrails,
    timezone: applied.serial === 0 ? project.timezone : applied.timezone,
    organization: applied.serial === 0 ? project.organization : applied.organization,
    entities: { ...applied.entities, ...Object.fromEntries(Object.entries(project.entities).filter(([name]) => wanted.has(toAddress('Schema', name)) || !applied.entities[name])) },
    sources: mixed(project.sources, applied.sources, (names) => isWanted('Source', names)),
    segments: mixed(project.segments, applied.segments, (names) => isWanted('Segment', names)),
    destinations: mixed(project.destinations, applied.destinations, (names) => isWanted('Destination', names)),
  }
}

function restsOn({ segments }: Project, address: Address): readonly Address[] {
  const { kind, name } = parseAddress(address) ?? {}
  const segment = kind === 'Segment' ? segments.find((each) => each.name === name) : undefined
  if (!segment) return []
  return [...segment.readsSegments.map((each) => toAddress('Segment', each)), ...segment.activate.map((each) => toAddress('Destination', each.destination))]
}

type Spec = Source | Segment | Destination

/** The wanted ones as they are written, the others as they were applied. A renamed one goes by either name. */
function mixed<S extends Spec>(written: readonly S[], applied: Readonly<Record<string, AppliedResource<S>>>, isWanted: (names: readonly string[]) => boolean): readonly S[] {
  const taken = written.filter((each) => isWanted(namesOf(each)))
  const renamed = new Set(taken.flatMap(namesOf))
  const kept = Object.values(applied).map((each) => each.spec).filter((each) => !isWanted([each.name]) && !renamed.has(each.name))
  return [...taken, ...kept]
}

function namesOf(spec: Spec): readonly string[] {
  return [spec.name, ...('renamedFrom' in spec ? spec.renamedFrom : [])]
}
