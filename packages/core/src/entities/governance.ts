// Data-usage labels, what destinations are used for, and the policies that tie the two (Adobe: labels glossary, policies overview).
import type { EntityName, EntitySchema } from './entity-schema.js'

/** The marketing actions that Adobe defines. */
export const marketingActions = [
  'analytics', 'combineWithPii', 'crossSiteTargeting', 'dataScience', 'emailTargeting', 'exportToThirdParty', 'onsiteAds', 'onsitePersonalization', 'segmentMatch', 'singleIdentityPersonalization',
] as const
export type MarketingAction = (typeof marketingActions)[number]

/** Whose system a destination is: ours, run by us or for us, or somebody else's. */
export type Party = 'first' | 'third'

/** Contract labels, identity labels, sensitive labels, and a project's own ones. */
export const labelPattern = '^(C([1-9]|1[0-2])|I[12]|S[12]|PSPD|RHD|x-[A-Za-z0-9][A-Za-z0-9._-]*)$'

/** A label, or several of which all or any must be there. */
export type LabelExpression = string | { readonly all: readonly LabelExpression[] } | { readonly any: readonly LabelExpression[] }

export interface Policy {
  readonly name: string
  readonly description: string
  /** Any of them is forbidden with data that `deny` holds for; every activation is when absent. */
  readonly marketingActions?: readonly MarketingAction[]
  readonly deny: LabelExpression
  readonly enabled: boolean
}

/** The labels that make the expression true, as few as decide; undefined when it is not. */
export function findDenied(deny: LabelExpression, labels: ReadonlySet<string>): readonly string[] | undefined {
  if (typeof deny === 'string') return labels.has(deny) ? [deny] : undefined
  if ('any' in deny) {
    for (const each of deny.any) {
      const found = findDenied(each, labels)
      if (found) return found
    }
    return undefined
  }
  const found = deny.all.map((each) => findDenied(each, labels))
  return found.every((each) => each !== undefined) ? [...new Set(found.flat())] : undefined
}

/** @example renderDeny({ all: ['C4', { any: ['I1', 'I2'] }] }) // 'C4 and (I1 or I2)' */
export function renderDeny(deny: LabelExpression): string {
  if (typeof deny === 'string') return deny
  const [word, parts] = 'all' in deny ? ([' and ', deny.all] as const) : ([' or ', deny.any] as const)
  return parts.map((each) => (typeof each === 'string' || parts.length === 1 ? renderDeny(each) : `(${renderDeny(each)})`)).join(word)
}

export function labelsIn(deny: LabelExpression): readonly string[] {
  if (typeof deny === 'string') return [deny]
  return ('all' in deny ? deny.all : deny.any).flatMap(labelsIn)
}

/** Why a policy holds for a destination: those of its actions that the policy names, none when it forbids every activation. Undefined when it does not hold. */
export function findForbidden({ enabled, marketingActions: forbidden }: Policy, actions: readonly MarketingAction[]): readonly MarketingAction[] | undefined {
  if (!enabled) return undefined
  if (!forbidden) return []
  const both = actions.filter((each) => forbidden.includes(each))
  return both.length === 0 ? undefined : both
}

/** Labels of a field of an entity. A person's own source key is no field of the schema, and identifies the person indirectly. */
export function labelsOf(entities: Readonly<Record<EntityName, EntitySchema>>, { entity, field }: { readonly entity: EntityName; readonly field: string }): readonly string[] {
  const known = entities[entity]?.fields[field]
  if (known) return known.labels ?? []
  return entity === 'person' && field === 'personKey' ? ['I2'] : []
}
