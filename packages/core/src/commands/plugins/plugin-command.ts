// What the commands about plugins share: the plugins of the project with what is built in, and the one that is meant.
import { Args } from '@oclif/core'
import { fail } from '../../kernel/error.js'
import { suggestion } from '../../kernel/suggest.js'
import { type ConnectorDescription, type PluginDescription, describePlugin } from '../../plugins/describe-plugin.js'
import { type LoadedPlugin, isPath } from '../../plugins/load.js'
import { BaseCommand, type GlobalFlags, ProblemsFound } from '../base-command.js'

export const pluginArgs = { what: Args.string({ required: true, description: 'a plugin of the project, a connector, or the path of a plugin' }) }

export interface Meant {
  readonly plugin: PluginDescription
  /** All of them when the plugin was named, one when a connector was. */
  readonly connectors: readonly ConnectorDescription[]
}

export interface Found {
  readonly loaded: LoadedPlugin
  /** Where the plugin was looked for. */
  readonly folder: string
  /** When it was named instead of the plugin. */
  readonly connector?: string
}

export abstract class PluginCommand extends BaseCommand {
  /** @throws cli/unknown-plugin, or what is wrong with the project's plugins when it may be one of those. */
  protected async findMeant(flags: GlobalFlags, written: string): Promise<Meant> {
    const { loaded, folder, connector } = await this.findPlugin(flags, written)
    const plugin = describePlugin(loaded, folder)
    return { plugin, connectors: plugin.connectors.filter((each) => connector === undefined || each.name === connector) }
  }

  /** The same, as it was loaded. */
  protected async findPlugin(flags: GlobalFlags, written: string): Promise<Found> {
    const found = await this.open(flags).loadProjectPlugins({ configFile: flags.config }, written)
    const { plugins, folder } = found
    // Of what two plugins bring the later is used; what is told by its path comes last.
    const named = isPath(written) ? plugins.at(-1) : plugins.findLast((each) => each.written === written || each.plugin.name === written)
    if (named) return { loaded: named, folder }
    const bringing = plugins.findLast(({ plugin }) => plugin.connectors.some((each) => each.name === written))
    if (bringing) return { loaded: bringing, folder, connector: written }
    const problems = found.problems.filter((each) => each.severity === 'error')
    if (problems.length > 0) throw new ProblemsFound(problems, folder)
    throw fail('cli/unknown-plugin', { written, suggestion: suggestion(written, plugins.flatMap(({ plugin }) => [plugin.name, ...plugin.connectors.map((each) => each.name)])) })
  }
}
