import { join, relative, resolve } from 'node:path'
import { Flags } from '@oclif/core'
import { combinedFile } from '../../1-project/index.js'
import { fail } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { counted } from '../../render/numbers.js'
import { BaseCommand } from '../base-command.js'
import { findOutdated, schemaFolder, writeSchemas } from './write-schemas.js'

export class SchemaExport extends BaseCommand {
  static override summary = 'Write JSON Schemas, so that editors complete, explain and check project files while they are written.'
  static override description = [
    `One schema for all documents (${combinedFile}, in which kind decides) and one for each kind, draft-07, with what the project's connectors take in their config.`,
    'A file is checked by the schema that its first line names: # yaml-language-server: $schema=../.schema/cdp.schema.json. In a file of several documents each of them has the line.',
    'Write them again after a plugin was added or updated; --check tells in CI whether they are those of today.',
  ].join('\n')
  static override examples = ['<%= config.bin %> schema export', '<%= config.bin %> schema export --out editor', '<%= config.bin %> schema export --check']
  static override flags = {
    out: Flags.string({ description: `folder for the schemas; ${schemaFolder} of the project unless told` }),
    check: Flags.boolean({ description: 'write nothing; fail when the schemas would change' }),
  }

  async run(): Promise<Json> {
    const { flags } = await this.parse(SchemaExport)
    const composition = this.open(flags)
    const { folder, schemas } = await composition.loadEditorSchemas({ configFile: flags.config })
    const out = flags.out === undefined ? join(folder, schemaFolder) : resolve(flags.out)
    const shown = relative(composition.folder, out) || '.'
    const files = Object.keys(schemas)
    const changed = flags.check ? await findOutdated(out, schemas) : await writeSchemas(out, schemas)
    if (flags.check && changed.length > 0) throw fail('schema/outdated', { files: changed.map((each) => join(shown, each)).join(', ') })
    this.log(`${counted(files.length, 'schema')} in ${shown}, ${changed.length === 0 ? 'as they were' : `${String(changed.length)} written`}.`)
    return { folder: shown, files, changed }
  }
}
