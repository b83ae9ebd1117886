import { Flags } from '@oclif/core'
import type { Project } from '../1-project/project.js'
import { planChanges, planDestroy, projectResources, writePlanFile } from '../2-plan/index.js'
import { type Address, parseAddress, toAddress } from '../kernel/address.js'
import { fail } from '../kernel/error.js'
import { findDrift } from '../7-activation/index.js'
import type { Composition } from '../compose.js'
import { driftToJson, driftToMarkdown, isDrift, renderDrift } from '../render/drift.js'
import { planToJson } from '../render/plan.js'
import { type PlanFormat, planFormats, renderPlanAs, renderProblemsAs } from '../render/report.js'
import type { Json } from '../kernel/json.js'
import { BaseCommand } from './base-command.js'

/** Of `--refresh-only`: what it finds has no place in a file. */
const driftFormats: readonly PlanFormat[] = ['human', 'json', 'markdown']

export class Plan extends BaseCommand {
  static override summary = 'Show what the files would change, and who would enter and leave each segment.'
  static override description = 'Reads the project and the sandbox; changes nothing. The last state that was applied is compared with the files.\nExit code 0: done, or nothing to change. 2: changes, with --detailed-exitcode. 3: mistakes in the files. 4: blocked.'
  static override examples = ['<%= config.bin %> plan', '<%= config.bin %> plan --sandbox prod --out plan.cdp', '<%= config.bin %> plan --format markdown > comment.md']
  static override flags = {
    out: Flags.string({ description: 'save the plan to this file, for cdp apply' }),
    'detailed-exitcode': Flags.boolean({ description: 'exit with 2 when there are changes' }),
    impact: Flags.option({ options: ['exact', 'sample', 'off'] as const, description: 'count who would enter and leave: everybody, or a sample; without it everybody as long as that is quick. With exact and sample, destinations are asked whom they know' })(),
    target: Flags.string({ multiple: true, default: [], description: 'Kind/name: only this resource and what it rests on; may be given several times' }),
    'refresh-only': Flags.boolean({ description: 'show only what is in the remote audiences against what was delivered, where destinations can tell', exclusive: ['target', 'destroy', 'out'] }),
    destroy: Flags.boolean({ description: 'plan the removal of everything', exclusive: ['target'] }),
    'allow-shrink': Flags.string({ multiple: true, default: [], description: 'segment that may lose more members than its safety limit' }),
    format: Flags.option({ options: planFormats, default: 'human', exclusive: ['json'], description: 'what to print' })(),
  }

  async run(): Promise<Json> {
    const { flags } = await this.parse(Plan)
    this.printAs(flags.format)
    if (flags['refresh-only'] && !driftFormats.includes(flags.format)) throw fail('cli/format-of-plans', { format: flags.format, what: 'what --refresh-only finds' })
    const composition = this.open(flags)
    const surroundings = await this.reportSurroundings(composition, flags)
    const checked = await composition.loadProject({ sandbox: flags.sandbox, configFile: flags.config })
    // A report is expected where it is asked for, also of files with mistakes.
    const problems = checked.ok ? undefined : renderProblemsAs(flags.format, checked.problems, surroundings)
    if (problems !== undefined) this.log(problems)
    const project = this.accept(checked, surroundings.paths.folder)
    if (flags['refresh-only']) return this.showDrift(composition, project, flags)
    const target = flags.target.map((each) => this.address(each, project))
    const survey = await composition.surveyConnectors(project)
    const asked = flags.impact === undefined || flags.impact === 'off' || flags.destroy ? undefined : await composition.openMatching(project)
    const plan = await this.withSandbox(composition, project, (store, applied) =>
      (flags.destroy ? planDestroy : planChanges)({
        project, applied, store, clock: composition.clock, ...survey, allowShrink: flags['allow-shrink'], warnings: checked.ok ? checked.warnings : [],
        ...(flags.impact ? { impact: flags.impact } : {}), ...(target.length > 0 ? { target } : {}), ...(asked ? { findMatching: asked.findMatching } : {}),
      }),
    ).finally(() => asked?.close())
    if (flags.out !== undefined) await writePlanFile(flags.out, plan)
    this.log(renderPlanAs(flags.format, plan, surroundings))
    if (flags.out !== undefined && flags.format === 'human' && !flags.quiet) this.log(`Saved to ${flags.out}. To apply exactly this: cdp apply ${flags.out}`)
    process.exitCode = plan.blocks.length > 0 ? 4 : flags['detailed-exitcode'] && plan.changes.length > 0 ? 2 : 0
    return planToJson(plan)
  }

  private async showDrift(composition: Composition, project: Project, { format, 'detailed-exitcode': tellsByExitCode }: { readonly format: PlanFormat; readonly 'detailed-exitcode': boolean }): Promise<Json> {
    composition.assertSecrets(project)
    const drift = await this.withSandbox(composition, project, async (store, applied) => {
      if (applied.serial === 0) throw fail('apply/nothing-applied', { sandbox: project.sandbox.name })
      const opened = await composition.openConnectors(applied)
      try {
        return await findDrift({ store, applied, connectors: opened.openDestination })
      } finally {
        await opened.close()
      }
    })
    const of = { project: project.name, sandbox: project.sandbox.name }
    this.log(format === 'markdown' ? driftToMarkdown(drift, of) : renderDrift(drift, this.paint()))
    if (format !== 'markdown' && drift.some(isDrift)) this.log('To mend it: cdp run --reconcile')
    if (tellsByExitCode && drift.some(isDrift)) process.exitCode = 2
    return driftToJson(drift, of)
  }

  private address(written: string, project: Project): Address {
    const known = projectResources(project).map((each) => each.address)
    const address = parseAddress(written)
    const found = address && toAddress(address.kind, address.name)
    if (!found || !known.includes(found)) throw fail('cli/unknown-address', { written, known: known.filter((each) => !each.startsWith('Schema/')).join(', ') })
    return found
  }
}
