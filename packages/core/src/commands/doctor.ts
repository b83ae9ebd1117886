import type { Json } from '../kernel/json.js'
import { BaseCommand } from './base-command.js'

export class Doctor extends BaseCommand {
  static override summary = 'Check this machine and what the project needs from it: Node, plugins, secrets, the sandbox, sources and destinations.'

  async run(): Promise<Json> {
    const { flags } = await this.parse(Doctor)
    const composition = this.open(flags)
    const findings = await composition.examine({ sandbox: flags.sandbox, configFile: flags.config })
    const paint = this.paint()
    for (const each of findings) {
      this.log(`${each.ok ? paint.green('✓') : paint.red('✗')} ${each.what}${each.detail === '' ? '' : `: ${each.detail}`}`)
      if (!each.ok && each.help !== '') this.log(`  ${each.help}`)
    }
    process.exitCode = findings.every((each) => each.ok) ? 0 : 1
    return findings as unknown as Json
  }
}
