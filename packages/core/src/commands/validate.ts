import { Flags } from '@oclif/core'
import { diagnosticsToJson, renderDiagnostics } from '../render/diagnostics.js'
import { counted } from '../render/numbers.js'
import type { Json } from '../kernel/json.js'
import type { Project } from '../1-project/project.js'
import type { Composition } from '../compose.js'
import type { Checked } from '../kernel/diagnostic.js'
import { BaseCommand, type GlobalFlags, ProblemsFound } from './base-command.js'

export class Validate extends BaseCommand {
  static override summary = 'Check every file of the project and show every mistake with its place.'
  static override examples = ['<%= config.bin %> validate', '<%= config.bin %> validate --all-sandboxes --strict']
  static override flags = {
    'all-sandboxes': Flags.boolean({ description: 'check the project as each of its sandboxes sees it' }),
    strict: Flags.boolean({ description: 'warnings fail too' }),
  }

  async run(): Promise<Json> {
    const { flags } = await this.parse(Validate)
    const composition = this.open(flags)
    const checked = await this.check(composition, flags)
    if (!checked.ok) throw new ProblemsFound(checked.problems, composition.folder)
    if (flags.strict && checked.warnings.length > 0) throw new ProblemsFound(checked.warnings, composition.folder)
    if (checked.warnings.length > 0) this.logToStderr(renderDiagnostics(checked.warnings, { folder: composition.folder, paint: this.paint(process.stderr) }))
    for (const project of checked.value) {
      const { sources, segments, destinations } = project
      this.log(`${project.name} · sandbox ${project.sandbox.name}: ${counted(sources.length, 'source')}, ${counted(segments.length, 'segment')}, ${counted(destinations.length, 'destination')}. No errors, ${counted(checked.warnings.length, 'warning')}.`)
    }
    return diagnosticsToJson(checked.warnings)
  }

  private async check(composition: Composition, flags: GlobalFlags & { readonly 'all-sandboxes': boolean }): Promise<Checked<readonly Project[]>> {
    if (flags['all-sandboxes']) return composition.loadAllSandboxes({ configFile: flags.config })
    const checked = await composition.loadProject({ sandbox: flags.sandbox, configFile: flags.config })
    return checked.ok ? { ...checked, value: [checked.value] } : checked
  }
}
