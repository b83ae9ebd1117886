import { retryDeliveries } from '../../7-activation/index.js'
import type { Json } from '../../kernel/json.js'
import { SettleCommand, settleFlags } from './settle-command.js'

export class DeliveriesRetry extends SettleCommand {
  static override strict = false
  static override summary = 'Try deliveries again now, those that were given up too.'
  static override description = 'Whoever was given up has three days again. The daemon sends them at once; without one, cdp run does. What a hold keeps back goes with cdp run --release.'
  static override examples = ['<%= config.bin %> deliveries retry 3-2-17', '<%= config.bin %> deliveries retry --destination marketo-eu --status dead --yes']
  static override flags = settleFlags

  async run(): Promise<Json> {
    const { argv, flags } = await this.parse(DeliveriesRetry)
    return this.settle({ what: 'retry', ids: argv.map(String), flags, question: (deliveries) => `Try ${deliveries} again?`, done: (deliveries) => `${deliveries} to be tried again now.` }, ({ store, applied, composition }, filter) => retryDeliveries(store, applied, filter, composition.clock))
  }
}
