import { Flags } from '@oclif/core'
import type { Json } from '../kernel/json.js'
import { BaseCommand } from './base-command.js'

export class Serve extends BaseCommand {
  static override summary = 'Run a sandbox day and night: take events, keep profiles and memberships up to date, deliver.'
  static override description = 'Owns the sandbox while it runs. Works from what was applied, never from the files; stops cleanly on SIGTERM and SIGINT.'
  static override examples = ['<%= config.bin %> serve', '<%= config.bin %> serve --sandbox prod --collect 0.0.0.0:8080']
  static override flags = {
    collect: Flags.string({ default: '127.0.0.1:8080', description: 'where events come in: address:port; port 0 takes a free one' }),
  }

  async run(): Promise<Json> {
    const { flags } = await this.parse(Serve)
    const composition = this.open(flags)
    const project = await this.loadProject(composition, flags)
    composition.assertSecrets(project)
    const service = await composition.serve({ folder: project.folder, sandbox: project.sandbox.name, collect: flags.collect })
    this.log(`${project.name} · sandbox ${project.sandbox.name} is served at state #${String(service.serial())}. Events: ${service.collectUrl}`)
    const signal = await stopSignal()
    this.logToStderr(`${signal}: finishing what was begun …`)
    await service.stop()
    return { signal }
  }
}

/** The second signal of the same kind finds no listener and ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { resolve(signal) })
  })
}
