// Which labelled fields come to an activation, and by which way: read by the segment, by one that it reads, made part of what the
// destination is sent, or sent as an identity.
import { labelsOf } from '../../entities/governance.js'
import { type FieldRead, findFieldsRead } from '../../expressions/fields-read.js'
import type { PlacedAddress } from '../../kernel/address.js'
import type { ConnectorRegistry } from '../../plugins/registry.js'
import { type Payload, expressionsOf, payloadsOf } from '../guardrails/expressions-of.js'
import type { Destination, Project, Segment } from '../project.js'

export interface FieldUse {
  readonly entity: string
  readonly field: string
  readonly labels: readonly string[]
  /** Between the field and the destination: `Segment/base`, `Segment/partners`, or `body of Destination/ads`. */
  readonly way: readonly string[]
  /** Where it is read. */
  readonly at: { readonly address: PlacedAddress; readonly pointer: string; readonly range?: FieldRead['range'] }
}

export class FieldUses {
  readonly #ofSegments: ReadonlyMap<string, readonly FieldUse[]>
  readonly #payloads: ReadonlyMap<string, Payload>

  constructor(private readonly project: Project, private readonly registry: ConnectorRegistry) {
    this.#ofSegments = new Map(expressionsOf(project.segments).map(({ segment, expression }) => {
      const address = `Segment/${segment.name}` as const
      const fields = findFieldsRead({ reads: expression.reads, entities: project.entities, entity: segment.entity, as: 'condition' })
      return [segment.name, this.labelled(fields, [address], { address, pointer: '/expression' })]
    }))
    this.#payloads = new Map(payloadsOf({ project, registry }).map((each) => [each.destination.name, each]))
  }

  /** Everything labelled that tells something of a profile to a destination of its segment. */
  of(segment: Segment, destination: Destination): readonly FieldUse[] {
    return [...this.ofSegment(segment.name), ...this.ofPayload(segment, destination), ...this.ofIdentities(segment, destination)]
  }

  private ofSegment(name: string, through: readonly string[] = [], seen: ReadonlySet<string> = new Set()): readonly FieldUse[] {
    const segment = this.project.segments.find((each) => each.name === name)
    if (!segment || seen.has(name)) return []
    const own = (this.#ofSegments.get(name) ?? []).map((each) => ({ ...each, way: [...each.way, ...through] }))
    return [...own, ...segment.readsSegments.flatMap((each) => this.ofSegment(each, [`Segment/${name}`, ...through], new Set([...seen, name])))]
  }

  private ofPayload({ name: segment, entity }: Segment, { name }: Destination): readonly FieldUse[] {
    const payload = this.#payloads.get(name)
    if (!payload) return []
    const { expression, at } = payload
    const fields = findFieldsRead({ reads: expression.reads, entities: this.project.entities, entity, as: 'payload' })
    return this.labelled(fields, [`Segment/${segment}`, `body of Destination/${name}`], { address: `Destination/${name}`, pointer: at.pointer })
  }

  private ofIdentities({ name: segment, entity }: Segment, { name, connector }: Destination): readonly FieldUse[] {
    if (entity !== 'person') return []
    const manifest = this.registry.find(connector)?.destination
    const sent = manifest?.governance?.identities ?? manifest?.capabilities.identities ?? []
    const fields = sent.map((each) => ({ entity: 'person', field: each === 'b2b_person' ? 'personKey' : each }))
    return this.labelled(fields, [`Segment/${segment}`, `identities of Destination/${name}`], { address: `Destination/${name}`, pointer: '/connector' })
  }

  private labelled(fields: readonly (Pick<FieldRead, 'entity' | 'field'> & { readonly range?: FieldRead['range'] })[], way: readonly string[], at: Omit<FieldUse['at'], 'range'>): readonly FieldUse[] {
    const inOrder = [...fields].sort((a, b) => (a.range?.from ?? 0) - (b.range?.from ?? 0))
    return inOrder.flatMap(({ entity, field, range }) => {
      const labels = labelsOf(this.project.entities, { entity, field })
      return labels.length === 0 ? [] : [{ entity, field, labels, way, at: { ...at, ...(range ? { range } : {}) } }]
    })
  }
}
