import { skipDeliveries } from '../../7-activation/index.js'
import type { Json } from '../../kernel/json.js'
import { SettleCommand, settleFlags } from './settle-command.js'

export class DeliveriesSkip extends SettleCommand {
  static override strict = false
  static override summary = 'Give deliveries up: nothing more is sent of them until the membership changes again.'
  static override description = 'Who is skipped on the way in stays out, who is skipped on the way out stays at the destination. cdp deliveries retry --status skipped takes it back. Removals of people who no longer consent are not given up.'
  static override examples = ['<%= config.bin %> deliveries skip 3-2-17', '<%= config.bin %> deliveries skip --destination marketo-eu --status dead --yes']
  static override flags = settleFlags

  async run(): Promise<Json> {
    const { argv, flags } = await this.parse(DeliveriesSkip)
    return this.settle({ what: 'skip', ids: argv.map(String), flags, question: (deliveries) => `Give ${deliveries} up?`, done: (deliveries) => `${deliveries} given up.` }, ({ store, applied }, filter) => skipDeliveries(store, applied, filter))
  }
}
