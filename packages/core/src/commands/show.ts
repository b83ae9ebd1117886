import { existsSync } from 'node:fs'
import { Args, Flags } from '@oclif/core'
import { loadPlanFile, projectResources } from '../2-plan/index.js'
import { fail } from '../kernel/error.js'
import { parseAddress } from '../kernel/address.js'
import type { Json } from '../kernel/json.js'
import { planToJson, renderResource } from '../render/plan.js'
import { type PlanFormat, planFormats, renderPlanAs } from '../render/report.js'
import { BaseCommand, type GlobalFlags } from './base-command.js'

export class Show extends BaseCommand {
  static override summary = 'A saved plan, or one resource as the program understands it.'
  static override examples = ['<%= config.bin %> show plan.cdp', '<%= config.bin %> show plan.cdp --format markdown', '<%= config.bin %> show Segment/hot-leads --effective']
  static override args = { what: Args.string({ required: true, description: 'plan file, or Kind/name' }) }
  static override flags = {
    effective: Flags.boolean({ description: 'tell where each value comes from: file, overlay, variable, default' }),
    format: Flags.option({ options: planFormats, default: 'human', exclusive: ['json'], description: 'what to print of a plan; resources know human and json' })(),
  }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(Show)
    this.printAs(flags.format)
    const address = parseAddress(args.what)
    if (!address || existsSync(args.what)) return this.showPlan(args.what, flags)
    if (flags.format !== 'human' && flags.format !== 'json') throw fail('cli/format-of-plans', { format: flags.format, what: args.what })
    const composition = this.open(flags)
    const project = await this.loadProject(composition, flags)
    const resources = projectResources(project)
    const found = resources.find((each) => each.kind === address.kind && each.name === address.name)
    if (!found) throw fail('cli/unknown-address', { written: args.what, known: resources.map((each) => each.address).join(', ') })
    if (flags.effective) {
      const lines = composition.describeEffective(project, found.address)
      for (const line of lines) this.log(`${line.pointer}: ${JSON.stringify(line.value)}  ${this.paint().dim(`# ${line.origin}`)}`)
      return lines as unknown as Json
    }
    for (const line of renderResource(found.spec)) this.log(line)
    return found.spec
  }

  private async showPlan(file: string, flags: GlobalFlags & { readonly format: PlanFormat }): Promise<Json> {
    const plan = await loadPlanFile(file)
    this.log(renderPlanAs(flags.format, plan, await this.reportSurroundings(this.open(flags), flags)))
    return planToJson(plan)
  }
}
