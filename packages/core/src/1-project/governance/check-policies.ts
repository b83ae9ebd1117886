// The enabled policies against every activation: a label that a policy denies, on a field that the segment reads or the destination is
// sent, is a mistake, told with the way that the data takes from its source to the destination.
import { type Policy, findDenied, findForbidden, labelsIn, renderDeny } from '../../entities/governance.js'
import type { PlacedAddress } from '../../kernel/address.js'
import type { Diagnostic, DiagnosticLog } from '../../kernel/diagnostic.js'
import type { Span } from '../../kernel/span.js'
import { suggestion } from '../../kernel/suggest.js'
import type { ConnectorRegistry } from '../../plugins/registry.js'
import type { Destination, Project, Segment } from '../project.js'
import type { ResolvedProject } from '../resolve.js'
import { type FieldUse, FieldUses } from './field-uses.js'

export interface PolicyCheck {
  readonly resolved: ResolvedProject
  readonly registry: ConnectorRegistry
  readonly log: DiagnosticLog
}

export function checkPolicies({ resolved, registry, log }: PolicyCheck): void {
  const { project } = resolved
  reportUnusedLabels(project, log)
  if (!project.policies.some((each) => each.enabled)) return
  const uses = new FieldUses(project, registry)
  for (const segment of project.segments) {
    for (const [index, { destination: name }] of segment.activate.entries()) {
      const destination = project.destinations.find((each) => each.name === name)
      if (destination) checkActivation({ segment, index, destination, uses: uses.of(segment, destination) }, resolved, log)
    }
  }
}

interface Checked {
  readonly segment: Segment
  /** Of the activation in its segment. */
  readonly index: number
  readonly destination: Destination
  readonly uses: readonly FieldUse[]
}

// Labels count together when they come to one activation; what another segment brings to the same destination does not.
function checkActivation({ segment, index, destination, uses }: Checked, resolved: ResolvedProject, log: DiagnosticLog): void {
  const labels = new Set(uses.flatMap((each) => each.labels))
  for (const policy of resolved.project.policies) {
    const actions = findForbidden(policy, destination.marketingActions)
    const denied = actions && findDenied(policy.deny, labels)
    if (!denied) continue
    const found = denied.flatMap((label) => uses.find((each) => each.labels.includes(label)) ?? [])
    const others = uses.filter((each) => each.labels.some((label) => denied.includes(label)) && !found.some((one) => isSameField(one, each)))
    log.report('governance/policy-violated', {
      policy: policy.name, denied: renderDeny(policy.deny), actions: actions.length === 0 ? 'every activation' : actions.join(', '), destination: destination.name,
      lineage: [...new Set(found.map((each) => renderWay(each, destination, resolved.project)))].join('\n'), others: [...new Set(others.map((each) => `${each.entity}.${each.field}`))].join(', '),
    }, placeOf(resolved.project, `Segment/${segment.name}`, `/activate/${String(index)}/destination`), relatedOf({ policy, destination, found }, resolved))
  }
}

function isSameField(a: FieldUse, b: FieldUse): boolean {
  return a.entity === b.entity && a.field === b.field
}

/** `crm/contacts → person.nps [C2] → Segment/partners → Destination/ads` */
function renderWay({ entity, field, labels, way }: FieldUse, destination: Destination, project: Project): string {
  const streams = streamsOf(entity, field, project)
  return [...(streams === '' ? [] : [streams]), `${entity}.${field} [${labels.join(', ')}]`, ...way, ...(way.at(-1)?.endsWith(`Destination/${destination.name}`) === true ? [] : [`Destination/${destination.name}`])].join(' → ')
}

/** The streams that fill a field; a key is of every stream of its entity. */
function streamsOf(entity: string, field: string, { sources, entities }: Project): string {
  const isKey = !entities[entity]?.fields[field]
  const found = sources.flatMap((source) => source.streams.filter((each) => each.entity === entity && (isKey || Object.hasOwn(each.map, field))).map((each) => `${source.name}/${each.name}`))
  return found.length > 3 ? `${found.slice(0, 3).join(', ')} and ${String(found.length - 3)} more` : found.join(', ')
}

interface Violation {
  readonly policy: Policy
  readonly destination: Destination
  readonly found: readonly FieldUse[]
}

function relatedOf({ policy, destination, found }: Violation, { project, placeInText }: ResolvedProject): NonNullable<Diagnostic['related']> {
  const places = found.flatMap(({ entity, field, labels, at }) => {
    const isWritten = placeOf(project, at.address, at.pointer) !== undefined
    const read = isWritten && at.range ? placeInText(at.address, at.pointer, at.range) : placeOf(project, at.address, at.pointer)
    const labelled = placeOf(project, `Schema/${entity}`, `/fields/${field}/labels`)
    return [
      ...(read ? [{ text: `${entity}.${field} is ${at.pointer === '/expression' ? 'read' : 'sent'} here`, at: read }] : []),
      ...(labelled ? [{ text: `${entity}.${field} is labelled ${labels.join(', ')} here`, at: labelled }] : []),
    ]
  })
  return [...new Map(places.map((each) => [JSON.stringify(each), each])).values(), ...placeOfUsage(destination, project), ...placeOfPolicy(policy, project)]
}

function placeOfUsage({ name }: Destination, project: Project): NonNullable<Diagnostic['related']> {
  const at = placeOf(project, `Destination/${name}`, '/marketingActions') ?? placeOf(project, `Destination/${name}`, '/party')
  return at ? [{ text: 'what the destination is for', at }] : []
}

function placeOfPolicy({ name }: Policy, project: Project): NonNullable<Diagnostic['related']> {
  const own = placeOf(project, `Policy/${name}`, '/deny')
  const enabled = placeOf(project, `Project/${project.name}`, '/governance/enable')
  return own ? [{ text: 'the policy', at: own }] : enabled ? [{ text: 'the policy is enabled here', at: enabled }] : []
}

/** A label of the project's own that no field has: the policy holds for nothing. */
function reportUnusedLabels(project: Project, log: DiagnosticLog): void {
  const known = new Set(Object.values(project.entities).flatMap(({ fields }) => Object.values(fields).flatMap((each) => each.labels ?? [])))
  const own = [...known].filter((each) => each.startsWith('x-'))
  for (const { name, deny } of project.policies) {
    for (const label of new Set(labelsIn(deny))) {
      if (label.startsWith('x-') && !known.has(label)) log.report('governance/unused-label', { policy: name, label, suggestion: suggestion(label, own) }, placeOf(project, `Policy/${name}`, '/deny'))
    }
  }
}

function placeOf({ places }: Project, address: PlacedAddress, pointer: string): Span | undefined {
  return places[address]?.fields[pointer]
}
