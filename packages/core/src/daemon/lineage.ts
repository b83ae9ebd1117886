// What comes from where and goes where: sources → streams → entities → segments → destinations. Made from the project files or
// from the applied state; the data is not asked.
import type { Destination, Segment, Source, Stream } from '../1-project/project.js'
import type { EntityName } from '../entities/entity-schema.js'
import { parseOnce } from '../expressions/parse-once.js'
import { rootEntities } from '../expressions/root-shape.js'
import { toAddress } from '../kernel/address.js'

export interface LineageRequest {
  readonly sources: readonly Source[]
  readonly segments: readonly Segment[]
  readonly destinations: readonly Destination[]
}

export interface Lineage {
  /** From left to right, by id within each kind. Entities that nothing fills and nothing reads are left out. */
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
}

export interface LineageNode {
  /** The address of a resource, `Stream/<source>/<stream>`, or `Schema/<entity>`. */
  readonly id: string
  readonly kind: 'source' | 'stream' | 'entity' | 'segment' | 'destination'
  readonly name: string
  /** Connector of a source or destination, lane of a segment. */
  readonly detail?: string
}

export interface LineageEdge {
  readonly from: string
  readonly to: string
  readonly kind: 'has' | 'fills' | 'is read by' | 'is delivered to'
  /** What the audience is called there, when it is not the segment's name. */
  readonly label?: string
}

export function toLineage({ sources, segments, destinations }: LineageRequest): Lineage {
  const filled = new Set(sources.flatMap((each) => each.streams.map(({ entity }) => entity)))
  const edges = [...sources.flatMap(sourceEdges), ...segments.flatMap((each) => segmentEdges(each, filled))].sort(byEnds)
  const entities = new Set(edges.flatMap(({ from, to }) => [from, to]).filter((each) => each.startsWith('Schema/')))
  const nodes: readonly LineageNode[] = [
    ...sources.map(({ name, connector }) => ({ id: toAddress('Source', name), kind: 'source' as const, name, detail: connector })),
    ...sources.flatMap((source) => source.streams.map((stream) => ({ id: streamId(source, stream), kind: 'stream' as const, name: stream.name }))),
    ...[...entities].map((id) => ({ id, kind: 'entity' as const, name: id.slice('Schema/'.length) })),
    ...segments.map(({ name, lane }) => ({ id: toAddress('Segment', name), kind: 'segment' as const, name, detail: lane })),
    ...destinations.map(({ name, connector }) => ({ id: toAddress('Destination', name), kind: 'destination' as const, name, detail: connector })),
  ]
  return { nodes: [...nodes].sort(byKind), edges }
}

/** Only what leads to one of the nodes and what it leads to. */
export function aroundNode({ nodes, edges }: Lineage, id: string): Lineage {
  const near = new Set([...reachable(id, edges, 'from', 'to'), ...reachable(id, edges, 'to', 'from')])
  return { nodes: nodes.filter((each) => near.has(each.id)), edges: edges.filter((each) => near.has(each.from) && near.has(each.to)) }
}

function reachable(start: string, edges: readonly LineageEdge[], from: 'from' | 'to', to: 'from' | 'to'): ReadonlySet<string> {
  const found = new Set([start])
  for (const id of found) for (const edge of edges) if (edge[from] === id) found.add(edge[to])
  return found
}

function streamId(source: Source, stream: Stream): string {
  return `Stream/${source.name}/${stream.name}`
}

function sourceEdges(source: Source): readonly LineageEdge[] {
  return source.streams.flatMap((stream): readonly LineageEdge[] => [
    { from: toAddress('Source', source.name), to: streamId(source, stream), kind: 'has' },
    { from: streamId(source, stream), to: toAddress('Schema', stream.entity), kind: 'fills' },
  ])
}

function segmentEdges(segment: Segment, filled: ReadonlySet<EntityName>): readonly LineageEdge[] {
  const self = toAddress('Segment', segment.name)
  return [
    ...readEntities(segment, filled).map((entity) => ({ from: toAddress('Schema', entity), to: self, kind: 'is read by' as const })),
    ...segment.readsSegments.map((name) => ({ from: toAddress('Segment', name), to: self, kind: 'is read by' as const })),
    ...segment.activate.map(({ destination, list }) => ({ from: self, to: toAddress('Destination', destination), kind: 'is delivered to' as const, ...(list === segment.name ? {} : { label: list }) })),
  ]
}

/** Whom it holds, and what the expression sees; what only ties that to the profile where something fills it. */
function readEntities({ entity, expression }: Segment, filled: ReadonlySet<EntityName>): readonly EntityName[] {
  const parsed = parseOnce(expression)
  const known = rootEntities[entity]
  const roots = parsed.ok ? parsed.expression.reads.roots.map((each) => each.name) : []
  const read = (roots.includes('*') ? Object.keys(known) : roots).flatMap((root) => {
    const entities = known[root] ?? []
    return entities.filter((each, index) => index === entities.length - 1 || filled.has(each))
  })
  return [...new Set([entity, ...read])]
}

const kindOrder: readonly LineageNode['kind'][] = ['source', 'stream', 'entity', 'segment', 'destination']

function byKind(a: LineageNode, b: LineageNode): number {
  return kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || compare(a.id, b.id)
}

const edgeOrder: readonly LineageEdge['kind'][] = ['has', 'fills', 'is read by', 'is delivered to']

function byEnds(a: LineageEdge, b: LineageEdge): number {
  return edgeOrder.indexOf(a.kind) - edgeOrder.indexOf(b.kind) || compare(a.from, b.from) || compare(a.to, b.to)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
