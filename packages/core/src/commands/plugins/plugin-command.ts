// What the commands about plugins share: the plugins of the project with what is built in, and the one that is meant.
import type { ProjectPlugins } from '../../1-project/index.js'
import { type Diagnostic } from '../../kernel/diagnostic.js'
import { fail } from '../../kernel/error.js'
import { suggestion } from '../../kernel/suggest.js'
import { type ConnectorDescription, type PluginDescription, describePlugin } from '../../plugins/describe-plugin.js'
import { isPath } from '../../plugins/load.js'
import { BaseCommand, type GlobalFlags, ProblemsFound } from '../base-command.js'

export interface Meant {
  readonly plugin: PluginDescription
  /** All of them when the plugin was named, one when a connector was. */
  readonly connectors: readonly ConnectorDescription[]
}

export abstract class PluginCommand extends BaseCommand {
  /** @throws cli/unknown-plugin, or what is wrong with the project's plugins when it may be one of those. */
  protected async findMeant(flags: GlobalFlags, written: string): Promise<Meant> {
    const found = await this.open(flags).loadProjectPlugins({ configFile: flags.config }, written)
    const all = found.plugins.map((each) => ({ written: each.written, plugin: describePlugin(each, found.folder) }))
    // Of what two plugins bring the later is used; what is told by its path comes last.
    const named = isPath(written) ? all.at(-1) : all.findLast((each) => each.written === written || each.plugin.name === written)
    if (named) return { plugin: named.plugin, connectors: named.plugin.connectors }
    const bringing = all.findLast(({ plugin }) => plugin.connectors.some((each) => each.name === written))
    if (bringing) return { plugin: bringing.plugin, connectors: bringing.plugin.connectors.filter((each) => each.name === written) }
    const problems = errorsOf(found)
    if (problems.length > 0) throw new ProblemsFound(problems, found.folder)
    throw fail('cli/unknown-plugin', { written, suggestion: suggestion(written, all.flatMap(({ plugin }) => [plugin.name, ...plugin.connectors.map((each) => each.name)])) })
  }
}

export function errorsOf({ problems }: ProjectPlugins): readonly Diagnostic[] {
  return problems.filter((each) => each.severity === 'error')
}
