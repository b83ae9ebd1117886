// Brings sandboxes to what the files say whenever these change: as `cdp plan` and `cdp apply` would, without asking. What a safety limit
// or a protection stops, and what has mistakes, is refused and told; the sandbox goes on with the state that it has.
import type { Project } from '../../1-project/project.js'
import { type PlanRequest, planChanges, readApplied } from '../../2-plan/index.js'
import type { Plan } from '../../2-plan/plan.js'
import { applyPlan } from '../../3-apply/index.js'
import type { Clock } from '../../kernel/clock.js'
import { type Checked, type Diagnostic, describe } from '../../kernel/diagnostic.js'
import { isCdpError } from '../../kernel/error.js'
import type { Log } from '../../kernel/log.js'
import { Looks } from '../looks.js'
import type { FollowStatus, Refusal } from '../serving-status.js'
import type { ServedSandbox } from '../serve/served-sandbox.js'
import { findFilesVersion } from './files-version.js'

export interface FollowerRequest {
  readonly folder: string
  /** Those that are served now. */
  readonly sandboxes: () => readonly ServedSandbox[]
  readonly loadProject: (sandbox: string) => Promise<Checked<Project>>
  /** What a plan knows of the systems that a project talks to. */
  readonly survey: (project: Project) => Promise<Pick<PlanRequest, 'findCapabilities' | 'quotas'>>
  /** @throws secret/not-set */
  readonly assertSecrets: (project: Project) => void
  readonly summarize: (plan: Plan) => string
  readonly clock: Clock
  readonly log: Log
  /** Between two looks at the files, which have to find the same before anything is done. */
  readonly lookEveryMs?: number
}

const usualLookMs = 2000

export class FilesFollower {
  /** What the last look found. */
  #seen: string | undefined
  /** By sandbox. */
  readonly #states = new Map<string, FollowStatus>()
  readonly #looks: Looks

  constructor(private readonly request: FollowerRequest) {
    this.#looks = new Looks({ look: () => this.look(), everyMs: request.lookEveryMs ?? usualLookMs, what: 'The files', log: request.log })
  }

  start(): void {
    this.#looks.start(0)
  }

  /** Undefined before the first change was taken up or refused. */
  statusOf(sandbox: string): FollowStatus | undefined {
    return this.#states.get(sandbox)
  }

  /** Files that change while one looks are left until they rest. */
  async look(): Promise<void> {
    const version = await findFilesVersion(this.request.folder)
    const rests = version === this.#seen
    this.#seen = version
    if (!rests) return
    for (const each of this.request.sandboxes()) if (this.#states.get(each.name)?.version !== version && !this.#looks.isStopped) await this.bring(each, version)
  }

  stop(): Promise<void> {
    return this.#looks.stop()
  }

  private async bring(sandbox: ServedSandbox, version: string): Promise<void> {
    const { name } = sandbox
    const { clock } = this.request
    const log = (level: 'info' | 'error', message: string, fields: Readonly<Record<string, string>> = {}): void => { this.request.log.write(level, message, { sandbox: name, version, ...fields }) }
    try {
      const refused = await this.tryBring(sandbox, log)
      if (refused) log('error', `What the files say is not applied: ${refused.reason}`, { code: refused.code, ...(refused.plan === undefined ? {} : { plan: refused.plan }) })
      this.#states.set(name, { version, at: clock.now(), ...(refused ? { refused: { ...refused, at: clock.now() } } : {}) })
    } catch (error) {
      // Somebody else applied in between: the next look plans anew.
      if (isCdpError(error, 'plan/stale') || this.#looks.isStopped) return
      const refused: Refusal = { code: isCdpError(error) ? error.code : 'cdp/failed', reason: reasonOf(error), at: clock.now() }
      log('error', `What the files say is not applied: ${refused.reason}`, { code: refused.code })
      this.#states.set(name, { version, at: clock.now(), refused })
    }
  }

  /** Gives why it is refused. */
  private async tryBring(sandbox: ServedSandbox, log: (level: 'info', message: string) => void): Promise<Omit<Refusal, 'at'> | undefined> {
    const { loadProject, survey, assertSecrets, summarize, clock } = this.request
    const { name, store } = sandbox
    const checked = await loadProject(name)
    if (!checked.ok) return { code: checked.problems[0]?.code ?? 'cdp/failed', reason: mistakes(checked.problems) }
    const project = checked.value
    assertSecrets(project)
    const applied = await readApplied(store, project.folder)
    const plan = await planChanges({ project, applied, store, clock, warnings: checked.warnings, ...(await survey(project)) })
    const [block] = plan.blocks
    if (block) return { code: block.code, reason: `${block.detail}. ${block.help}`, plan: summarize(plan) }
    if (plan.changes.length === 0 && applied.serial > 0) return undefined
    const done = await applyPlan({ plan, store, clock, folder: project.folder })
    log('info', `Applied what the files say: state #${String(done.serial)}, ${summarize(plan)}.`)
    sandbox.takeUp()
    return undefined
  }
}

function mistakes(problems: readonly Diagnostic[]): string {
  const [first, ...others] = problems
  if (!first) return 'the project has errors'
  const place = first.at ? `${first.at.file}:${String(first.at.from.line)}:${String(first.at.from.column)}: ` : ''
  const more = others.length === 0 ? '' : ` (and ${String(others.length)} more: cdp validate shows them)`
  return `${place}${describe(first).summary}: ${describe(first).detail}${more}`
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
