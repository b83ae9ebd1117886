// An applied resource forgotten: the state no longer knows it, and nothing at the other side is touched or told.
import { type ResourceKind, toAddress } from '../kernel/address.js'
import { fail } from '../kernel/error.js'
import type { Applied, AppliedContent, Retired } from './applied.js'
import { readsSegment } from './reads-segment.js'
import { type NumberedKind, type StatePlan, isNumbered, protection, statePlan } from './state-plan.js'

export interface ForgetRequest {
  readonly applied: Applied
  readonly kind: ResourceKind
  readonly name: string
}

/** @throws state/is-read when another applied segment reads it: that one would lose its members. */
export function planForget({ applied, kind, name }: ForgetRequest): StatePlan {
  const address = toAddress(kind, name)
  if (!isNumbered(kind)) throw fail('state/known-by-name', { address })
  const next = { ...forgotten[kind](applied, name), reserved: without(applied.reserved ?? {}, address) }
  return statePlan(applied, next, protection(applied, { kind, name }))
}

const forgotten: Readonly<Record<NumberedKind, (applied: Applied, name: string) => Partial<AppliedContent>>> = {
  Source: (applied, name) => ({ sources: without(applied.sources, name) }),
  Destination: (applied, name) => ({
    destinations: without(applied.destinations, name),
    segments: Object.fromEntries(Object.entries(applied.segments).map(([key, each]) => [key, { ...each, spec: { ...each.spec, activate: each.spec.activate.filter(({ destination }) => destination !== name) } }])),
    retired: stillLeaving(applied.retired.map((each) => ({ ...each, destinations: each.destinations.filter((destination) => destination !== name) }))),
  }),
  Segment: (applied, name) => {
    const readers = Object.values(applied.segments).filter(({ spec }) => spec.name !== name && readsSegment(spec, name)).map(({ spec }) => toAddress('Segment', spec.name))
    if (readers.length > 0) throw fail('state/is-read', { address: toAddress('Segment', name), readers: readers.join(', ') })
    return { segments: without(applied.segments, name), retired: applied.retired.filter((each) => each.segment.spec.name !== name) }
  },
}

function stillLeaving(retired: readonly Retired[]): readonly Retired[] {
  return retired.filter((each) => each.segmentRemoved || each.destinations.length > 0)
}

function without<Value>(all: Readonly<Record<string, Value>>, name: string): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(all).filter(([each]) => each !== name))
}
