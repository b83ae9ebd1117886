import { Flags } from '@oclif/core'
import { listOpenDeliveries } from '../../7-activation/index.js'
import type { Json } from '../../kernel/json.js'
import { renderDeliveries } from '../../render/deliveries.js'
import { DeliveriesCommand, filterFlags } from './deliveries-command.js'

export class DeliveriesList extends DeliveriesCommand {
  static override summary = 'What is not delivered yet: counts, then one line per record with its reason.'
  static override description = 'waiting: not tried yet · retry: tried, and tried again later · sending: on its way · dead: refused, or tried for three days · unmatched: the destination does not know the person · held: the segment is held · skipped: given up by hand.'
  static override examples = ['<%= config.bin %> deliveries list', '<%= config.bin %> deliveries list --destination marketo-eu --status dead', '<%= config.bin %> deliveries list --since 6h --json']
  static override flags = { ...filterFlags, limit: Flags.integer({ default: 20, min: 0, max: 10_000, description: 'how many records to show; the counts are of all' }) }

  async run(): Promise<Json> {
    const { flags } = await this.parse(DeliveriesList)
    return this.withState(flags, async ({ store, applied, composition }) => {
      const found = await listOpenDeliveries(store, applied, { ...this.toFilter(applied, flags, composition.clock), limit: flags.limit })
      this.log(renderDeliveries(found, this.paint()))
      return found as unknown as Json
    })
  }
}
