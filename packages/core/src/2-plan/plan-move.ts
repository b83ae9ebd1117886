// Another name for an applied resource. It keeps its uid, and with it its members, cursors and remote audience; whatever
// names it in the applied state follows, so that a run before the next apply finds everything.
import type { Activation, Segment } from '../1-project/project.js'
import type { EntitySchema } from '../entities/entity-schema.js'
import { type ResourceKind, toAddress } from '../kernel/address.js'
import { fail } from '../kernel/error.js'
import type { JsonObject } from '../kernel/json.js'
import type { Applied, AppliedContent, AppliedResource, Retired, Uid } from './applied.js'
import { readsOf, readsSegment } from './reads-segment.js'
import { type NumberedKind, type StatePlan, isNumbered, statePlan } from './state-plan.js'

export interface MoveRequest {
  readonly applied: Applied
  readonly kind: ResourceKind
  readonly from: string
  readonly to: string
}

/** @throws state/* when the name is taken, or what reads the resource cannot follow. */
export function planMove({ applied, kind, from, to }: MoveRequest): StatePlan {
  const [former, address] = [toAddress(kind, from), toAddress(kind, to)]
  if (!isNumbered(kind)) throw fail('state/known-by-name', { address: former })
  if (applied[collections[kind]][to] !== undefined || applied.reserved?.[address] !== undefined) throw fail('state/name-taken', { address })
  const isImported = applied[collections[kind]][from] === undefined
  return statePlan(applied, isImported ? { reserved: renamedKey(applied.reserved ?? {}, former, address) } : renamed[kind](applied, from, to))
}

const collections = { Source: 'sources', Segment: 'segments', Destination: 'destinations' } as const

const renamed: Readonly<Record<NumberedKind, (applied: Applied, from: string, to: string) => Partial<AppliedContent>>> = {
  Source: (applied, from, to) => ({
    sources: mapValues(renamedResource(applied.sources, from, to), (each) => withReference(each, from, to)),
    destinations: mapValues(applied.destinations, (each) => withReference(each, from, to)),
    entities: Object.fromEntries(Object.entries(applied.entities).map(([name, schema]) => [name, withSource(schema, from, to)])),
  }),
  Destination: (applied, from, to) => {
    const follow = (segment: AppliedResource<Segment>): AppliedResource<Segment> => ({ ...segment, spec: { ...segment.spec, activate: segment.spec.activate.map((each) => withDestination(each, from, to)) } })
    return {
      destinations: renamedResource(applied.destinations, from, to),
      segments: mapValues(applied.segments, follow),
      retired: applied.retired.map((each): Retired => ({ ...each, segment: follow(each.segment), destinations: each.destinations.map((name) => (name === from ? to : name)) })),
    }
  },
  Segment: (applied, from, to) => ({ segments: mapValues(renamedResource(applied.segments, from, to), (each) => ({ ...each, spec: followSegment(each.spec, from, to) })) }),
}

function renamedResource<Spec extends { readonly name: string }>(all: Readonly<Record<string, AppliedResource<Spec>>>, from: string, to: string): Readonly<Record<string, AppliedResource<Spec>>> {
  return Object.fromEntries(Object.entries(all).map(([name, each]) => (name === from ? [to, { ...each, spec: { ...each.spec, name: to } }] : [name, each])))
}

function renamedKey(reserved: Readonly<Record<string, Uid>>, from: string, to: string): Readonly<Record<string, Uid>> {
  return Object.fromEntries(Object.entries(reserved).map(([address, uid]) => [address === from ? to : address, uid]))
}

function mapValues<Value>(all: Readonly<Record<string, Value>>, change: (value: Value) => Value): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(all).map(([name, each]) => [name, change(each)]))
}

function withSource(schema: EntitySchema, from: string, to: string): EntitySchema {
  const { mergePolicy } = schema
  if (mergePolicy.method !== 'precedence') return schema
  return { ...schema, mergePolicy: { ...mergePolicy, sources: mergePolicy.sources.map((each) => (each === from ? to : each)) } }
}

/** Configurations name a source by its address: `crm: Source/crm`. */
function withReference<Spec extends { readonly config: JsonObject }>(each: AppliedResource<Spec>, from: string, to: string): AppliedResource<Spec> {
  const config = mapValues(each.spec.config, (value) => (value === toAddress('Source', from) ? toAddress('Source', to) : value))
  return { ...each, spec: { ...each.spec, config } }
}

function withDestination(activation: Activation, from: string, to: string): Activation {
  return activation.destination === from ? { ...activation, destination: to } : activation
}

/** A segment that reads the renamed one reads it by its new name. */
function followSegment(segment: Segment, from: string, to: string): Segment {
  if (!readsSegment(segment, from)) return segment
  const readsSegments = segment.readsSegments.map((each) => (each === from ? to : each)).sort()
  const expression = rewriteReads(segment.expression, from, to)
  const found = [...new Set(readsOf(expression)?.segments.map((each) => each.name))].sort()
  if (expression === undefined || !segment.readsSegments.includes(from) || found.join() !== readsSegments.join()) throw fail('state/cannot-follow', { reader: toAddress('Segment', segment.name), name: from })
  return { ...segment, expression, readsSegments }
}

const mostPlaces = 100

/** Place after place, because an expression tells only the first at which it reads a segment; undefined when that does not end. */
function rewriteReads(expression: string, from: string, to: string): string | undefined {
  let text = expression
  for (let place = 0; place < mostPlaces; place++) {
    const read = readsOf(text)?.segments.find((each) => each.name === from)
    if (!read) return text
    const written = text.slice(read.range.from, read.range.to)
    text = text.slice(0, read.range.from) + renamedText(written, to) + text.slice(read.range.to)
  }
  return undefined
}

/** As it was quoted: a text stays a text, and a name gets backticks where JSONata wants them. */
function renamedText(written: string, to: string): string {
  if (/^["']/.test(written)) return JSON.stringify(to)
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(to) && !/^(and|or|in|true|false|null|function)$/.test(to) ? to : `\`${to}\``
}
