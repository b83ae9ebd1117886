// Which Marketo instances a project reads from and writes to. An instance is known by its Munchkin id, however it is spelled; an
// organization is what Adobe calls an IMS org. A project without Marketo has none, so that none of the rules speaks of it.
import type { BreachPlace, GuardedDestination, GuardedProject, GuardedSource, JsonObject } from '@cdpkit/core/sdk'

/** A Marketo instance as a source of an organization, in one sandbox of one project. */
export interface Feed {
  readonly instance: string
  readonly organization: string
  readonly project: GuardedProject
  readonly source: GuardedSource
}

/** The feeds of several projects, in an order that does not depend on which of them is asked. */
export function listFeeds(projects: readonly GuardedProject[]): readonly Feed[] {
  const feeds = projects.flatMap((project) => marketoSources(project).flatMap((source): readonly Feed[] => {
    const instance = findInstance(source.config)
    return instance === undefined ? [] : [{ instance, organization: project.organization, project, source }]
  }))
  return feeds.sort((a, b) => compare([a.organization, a.instance, a.project.name, a.project.sandbox.name, a.source.name], [b.organization, b.instance, b.project.name, b.project.sandbox.name, b.source.name]))
}

export function marketoSources({ sources }: GuardedProject): readonly GuardedSource[] {
  return sources.filter((each) => each.connector === 'marketo')
}

export function marketoDestinations({ destinations }: GuardedProject): readonly GuardedDestination[] {
  return destinations.filter((each) => each.connector === 'marketo')
}

/** Undefined where the id is missing or no text, which the schema of the configuration tells. */
export function findInstance({ munchkinId }: JsonObject): string | undefined {
  return typeof munchkinId === 'string' && munchkinId !== '' ? munchkinId.toUpperCase() : undefined
}

/** The first feed of each instance and organization. */
export function firstOfEachPair(feeds: readonly Feed[]): readonly Feed[] {
  return feeds.filter((each, index) => index === feeds.findIndex(({ instance, organization }) => instance === each.instance && organization === each.organization))
}

export function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort()
}

export function placeOf({ source, project }: Feed): BreachPlace {
  return { address: `Source/${source.name}`, pointer: '/config/munchkinId', project }
}

/**
 * Where people see that a feed belongs to its organization: in another project the source, in the checked one, whose sandboxes share
 * their sources, the sandbox's own word.
 */
export function relatedPlace(feed: Feed, checked: GuardedProject): { readonly text: string; readonly at: BreachPlace } {
  const { project, organization } = feed
  if (project.folder === checked.folder) return { text: `sandbox ${project.sandbox.name} belongs to ${organization}`, at: { address: `Sandbox/${project.sandbox.name}`, pointer: '/organization', project } }
  return { text: `source of ${organization} in project ${project.name}, sandbox ${project.sandbox.name}`, at: placeOf(feed) }
}

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((each, index) => each !== b[index])
  return at < 0 ? 0 : (a[at] ?? '') < (b[at] ?? '') ? -1 : 1
}
