import { Args, Flags } from '@oclif/core'
import { planForget } from '../../2-plan/index.js'
import { applyPlan } from '../../3-apply/index.js'
import { forgetResource } from '../../daemon/forget-resource.js'
import { type ResourceState, findResourceState } from '../../daemon/read-state.js'
import { toAddress } from '../../kernel/address.js'
import type { Json } from '../../kernel/json.js'
import { renderForgotten } from '../../render/state.js'
import { StateCommand } from './state-command.js'

export class StateRm extends StateCommand {
  static override summary = 'Forget a resource: cdp no longer knows it, and nothing at the other side is touched.'
  static override description = [
    'Unlike a removal in the files, which cdp apply and cdp run carry to the destinations: there everybody leaves the audience in order. Here nobody is taken out and nothing is sent; the audience stays as it is and is somebody else’s from now on.',
    'Of a segment its members, their log and what is known of its audiences go. Of a destination its audiences go, and the segments are no longer delivered there. Of a source the cursors and records go with the next cdp run, as after a removal in the files.',
    'As long as the files have the resource, the next plan makes it anew. What is protected, or in a protected sandbox, is not forgotten.',
  ].join('\n')
  static override examples = ['<%= config.bin %> state rm Segment/hot-leads', '<%= config.bin %> state rm Destination/old-crm --auto-approve']
  static override args = { address: Args.string({ required: true, description: 'Kind/name in the applied state' }) }
  static override flags = { 'auto-approve': Flags.boolean({ char: 'y', description: 'do not ask' }) }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(StateRm)
    return this.withState(flags, async ({ store, applied, composition, place }) => {
      const { kind, name } = this.addressIn(applied, args.address)
      const address = toAddress(kind, name)
      const plan = planForget({ applied, kind, name })
      const forgotten = await findResourceState(store, applied, address)
      if (forgotten && !flags.quiet) for (const line of renderForgotten(forgotten, this.paint())) this.log(line)
      if (plan.blocks.length === 0 && !flags['auto-approve']) await this.approve(1, `Forget ${address}? Only "yes" is accepted: `)
      const { serial } = await applyPlan({ plan, store, clock: composition.clock, folder: place.folder, alongside: (tx) => forgetResource(tx, applied, { kind, name }) })
      this.log(`${address} is forgotten from state #${String(serial)} on. Nothing was sent.`)
      return { serial, forgotten: address, ...left(forgotten) }
    })
  }
}

function left(forgotten: ResourceState | undefined): { readonly audiencesLeft: Json } {
  return { audiencesLeft: (forgotten?.audiences ?? []) as unknown as Json }
}
