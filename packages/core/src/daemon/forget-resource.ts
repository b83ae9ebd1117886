// What goes with a resource that is forgotten by hand, in the transaction that changes the state: a segment's members and log,
// what is known of its audiences, a destination's audiences. A source's records leave with the next run, as after an apply.
import type { Applied, Uid } from '../2-plan/applied.js'
import { forgetSegment } from '../6-segments/index.js'
import { forgetAudiences } from '../7-activation/index.js'
import type { ResourceKind } from '../kernel/address.js'
import type { Connection } from '../stores/store.js'

export async function forgetResource(tx: Connection, applied: Applied, { kind, name }: { readonly kind: ResourceKind; readonly name: string }): Promise<void> {
  const reserved = applied.reserved?.[`${kind}/${name}`]
  if (kind === 'Segment') {
    const removed = applied.retired.map((each) => each.segment).filter((each) => each.spec.name === name)
    const segments = [...(applied.segments[name] ? [applied.segments[name]] : []), ...removed]
    for (const segment of segments) await forgetSegment(tx, segment)
    for (const uid of [...segments.map((each) => each.uid), ...listed(reserved)]) await forgetAudiences(tx, { segment: uid })
  }
  if (kind === 'Destination') for (const uid of [...listed(applied.destinations[name]?.uid), ...listed(reserved)]) await forgetAudiences(tx, { destination: uid })
}

function listed(uid: Uid | undefined): readonly Uid[] {
  return uid === undefined ? [] : [uid]
}
