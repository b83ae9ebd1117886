import { Args, Flags } from '@oclif/core'
import { findResourceState } from '../../daemon/read-state.js'
import { toAddress } from '../../kernel/address.js'
import { fail } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { renderResourceState } from '../../render/state.js'
import { StateCommand } from './state-command.js'

export class StateShow extends StateCommand {
  static override summary = 'One resource as it was applied, with its remote audiences.'
  static override description = 'Secrets are shown as the references that they are. cdp show tells of the same resource in the files.'
  static override examples = ['<%= config.bin %> state show Segment/hot-leads', '<%= config.bin %> state show Destination/crm --json']
  static override args = { address: Args.string({ required: true, description: 'Kind/name' }) }
  static override flags = { serial: Flags.integer({ min: 1, description: 'as a former state had it; the last 50 are kept' }) }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(StateShow)
    return this.withState(flags, async ({ store, applied }) => {
      const state = await this.atSerial(store, applied, flags.serial)
      const { kind, name } = this.addressIn(state, args.address)
      const found = await findResourceState(store, state, toAddress(kind, name))
      if (!found) throw fail('cli/unknown-address', { written: args.address, known: '' })
      this.log(renderResourceState(found, this.paint()))
      return found as unknown as Json
    })
  }
}
