import { Args, Flags } from '@oclif/core'
import type { Project } from '../1-project/project.js'
import type { Applied } from '../2-plan/applied.js'
import { loadPlanFile, planChanges } from '../2-plan/index.js'
import type { Plan } from '../2-plan/plan.js'
import { applyPlan } from '../3-apply/index.js'
import type { Composition } from '../compose.js'
import type { Diagnostic } from '../kernel/diagnostic.js'
import { fail } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import { planToJson, renderPlan } from '../render/plan.js'
import type { Store } from '../stores/store.js'
import { BaseCommand } from './base-command.js'

export class Apply extends BaseCommand {
  static override summary = 'Make the plan real.'
  static override description = 'Applies a saved plan exactly as it was shown, or plans now and asks. Reads no source and delivers nothing: that is cdp run.'
  static override examples = ['<%= config.bin %> apply', '<%= config.bin %> apply plan.cdp', '<%= config.bin %> apply --auto-approve']
  static override args = { planfile: Args.string({ description: 'file that cdp plan --out saved' }) }
  static override flags = {
    'auto-approve': Flags.boolean({ char: 'y', description: 'do not ask' }),
    'allow-shrink': Flags.string({ multiple: true, default: [], description: 'segment that may lose more members than its safety limit' }),
  }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(Apply)
    const composition = this.open(flags)
    const checked = await composition.loadProject({ sandbox: flags.sandbox, configFile: flags.config })
    const project = this.accept(checked, await this.projectFolder(composition, flags))
    const warnings = checked.ok ? checked.warnings : []
    composition.assertSecrets(project)
    return this.withSandbox(composition, project, async (store, applied) => {
      const plan = args.planfile === undefined ? await this.planNow({ composition, project, warnings, applied, store, allowShrink: flags['allow-shrink'] }) : await this.savedPlan(args.planfile, project)
      if (args.planfile === undefined && !flags.quiet) this.log(renderPlan(plan, this.paint()))
      if (plan.changes.length === 0 && applied.serial > 0) return { serial: applied.serial, ...planToJson(plan) }
      if (plan.blocks.length === 0 && args.planfile === undefined && !flags['auto-approve']) await this.approve(plan.changes.length, 'Apply these changes? Only "yes" is accepted: ')
      const done = await applyPlan({ plan, store, clock: composition.clock, folder: project.folder })
      this.log(`Applied. ${project.name} · sandbox ${project.sandbox.name} is now at state #${String(done.serial)}. To read, evaluate and deliver: cdp run`)
      return { serial: done.serial, ...planToJson(plan) }
    })
  }

  private async planNow(request: { composition: Composition; project: Project; warnings: readonly Diagnostic[]; applied: Applied; store: Store; allowShrink: readonly string[] }): Promise<Plan> {
    const { composition, project } = request
    return planChanges({ ...request, clock: composition.clock, ...(await composition.surveyConnectors(project)) })
  }

  private async savedPlan(file: string, project: Project): Promise<Plan> {
    const plan = await loadPlanFile(file)
    if (plan.project !== project.name || plan.sandbox !== project.sandbox.name) {
      throw fail('plan/other-sandbox', { planned: `${plan.project}/${plan.sandbox}`, found: `${project.name}/${project.sandbox.name}` })
    }
    return plan
  }
}
