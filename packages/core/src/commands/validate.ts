import { join, relative } from 'node:path'
import { Args, Flags } from '@oclif/core'
import { diagnosticsToJson, renderDiagnostics } from '../render/diagnostics.js'
import { counted } from '../render/numbers.js'
import { toText, type Json } from '../kernel/json.js'
import type { LoadedFolder } from '../1-project/index.js'
import type { Project } from '../1-project/project.js'
import type { Composition } from '../compose.js'
import type { Diagnostic } from '../kernel/diagnostic.js'
import type { Span } from '../kernel/span.js'
import { BaseCommand, type GlobalFlags } from './base-command.js'

export class Validate extends BaseCommand {
  static override summary = 'Check every file of the project and show every mistake with its place.'
  static override description = 'Several folders are checked one by one, in all their sandboxes, and against each other: one Marketo instance may not feed two organizations.'
  static override examples = ['<%= config.bin %> validate', '<%= config.bin %> validate --all-sandboxes --strict', '<%= config.bin %> validate emea/ americas/']
  static override strict = false
  static override args = { folder: Args.string({ description: 'folder of a project; several are checked together, in all their sandboxes' }) }
  static override flags = {
    'all-sandboxes': Flags.boolean({ description: 'check the project as each of its sandboxes sees it' }),
    strict: Flags.boolean({ description: 'warnings fail too' }),
  }

  async run(): Promise<Json> {
    const { argv, flags } = await this.parse(Validate)
    const composition = this.open(flags)
    const loaded = await this.load(composition, argv.map((each) => toText(each as Json)), flags)
    for (const each of loaded) this.show(each, flags.strict)
    if (loaded.some((each) => isRefused(each, flags.strict))) process.exitCode = 3
    return diagnosticsToJson(loaded.flatMap(problemsOf))
  }

  private async load(composition: Composition, folders: readonly string[], flags: GlobalFlags & { readonly 'all-sandboxes': boolean }): Promise<readonly LoadedFolder[]> {
    if (folders.length > 0) return (await composition.loadProjects(folders, { configFile: flags.config })).map((each) => seenFrom(composition.folder, each))
    if (flags['all-sandboxes']) return composition.loadProjects(['.'], { configFile: flags.config })
    const checked = await composition.loadProject({ sandbox: flags.sandbox, configFile: flags.config })
    return [{ folder: composition.folder, checked: checked.ok ? { ...checked, value: [checked.value] } : checked }]
  }

  private show({ folder, checked }: LoadedFolder, isStrict: boolean): void {
    const problems = problemsOf({ folder, checked })
    if (problems.length > 0 && !this.jsonEnabled()) this.logToStderr(renderDiagnostics(problems, { folder, paint: this.paint(process.stderr) }))
    if (!checked.ok || isRefused({ folder, checked }, isStrict)) return
    for (const project of checked.value) this.log(`${summary(project)} No errors, ${counted(problems.length, 'warning')}.`)
  }
}

/** Several projects have files of the same names: their places start where the command was started. */
function seenFrom(folder: string, { folder: own, checked }: LoadedFolder): LoadedFolder {
  const seen = (at: Span): Span => ({ ...at, file: relative(folder, join(own, at.file)) })
  const moved = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
    diagnostics.map((each) => ({ ...each, ...(each.at ? { at: seen(each.at) } : {}), ...(each.related ? { related: each.related.map(({ text, at }) => ({ text, at: seen(at) })) } : {}) }))
  return { folder, checked: checked.ok ? { ...checked, warnings: moved(checked.warnings) } : { ...checked, problems: moved(checked.problems) } }
}

function problemsOf({ checked }: LoadedFolder): readonly Diagnostic[] {
  return checked.ok ? checked.warnings : checked.problems
}

function isRefused({ checked }: LoadedFolder, isStrict: boolean): boolean {
  return !checked.ok || (isStrict && checked.warnings.length > 0)
}

function summary({ name, sandbox, sources, segments, destinations }: Project): string {
  return `${name} · sandbox ${sandbox.name}: ${counted(sources.length, 'source')}, ${counted(segments.length, 'segment')}, ${counted(destinations.length, 'destination')}.`
}
