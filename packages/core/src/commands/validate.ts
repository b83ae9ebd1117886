import { join, relative } from 'node:path'
import { Args, Flags } from '@oclif/core'
import { toText, type Json } from '../kernel/json.js'
import { type LoadedFolder, isTestFile } from '../1-project/index.js'
import type { Project } from '../1-project/project.js'
import type { Composition } from '../compose.js'
import type { Diagnostic } from '../kernel/diagnostic.js'
import type { Span } from '../kernel/span.js'
import { diagnosticsToJson, renderDiagnostics } from '../render/diagnostics.js'
import { toWorkflowCommands } from '../render/github.js'
import { validationToJunit } from '../render/junit.js'
import { counted } from '../render/numbers.js'
import { diagnosticsToRemarks, pathInRepository } from '../render/remark.js'
import { validateFormats } from '../render/report.js'
import { toSarif } from '../render/sarif.js'
import { BaseCommand, type GlobalFlags, fromHere } from './base-command.js'

type ReportFormat = Exclude<(typeof validateFormats)[number], 'human' | 'json'>

export class Validate extends BaseCommand {
  static override summary = 'Check every file of the project and show every mistake with its place.'
  static override description = 'Several folders are checked one by one, in all their sandboxes, and against each other: one Marketo instance may not feed two organizations.\nExit code 0: no errors. 3: errors, with --strict warnings too.'
  static override examples = ['<%= config.bin %> validate', '<%= config.bin %> validate --all-sandboxes --strict', '<%= config.bin %> validate emea/ americas/', '<%= config.bin %> validate --format sarif > cdp.sarif']
  static override strict = false
  static override args = { folder: Args.string({ description: 'folder of a project; several are checked together, in all their sandboxes' }) }
  static override flags = {
    'all-sandboxes': Flags.boolean({ description: 'check the project as each of its sandboxes sees it' }),
    strict: Flags.boolean({ description: 'warnings fail too' }),
    format: Flags.option({ options: validateFormats, default: 'human', exclusive: ['json'], description: 'what to print' })(),
  }

  async run(): Promise<Json> {
    const { argv, flags } = await this.parse(Validate)
    this.printAs(flags.format)
    const composition = this.open(flags)
    const folders = argv.map((each) => toText(each as Json))
    const loaded = await this.load(composition, folders, flags)
    for (const each of loaded) this.show(each, flags)
    if (flags.format !== 'human' && flags.format !== 'json') this.log(await this.report(flags.format, { loaded, folders: folders.length === 0 ? ['.'] : folders, composition, flags }))
    if (loaded.some((each) => isRefused(each, flags.strict))) process.exitCode = 3
    return { ...diagnosticsToJson(loaded.map((each) => ({ folder: fromHere(each.folder), diagnostics: problemsOf(each) }))), projects: loaded.flatMap(projectsToJson) }
  }

  private async load(composition: Composition, folders: readonly string[], flags: GlobalFlags & { readonly 'all-sandboxes': boolean }): Promise<readonly LoadedFolder[]> {
    if (folders.length > 0) return (await composition.loadProjects(folders, { configFile: flags.config })).map((each) => seenFrom(composition.folder, each))
    if (flags['all-sandboxes']) return composition.loadProjects(['.'], { configFile: flags.config })
    const { folder } = await composition.locateProject({ configFile: flags.config })
    const checked = await composition.loadProject({ sandbox: flags.sandbox, configFile: flags.config })
    return [{ folder, checked: checked.ok ? { ...checked, value: [checked.value] } : checked }]
  }

  private show({ folder, checked }: LoadedFolder, { strict, format }: { readonly strict: boolean; readonly format: string }): void {
    const problems = problemsOf({ folder, checked })
    if (problems.length > 0 && !this.jsonEnabled()) this.logToStderr(renderDiagnostics(problems, { folder, paint: this.paint(process.stderr) }))
    if (format !== 'human' || !checked.ok || isRefused({ folder, checked }, strict)) return
    for (const project of checked.value) this.log(`${summary(project)} No errors, ${counted(problems.length, 'warning')}.`)
  }

  /** One report of all the folders; its paths start at the repository of the first. */
  private async report(format: ReportFormat, { loaded, folders, composition, flags }: Reported): Promise<string> {
    const choice = { configFile: flags.config }
    const { repository: root, file } = await composition.locateProject(choice, folders[0])
    const remarks = loaded.flatMap((each) => diagnosticsToRemarks(problemsOf(each), { folder: each.folder, root }))
    switch (format) {
      case 'github':
        return toWorkflowCommands(remarks).join('\n')
      case 'junit': {
        const files = await Promise.all(folders.map((each) => composition.findProjectFiles(choice, each)))
        return validationToJunit({ files: files.flat().filter((each) => !isTestFile(each)).map((each) => pathInRepository(each, root)), remarks, isStrict: flags.strict })
      }
      case 'sarif':
        return toSarif(remarks, { category: 'cdp-validate', root, version: composition.version, anchor: pathInRepository(file, root) })
    }
  }
}

interface Reported {
  readonly loaded: readonly LoadedFolder[]
  /** As they were named, one for each of `loaded`. */
  readonly folders: readonly string[]
  readonly composition: Composition
  readonly flags: GlobalFlags & { readonly strict: boolean }
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

function projectsToJson({ checked }: LoadedFolder): readonly Json[] {
  if (!checked.ok) return []
  return checked.value.map(({ name, folder, sandbox, sources, segments, destinations }) => ({ folder: fromHere(folder), project: name, sandbox: sandbox.name, sources: sources.length, segments: segments.length, destinations: destinations.length }))
}
