import { Flags } from '@oclif/core'
import type { Json } from '../../kernel/json.js'
import { renderCheck, renderConformanceSummary } from '../../render/conformance.js'
import { PluginCommand, pluginArgs } from './plugin-command.js'

export class PluginsTest extends PluginCommand {
  static override summary = 'Run the conformance kit on the connectors of a plugin.'
  static override description = 'The plugin tells how to reach a test system: the file that cdpkit.conformance of its package.json names exports `conformance`, a setup per connector (see docs/guide/write-a-plugin.md). Without it only what connectors declare is looked at.'
  static override examples = ['<%= config.bin %> plugins test .', '<%= config.bin %> plugins test @acme/plugin-crm --only source/', '<%= config.bin %> plugins test . --json']
  static override args = pluginArgs
  static override flags = { only: Flags.string({ description: 'only checks whose name has this text: source/, destination/repeat', default: '' }) }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(PluginsTest)
    const { loaded: { plugin, file }, connector } = await this.findPlugin(flags, args.what)
    const { loadConformanceSetups, runConformance } = await import('../../testing/conformance/index.js')
    const setups = file === undefined ? {} : await loadConformanceSetups(plugin.name, file)
    const paint = this.paint()
    const reports = []
    for (const each of plugin.connectors.filter(({ name }) => connector === undefined || name === connector)) {
      this.log(each.name)
      reports.push(await runConformance(each, setups[each.name], { only: flags.only, onCheck: (report) => { this.log(renderCheck(report, paint)) } }))
    }
    this.log(`\n${renderConformanceSummary(reports)}`)
    process.exitCode = reports.some(({ checks }) => checks.some(({ outcome }) => outcome.is === 'failed')) ? 1 : 0
    return { formatVersion: 1, plugin: plugin.name, connectors: reports } as unknown as Json
  }
}
