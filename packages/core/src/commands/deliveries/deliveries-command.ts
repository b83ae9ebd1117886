// What the commands on deliveries share: which of them are meant.
import { Flags } from '@oclif/core'
import type { Applied } from '../../2-plan/applied.js'
import type { DeliveryFilter } from '../../7-activation/index.js'
import { type DeliveryStatus, deliveryStatuses } from '../../7-activation/delivery.js'
import type { Clock } from '../../kernel/clock.js'
import { fail } from '../../kernel/error.js'
import { toSince } from '../since.js'
import { StateCommand } from '../state/state-command.js'

export const filterFlags = {
  destination: Flags.string({ description: 'only to this destination' }),
  segment: Flags.string({ description: 'only of this segment' }),
  status: Flags.option({ options: deliveryStatuses, description: 'only in this state' })(),
  code: Flags.string({ description: 'only those whose last try ended with this code' }),
  since: Flags.string({ description: 'only what waits since then: 2026-11-23, or 30m, 6h, 3d ago' }),
}

export interface WrittenFilter {
  readonly destination?: string | undefined
  readonly segment?: string | undefined
  readonly status?: DeliveryStatus | undefined
  readonly code?: string | undefined
  readonly since?: string | undefined
}

export abstract class DeliveriesCommand extends StateCommand {
  protected toFilter(applied: Applied, { destination, segment, status, code, since }: WrittenFilter, clock: Clock): DeliveryFilter {
    const retired = applied.retired.map((each) => each.segment.spec.name)
    return {
      ...(destination === undefined ? {} : { destination: known(destination, 'Destination', Object.keys(applied.destinations)) }),
      ...(segment === undefined ? {} : { segment: known(segment, 'Segment', [...Object.keys(applied.segments), ...retired]) }),
      ...(status === undefined ? {} : { status }),
      ...(code === undefined ? {} : { code }),
      ...(since === undefined ? {} : { since: toSince(since, clock) }),
    }
  }
}

/** Taken with its kind or without. */
function known(written: string, kind: string, names: readonly string[]): string {
  const name = written.replace(new RegExp(`^${kind}/`, 'i'), '')
  if (!names.includes(name)) throw fail('cli/unknown-address', { written, known: names.map((each) => `${kind}/${each}`).join(', ') })
  return name
}
