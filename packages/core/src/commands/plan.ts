import { Flags } from '@oclif/core'
import { planChanges, writePlanFile } from '../2-plan/index.js'
import { planToJson, renderPlan } from '../render/plan.js'
import type { Json } from '../kernel/json.js'
import { BaseCommand } from './base-command.js'

export class Plan extends BaseCommand {
  static override summary = 'Show what the files would change, and who would enter and leave each segment.'
  static override description = 'Reads the project and the sandbox; changes nothing. The last state that was applied is compared with the files.'
  static override examples = ['<%= config.bin %> plan', '<%= config.bin %> plan --sandbox prod --out plan.cdp']
  static override flags = {
    out: Flags.string({ description: 'save the plan to this file, for cdp apply' }),
    'detailed-exitcode': Flags.boolean({ description: 'exit with 2 when there are changes' }),
    impact: Flags.option({ options: ['exact', 'off'] as const, default: 'exact', description: 'count who would enter and leave' })(),
    'allow-shrink': Flags.string({ multiple: true, default: [], description: 'segment that may lose more members than its safety limit' }),
  }

  async run(): Promise<Json> {
    const { flags } = await this.parse(Plan)
    const composition = this.open(flags)
    const project = await this.loadProject(composition, flags)
    const plan = await this.withSandbox(composition, project, (store, applied) =>
      planChanges({ project, applied, store, clock: composition.clock, impact: flags.impact, allowShrink: flags['allow-shrink'] }),
    )
    if (flags.out !== undefined) await writePlanFile(flags.out, plan)
    this.log(renderPlan(plan, this.paint()))
    if (flags.out !== undefined && !flags.quiet) this.log(`Saved to ${flags.out}. To apply exactly this: cdp apply ${flags.out}`)
    process.exitCode = plan.blocks.length > 0 ? 4 : flags['detailed-exitcode'] && plan.changes.length > 0 ? 2 : 0
    return planToJson(plan)
  }
}
