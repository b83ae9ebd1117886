// What retry and skip share: the deliveries that are meant are shown and asked about before anything is done.
import { Flags } from '@oclif/core'
import { type DeliveryFilter, type SettledByHand, listOpenDeliveries } from '../../7-activation/index.js'
import { fail } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { renderDeliveries } from '../../render/deliveries.js'
import { counted } from '../../render/numbers.js'
import type { GlobalFlags } from '../base-command.js'
import type { OpenState } from '../state/state-command.js'
import { DeliveriesCommand, type WrittenFilter, filterFlags } from './deliveries-command.js'

export const settleFlags = {
  ...filterFlags,
  all: Flags.boolean({ description: 'whatever is open' }),
  'auto-approve': Flags.boolean({ char: 'y', aliases: ['yes'], description: 'do not ask' }),
}

export interface Settling {
  readonly what: 'retry' | 'skip'
  readonly ids: readonly string[]
  readonly flags: GlobalFlags & WrittenFilter & { readonly all: boolean; readonly 'auto-approve': boolean }
  /** Both are told of `3 deliveries`. */
  readonly question: (deliveries: string) => string
  readonly done: (deliveries: string) => string
}

const shown = 10

export abstract class SettleCommand extends DeliveriesCommand {
  protected settle({ what, ids, flags, question, done }: Settling, work: (open: OpenState, filter: DeliveryFilter) => Promise<SettledByHand>): Promise<Json> {
    return this.withState(flags, async (open) => {
      const { store, applied, composition } = open
      const filter = { ...this.toFilter(applied, flags, composition.clock), ...(ids.length === 0 ? {} : { ids }) }
      if (Object.keys(filter).length === 0 && !flags.all) throw fail('deliveries/none-chosen', { what })
      const found = await listOpenDeliveries(store, applied, { ...filter, limit: Math.max(shown, ids.length) })
      const unknown = ids.find((id) => !found.deliveries.some((each) => each.id === id))
      if (unknown !== undefined) throw fail('deliveries/unknown-id', { id: unknown })
      if (!flags.quiet) this.log(renderDeliveries(found, this.paint()))
      if (found.total > 0 && !flags['auto-approve']) await this.approve(found.total, `${question(named(found.total))} Only "yes" is accepted: `)
      const settled = await work(open, filter)
      this.log(done(named(settled.changed)))
      return { ...settled }
    })
  }
}

function named(count: number): string {
  return counted(count, 'delivery', 'deliveries')
}
