import { Args, Flags } from '@oclif/core'
import type { Applied } from '../2-plan/applied.js'
import type { RunResult } from '../daemon/run.js'
import { parseAddress } from '../kernel/address.js'
import { fail } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import { renderRun, renderRunProgress, runToJson } from '../render/run.js'
import { BaseCommand } from './base-command.js'

export class Run extends BaseCommand {
  static override summary = 'One pass now: read the sources, unify profiles, evaluate segments, deliver.'
  static override description = 'Works from what was applied, never from the files. Killed at any moment, the next run goes on without loss and without doing anything twice.'
  static override examples = ['<%= config.bin %> run', '<%= config.bin %> run Source/crm', '<%= config.bin %> run --dry-run']
  static override args = { address: Args.string({ description: 'only this Source/name, Segment/name or Destination/name' }) }
  static override flags = {
    'full-refresh': Flags.boolean({ description: 'read the sources from their beginning' }),
    'dry-run': Flags.boolean({ description: 'evaluate, but send nothing' }),
    reconcile: Flags.boolean({ description: 'read the audiences back and mend what differs, where destinations can tell who is in them' }),
    release: Flags.string({ multiple: true, default: [], description: 'held segment whose moves are meant: deliver them' }),
    'retry-now': Flags.boolean({ description: 'try waiting deliveries now, whenever they are due' }),
  }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(Run)
    const composition = this.open(flags)
    const project = await this.loadProject(composition, flags)
    composition.assertSecrets(project)
    return this.withSandbox(composition, project, async (store, applied) => {
      if (applied.serial === 0) throw fail('apply/nothing-applied', { sandbox: project.sandbox.name })
      const only = args.address === undefined ? undefined : this.address(args.address, applied)
      const result = await composition.runPass(
        { store, applied },
        { fullRefresh: flags['full-refresh'], dryRun: flags['dry-run'], retryNow: flags['retry-now'], reconcile: flags.reconcile, release: flags.release.map((each) => this.segment(each, applied)), ...(only ? { only } : {}) },
        (each) => { if (!flags.quiet) this.progress(renderRunProgress(each)) },
      )
      this.progress('')
      this.log(renderRun(result, this.paint()))
      process.exitCode = exitCodeOf(result)
      return runToJson(result)
    })
  }

  private segment(written: string, applied: Applied): string {
    const name = written.replace(/^segment\//i, '')
    if (!applied.segments[name]) throw fail('cli/unknown-address', { written, known: Object.keys(applied.segments).map((each) => `Segment/${each}`).join(', ') })
    return name
  }

  private address(text: string, applied: Applied): NonNullable<ReturnType<typeof parseAddress>> {
    const address = parseAddress(text)
    const known = [
      ...Object.keys(applied.sources).map((each) => `Source/${each}`),
      ...Object.keys(applied.segments).map((each) => `Segment/${each}`),
      ...Object.keys(applied.destinations).map((each) => `Destination/${each}`),
    ]
    if (!address || !known.includes(`${address.kind}/${address.name}`)) throw fail('cli/unknown-address', { written: text, known: known.join(', ') })
    return address
  }
}

function exitCodeOf({ failed, segments, undelivered }: RunResult): number {
  if (failed) return 1
  if (segments.segments.some((each) => each.held)) return 4
  return undelivered > 0 ? 6 : 0
}
