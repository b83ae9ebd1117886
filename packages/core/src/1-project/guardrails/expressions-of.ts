// The expressions of a resolved project, parsed; those with mistakes were told already.
import type { Expression } from '../../expressions/expression.js'
import { parseOnce } from '../../expressions/parse-once.js'
import type { Destination, Project, Segment } from '../project.js'
import type { GuardedByCore } from './guardrail.js'

export interface SegmentExpression {
  readonly segment: Segment
  readonly expression: Expression
}

export function expressionsOf(segments: readonly Segment[]): readonly SegmentExpression[] {
  return segments.flatMap((segment) => {
    const parsed = parseOnce(segment.expression)
    return parsed.ok ? [{ segment, expression: parsed.expression }] : []
  })
}

export interface Payload {
  readonly destination: Destination
  /** What makes the record of a profile: the destination's `body`, or what the connector does without one. */
  readonly expression: Expression
  /** Where it is written. */
  readonly at: { readonly address: string; readonly pointer: string }
  /** What the segments that are activated there hold; people while there are none. */
  readonly entities: ReadonlySet<Segment['entity']>
}

export function payloadsOf({ project, registry }: Pick<GuardedByCore, 'project' | 'registry'>): readonly Payload[] {
  return project.destinations.flatMap((destination) => {
    const written = destination.config['body']
    const text = typeof written === 'string' ? written : registry.find(destination.connector)?.destination?.capabilities.defaultPayload
    const parsed = text === undefined ? undefined : parseOnce(text)
    if (parsed?.ok !== true) return []
    const pointer = typeof written === 'string' ? '/config/body' : '/connector'
    return [{ destination, expression: parsed.expression, at: { address: `Destination/${destination.name}`, pointer }, entities: entitiesAt(destination, project) }]
  })
}

function entitiesAt({ name }: Destination, { segments }: Project): ReadonlySet<Segment['entity']> {
  const found = segments.flatMap((each) => (each.activate.some(({ destination }) => destination === name) ? [each.entity] : []))
  return new Set(found.length === 0 ? ['person'] : found)
}
