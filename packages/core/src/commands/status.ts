import { readStatus } from '../daemon/read-status.js'
import type { Json } from '../kernel/json.js'
import { renderStatus } from '../render/status.js'
import { BaseCommand } from './base-command.js'

export class Status extends BaseCommand {
  static override summary = 'Health of the sandbox: last runs, sizes, what waits, what was refused.'
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --json']

  async run(): Promise<Json> {
    const { flags } = await this.parse(Status)
    const composition = this.open(flags)
    const project = await this.loadProject(composition, flags)
    return this.withSandbox(composition, project, async (store, applied) => {
      const status = await readStatus(store, applied)
      this.log(renderStatus(status, this.paint()))
      return JSON.parse(JSON.stringify(status)) as Json
    })
  }
}
