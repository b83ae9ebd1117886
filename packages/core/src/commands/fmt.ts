import { readFile, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { Flags } from '@oclif/core'
import { formatYaml } from '../1-project/index.js'
import type { Json } from '../kernel/json.js'
import { BaseCommand } from './base-command.js'

export class Fmt extends BaseCommand {
  static override summary = 'Write the project files in one canonical form; comments stay.'
  static override flags = { check: Flags.boolean({ description: 'change nothing; exit with 3 when a file is not formatted' }) }

  async run(): Promise<Json> {
    const { flags } = await this.parse(Fmt)
    const composition = this.open(flags)
    const files = await composition.findProjectFiles({ configFile: flags.config })
    const changed: string[] = []
    for (const file of files.filter((each) => /\.ya?ml$/.test(each))) {
      const text = await readFile(file, 'utf8')
      const formatted = formatYaml(text)
      if (formatted === text) continue
      changed.push(relative(composition.folder, file))
      if (!flags.check) await writeFile(file, formatted)
    }
    for (const file of changed) this.log(`${flags.check ? 'not formatted' : 'formatted'}: ${file}`)
    if (changed.length === 0) this.log('All files are formatted.')
    process.exitCode = flags.check && changed.length > 0 ? 3 : 0
    return { changed }
  }
}
