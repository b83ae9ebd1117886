import { Flags } from '@oclif/core'
import { emptyApplied } from '../../2-plan/index.js'
import { type StateListing, readState } from '../../daemon/read-state.js'
import type { Json } from '../../kernel/json.js'
import { renderState } from '../../render/state.js'
import { StateCommand } from './state-command.js'

export class StateList extends StateCommand {
  static override summary = 'What is applied: every resource with its uid and the state that first had it.'
  static override description = 'Runs work from the applied state, never from the files. The uid is what a resource keeps for life: its members, cursors and remote audiences belong to it.'
  static override examples = ['<%= config.bin %> state list', '<%= config.bin %> state list --serial 12 --json']
  static override flags = { serial: Flags.integer({ min: 1, description: 'a former state instead of the newest; the last 50 are kept' }) }

  async run(): Promise<Json> {
    const { flags } = await this.parse(StateList)
    const composition = this.open(flags)
    const place = await this.findSandbox(composition, flags)
    const { name } = place.sandbox
    const listing = composition.hasSandbox(place.folder, name)
      ? await this.withState(flags, async ({ store, applied }) => readState(store, await this.atSerial(store, applied, flags.serial), name))
      : nothing(name)
    this.log(renderState(listing, this.paint()))
    return listing as unknown as Json
  }
}

function nothing(sandbox: string): StateListing {
  const { project, serial } = emptyApplied()
  return { project, sandbox, serial, resources: [] }
}
