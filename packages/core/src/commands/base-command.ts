// What every command shares: the global flags, how problems and errors are shown, and the exit codes of the README.
import { relative, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Command, Errors, Flags } from '@oclif/core'
import { type Composition, compose } from '../compose.js'
import type { Applied } from '../2-plan/applied.js'
import { readApplied } from '../2-plan/index.js'
import type { FoundSandbox } from '../1-project/index.js'
import type { Project } from '../1-project/project.js'
import { type Checked, type Diagnostic } from '../kernel/diagnostic.js'
import { fail, isCdpError } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import type { Log, LogLevel } from '../kernel/log.js'
import { diagnosticsToJson, renderDiagnostics } from '../render/diagnostics.js'
import { type Paint, ansiColour, noColour } from '../render/paint.js'
import { pathInRepository } from '../render/remark.js'
import type { ReportSurroundings } from '../render/report.js'
import type { Store } from '../stores/store.js'

export const globalFlags = {
  sandbox: Flags.string({ char: 's', description: 'sandbox to work on; the project names the default', helpGroup: 'GLOBAL' }),
  config: Flags.string({ description: 'project file, instead of the cdp.yaml found from here upwards', helpGroup: 'GLOBAL' }),
  quiet: Flags.boolean({ char: 'q', description: 'only results and errors', helpGroup: 'GLOBAL' }),
  verbose: Flags.boolean({ char: 'v', description: 'tell what is done', helpGroup: 'GLOBAL' }),
}

export interface GlobalFlags {
  readonly sandbox?: string | undefined
  readonly config?: string | undefined
  readonly quiet: boolean
  readonly verbose: boolean
}

/** Problems in the files: shown with their code frames, exit code 3. */
export class ProblemsFound extends Error {
  constructor(readonly problems: readonly Diagnostic[], readonly folder: string) {
    super('The project has errors.')
  }
}

const exitCodes = { problems: 3, operational: 1, usage: 64, unknownCommand: 127 } as const

/** Of commands that show problems among other things. */
export const problemsExit = exitCodes.problems

const progressEveryMs = 5000

/** Of what a failed command prints with `--json`. */
const errorFormat = 1

export abstract class BaseCommand extends Command {
  #lastProgressMs = Date.now()
  #printsJson = false

  static override enableJsonFlag = true
  static override baseFlags = globalFlags

  protected open(flags: Pick<GlobalFlags, 'quiet' | 'verbose'>, { log, folder = '.' }: { readonly log?: Log | undefined; readonly folder?: string | undefined } = {}): Composition {
    return compose({ env: process.env, folder: resolve(folder), logFrom: logLevel(flags), ...(log ? { log } : {}) })
  }

  /** The project, or the end of the command with everything that is wrong with it. Warnings go to stderr. */
  protected async loadProject(composition: Composition, flags: GlobalFlags): Promise<Project> {
    return this.accept(await composition.loadProject({ sandbox: flags.sandbox, configFile: flags.config }), await this.projectFolder(composition, flags))
  }

  /** The same for commands that need no secret: nobody is told which are missing. */
  protected async loadProjectAsWritten(composition: Composition, flags: GlobalFlags): Promise<Project> {
    return this.accept(await composition.loadProjectAsWritten({ sandbox: flags.sandbox, configFile: flags.config }), await this.projectFolder(composition, flags))
  }

  /** Places in diagnostics start here, wherever the command was started. */
  protected async projectFolder(composition: Composition, flags: Pick<GlobalFlags, 'config'>): Promise<string> {
    return (await composition.locateProject({ configFile: flags.config })).folder
  }

  /** `--format json` is `--json`. */
  protected printAs(format: string): void {
    this.#printsJson = format === 'json'
  }

  override jsonEnabled(): boolean {
    return this.#printsJson || super.jsonEnabled()
  }

  protected accept<T>(checked: Checked<T>, folder: string): T {
    if (!checked.ok) throw new ProblemsFound(checked.problems, folder)
    if (checked.warnings.length > 0 && !this.jsonEnabled()) this.logToStderr(renderDiagnostics(checked.warnings, { folder, paint: this.paint(process.stderr) }))
    return checked.value
  }

  /** The store of the project's sandbox and what was last applied to it; closed when `work` ends. */
  protected async withSandbox<T>(composition: Composition, project: FoundSandbox, work: (store: Store, applied: Applied) => Promise<T>): Promise<T> {
    const store = await composition.openSandbox(project.folder, project.sandbox.name)
    try {
      return await work(store, await readApplied(store, project.folder))
    } finally {
      await store.close()
    }
  }

  /** Goes on when the wanted word is typed; where nobody can answer, only `--auto-approve` goes on. */
  protected async approve(changes: number, question: string, wanted = 'yes'): Promise<void> {
    if (!process.stdin.isTTY || this.jsonEnabled()) throw fail('apply/not-approved', { changes })
    const prompt = createInterface({ input: process.stdin, output: process.stderr })
    const answer = await prompt.question(question)
    prompt.close()
    if (answer.trim() !== wanted) throw fail('apply/not-approved', { changes })
  }

  /** What reports need to know of where they are made. */
  protected async reportSurroundings(composition: Composition, flags: GlobalFlags): Promise<ReportSurroundings & { readonly paint: Paint }> {
    const { folder, file, repository: root } = await composition.locateProject({ configFile: flags.config })
    return { paths: { folder, root }, anchor: pathInRepository(file, root), version: composition.version, paint: this.paint() }
  }

  protected paint(stream: { readonly isTTY?: boolean } = process.stdout): Paint {
    const forced = process.env['FORCE_COLOR'] !== undefined && process.env['FORCE_COLOR'] !== '0'
    const wanted = forced || (stream.isTTY === true && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb')
    return wanted ? ansiColour : noColour
  }

  /** Progress that overwrites itself on a terminal; elsewhere a line every few seconds, so that long loads are seen in logs. */
  protected progress(text: string): void {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[2K${text}`)
      return
    }
    const now = Date.now()
    if (text === '' || now - this.#lastProgressMs < progressEveryMs) return
    this.#lastProgressMs = now
    process.stderr.write(`${text}\n`)
  }

  protected override toErrorJson(error: unknown): Json {
    if (error instanceof ProblemsFound) return diagnosticsToJson([{ folder: fromHere(error.folder), diagnostics: error.problems }])
    if (isCdpError(error)) return { formatVersion: errorFormat, error: { code: error.code, message: error.message, help: error.help } }
    return { formatVersion: errorFormat, error: { code: 'cdp/failed', message: error instanceof Error ? error.message : String(error) } }
  }

  protected override catch(error: Errors.CLIError | Error): Promise<never> {
    const exit = exitOf(error)
    if (this.jsonEnabled()) this.logJson(this.toErrorJson(error))
    else if (!isSilentExit(error)) this.logToStderr(this.describeError(error))
    process.exitCode = exit
    this.exit(exit)
  }

  private describeError(error: Error): string {
    const paint = this.paint(process.stderr)
    if (error instanceof ProblemsFound) return renderDiagnostics(error.problems, { folder: error.folder, paint })
    if (!isCdpError(error)) return `${paint.red('error')}: ${error.message}`
    return `${paint.red(`error[${error.code}]`)}: ${error.message}\n  ${error.help}`
  }
}

export function logLevel({ quiet, verbose }: Pick<GlobalFlags, 'quiet' | 'verbose'>): LogLevel {
  return quiet ? 'warn' : verbose ? 'debug' : 'info'
}

/** A folder as people see it from where they started the command. */
export function fromHere(folder: string): string {
  const path = relative(process.cwd(), folder).replaceAll('\\', '/')
  return path === '' ? '.' : path
}

function exitOf(error: Error): number {
  if (error instanceof ProblemsFound) return exitCodes.problems
  if (isCdpError(error)) return error.exit
  // Some of oclif's mistakes of usage (a value that is no option) have no exit code of their own; all of them carry what was parsed.
  if (error instanceof Errors.CLIError) return 'parse' in error ? exitCodes.usage : (error.oclif.exit ?? exitCodes.operational)
  return exitCodes.operational
}

function isSilentExit(error: Error): boolean {
  return error instanceof Errors.ExitError
}
