import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Flags } from '@oclif/core'
import { fail } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { toPluginPage } from '../../render/plugin-page.js'
import { PluginCommand, pluginArgs } from './plugin-command.js'

export class PluginsDocs extends PluginCommand {
  static override summary = 'A page about a plugin in Markdown, from what it declares: configuration, capabilities, limits, streams with their mapping, guardrails.'
  static override examples = ['<%= config.bin %> plugins docs . --out docs/reference.md', '<%= config.bin %> plugins docs @cdpkit/plugin-marketo', '<%= config.bin %> plugins docs . --out docs/reference.md --check']
  static override args = pluginArgs
  static override flags = {
    out: Flags.string({ description: 'file to write, instead of printing the page' }),
    check: Flags.boolean({ dependsOn: ['out'], description: 'write nothing; fail when the file would change' }),
  }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(PluginsDocs)
    const { plugin, connectors } = await this.findMeant(flags, args.what)
    const page = toPluginPage({ ...plugin, connectors })
    if (flags.out === undefined) {
      this.log(page.trimEnd())
      return { plugin: plugin.name, page }
    }
    const isCurrent = (await readFile(flags.out, 'utf8').catch(() => undefined)) === page
    if (flags.check && !isCurrent) throw fail('plugins/docs-outdated', { file: flags.out, plugin: args.what })
    if (!isCurrent) {
      await mkdir(dirname(flags.out), { recursive: true })
      await writeFile(flags.out, page)
    }
    this.log(`${plugin.name} in ${flags.out}, ${isCurrent ? 'as it was' : 'written'}.`)
    return { plugin: plugin.name, file: flags.out, isWritten: !isCurrent }
  }
}
