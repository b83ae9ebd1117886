import { Flags } from '@oclif/core'
import { planDestroy } from '../2-plan/index.js'
import { applyPlan } from '../3-apply/index.js'
import { fail } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import { planToJson, renderPlan } from '../render/plan.js'
import { BaseCommand } from './base-command.js'

export class Destroy extends BaseCommand {
  static override summary = 'Take everything of a sandbox away: audiences are cleared first, then its database is removed.'
  static override flags = { 'auto-approve': Flags.boolean({ char: 'y', description: 'do not ask' }) }

  async run(): Promise<Json> {
    const { flags } = await this.parse(Destroy)
    const composition = this.open(flags)
    const project = await this.loadProject(composition, flags)
    composition.assertSecrets(project)
    const sandbox = project.sandbox.name
    const result = await this.withSandbox(composition, project, async (store, applied) => {
      if (project.sandbox.protect || applied.sandbox.protect) throw fail('apply/blocked', { address: `Sandbox/${sandbox}`, detail: 'it is protected', next: 'Set protect to false in its file, apply that, and try again.' })
      if (composition.isServed(store)) throw fail('daemon/serves', { sandbox })
      const plan = await planDestroy({ project, applied, store, clock: composition.clock })
      this.log(renderPlan(plan, this.paint()))
      if (!flags['auto-approve']) await this.approve(plan.changes.length, `Everything in sandbox ${sandbox} will be lost. Type its name to go on: `, sandbox)
      const emptied = await applyPlan({ plan, store, clock: composition.clock, folder: project.folder })
      const cleared = await composition.runPass({ store, applied: emptied }, { retryNow: true })
      if (cleared.undelivered > 0) throw fail('destroy/not-cleared', { sandbox, records: cleared.undelivered })
      return planToJson(plan)
    })
    await composition.removeSandbox(project.folder, sandbox)
    this.log(`Sandbox ${sandbox} is gone. The project files are as they were.`)
    return result
  }
}
