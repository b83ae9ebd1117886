import { describe } from '../../kernel/diagnostic.js'
import type { Json } from '../../kernel/json.js'
import { describePlugin, findDoubles } from '../../plugins/describe-plugin.js'
import { renderDiagnostics } from '../../render/diagnostics.js'
import { renderPluginList } from '../../render/plugins.js'
import { fromHere, problemsExit } from '../base-command.js'
import { PluginCommand } from './plugin-command.js'

export class PluginsList extends PluginCommand {
  static override summary = 'The plugins of the project and what is built in: versions, connectors and what they can do, and what could not be loaded.'
  static override examples = ['<%= config.bin %> plugins list', '<%= config.bin %> plugins list --json']

  async run(): Promise<Json> {
    const { flags } = await this.parse(PluginsList)
    const found = await this.open(flags).loadProjectPlugins({ configFile: flags.config })
    const plugins = found.plugins.map((each) => describePlugin(each, found.folder))
    const doubles = findDoubles(found.plugins)
    const remarks = [
      ...doubles.map(({ connector, plugins: names }) => `! connector ${connector} is brought by ${names.join(' and ')}: the last one is used`),
      ...(found.hasProject ? [] : ['No project here: these are the built-in connectors. A project names others under plugins in cdp.yaml.']),
    ]
    this.log(renderPluginList(plugins, remarks, this.paint()))
    if (found.problems.length > 0) {
      process.exitCode = problemsExit
      if (!this.jsonEnabled()) this.logToStderr(renderDiagnostics(found.problems, { folder: found.folder, paint: this.paint(process.stderr) }))
    }
    return { folder: fromHere(found.folder), plugins, doubles, problems: found.problems.map((each) => ({ code: each.code, ...each.params, message: describe(each).detail })) } as unknown as Json
  }
}
