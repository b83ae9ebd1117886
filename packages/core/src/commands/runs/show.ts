import { Args, Flags } from '@oclif/core'
import { findRun } from '../../daemon/read-runs.js'
import { fail } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { renderRunDetails } from '../../render/runs.js'
import { StateCommand } from '../state/state-command.js'

export class RunsShow extends StateCommand {
  static override summary = 'One run: streams, stages, segments, deliveries, errors, and the records that it put into quarantine.'
  static override examples = ['<%= config.bin %> runs show last', '<%= config.bin %> runs show 5f3c --records 100 --json']
  static override args = { run: Args.string({ default: 'last', description: 'id of the run or how it begins; "last" is the newest' }) }
  static override flags = { records: Flags.integer({ default: 10, min: 0, max: 10_000, description: 'how many records in quarantine to show' }) }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(RunsShow)
    return this.withState(flags, async ({ store, applied }) => {
      const run = await findRun(store, applied, args.run, flags.records)
      if (!run) throw fail('runs/unknown', { written: args.run })
      this.log(renderRunDetails(run, this.paint()))
      return run as unknown as Json
    })
  }
}
