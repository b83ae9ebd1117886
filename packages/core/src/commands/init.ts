import { cp, readdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Args, Flags } from '@oclif/core'
import { fail } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import { counted } from '../render/numbers.js'
import { BaseCommand } from './base-command.js'
import { schemaFolder, writeSchemas } from './schema/write-schemas.js'

const templates = fileURLToPath(new URL('../../templates/', import.meta.url))

export class Init extends BaseCommand {
  static override summary = 'Start a project that works: files, data and a segment to try.'
  static override examples = ['<%= config.bin %> init my-project']
  static override args = { folder: Args.string({ default: '.', description: 'where to write it' }) }
  static override flags = {
    template: Flags.option({ options: ['minimal', 'b2b-crm', 'b2b-marketo'] as const, default: 'minimal', description: 'what to start from' })(),
    force: Flags.boolean({ description: 'write over files that are there' }),
  }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(Init)
    const folder = resolve(args.folder)
    const from = join(templates, flags.template)
    const entries = await readdir(from, { recursive: true, withFileTypes: true })
    const files = entries.filter((each) => each.isFile()).map((each) => relative(from, join(each.parentPath, each.name))).sort()
    const inTheWay = files.find((each) => existsSync(join(folder, each)))
    if (inTheWay !== undefined && !flags.force) throw fail('cli/folder-not-empty', { folder: args.folder, file: inTheWay })
    await cp(from, folder, { recursive: true })
    const { schemas } = await this.open(flags).loadEditorSchemas({ configFile: join(folder, 'cdp.yaml') })
    const written = await writeSchemas(join(folder, schemaFolder), schemas)
    for (const file of files) this.log(`  + ${join(args.folder, file)}`)
    this.log(`  + ${join(args.folder, schemaFolder)}  (${counted(written.length, 'schema')} for editors)`)
    this.log('')
    this.log(`A project in ${args.folder === '.' ? basename(folder) : args.folder}. Next:`)
    if (args.folder !== '.') this.log(`  cd ${args.folder}`)
    this.log('  cdp plan')
    this.log('  cdp apply --auto-approve && cdp run')
    return { folder, files }
  }
}
