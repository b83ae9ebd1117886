import type { Json } from '../../kernel/json.js'
import { renderPlugin } from '../../render/plugins.js'
import { PluginCommand, pluginArgs } from './plugin-command.js'

export class PluginsInfo extends PluginCommand {
  static override summary = 'A plugin or a connector: its configuration, what it can do, its limits, streams with their mapping, guardrails.'
  static override examples = ['<%= config.bin %> plugins info marketo', '<%= config.bin %> plugins info @cdpkit/plugin-crm', '<%= config.bin %> plugins info ./dist/index.js --json']
  static override args = pluginArgs

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(PluginsInfo)
    const { plugin, connectors } = await this.findMeant(flags, args.what)
    this.log(renderPlugin(plugin, connectors, this.paint()))
    return { ...plugin, connectors } as unknown as Json
  }
}
