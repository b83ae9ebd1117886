import { Flags } from '@oclif/core'
import { readRuns } from '../../daemon/read-runs.js'
import type { Json } from '../../kernel/json.js'
import { renderRuns } from '../../render/runs.js'
import { toSince } from '../since.js'
import { StateCommand } from '../state/state-command.js'

export class RunsList extends StateCommand {
  static override summary = 'The history of runs, newest first: what each read, moved and delivered, and how long it took.'
  static override examples = ['<%= config.bin %> runs list', '<%= config.bin %> runs list --status failed --since 3d']
  static override flags = {
    status: Flags.option({ options: ['running', 'done', 'undelivered', 'failed', 'interrupted'] as const, description: 'only runs that ended so' })(),
    since: Flags.string({ description: 'only runs that started since then: 2026-11-23, or 30m, 6h, 3d ago' }),
    limit: Flags.integer({ default: 20, min: 1, max: 10_000, description: 'how many to show' }),
  }

  async run(): Promise<Json> {
    const { flags } = await this.parse(RunsList)
    return this.withState(flags, async ({ store, composition }) => {
      const { status, since, limit } = flags
      const runs = await readRuns(store, { limit, ...(status === undefined ? {} : { status }), ...(since === undefined ? {} : { since: toSince(since, composition.clock) }) })
      this.log(renderRuns(runs, this.paint()))
      return { runs } as unknown as Json
    })
  }
}
