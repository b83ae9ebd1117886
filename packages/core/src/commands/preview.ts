import { Args, Flags } from '@oclif/core'
import type { Segment } from '../1-project/project.js'
import type { Json } from '../kernel/json.js'
import { fail } from '../kernel/error.js'
import { parseAddress } from '../kernel/address.js'
import { previewSegment } from '../daemon/preview-segment.js'
import { renderFailure } from '../render/failure.js'
import { renderHow } from '../render/how-matched.js'
import { counted, duration, thousands } from '../render/numbers.js'
import { BaseCommand } from './base-command.js'

export class Preview extends BaseCommand {
  static override summary = 'Who is in a segment as it is written now, by the data at hand.'
  static override description = 'Nothing is changed and nothing is remembered. With --expression an idea can be tried before it is a file.'
  static override examples = ['<%= config.bin %> preview Segment/hot-leads', `<%= config.bin %> preview --expression 'person.title = "CEO"'`]
  static override args = { address: Args.string({ description: 'Segment/name' }) }
  static override flags = {
    expression: Flags.string({ char: 'e', description: 'try this expression instead of a segment of the project' }),
    entity: Flags.option({ options: ['person', 'account'] as const, default: 'person', description: 'what --expression looks at' })(),
    limit: Flags.integer({ char: 'n', default: 10, min: 0, description: 'how many members to show' }),
  }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(Preview)
    const composition = this.open(flags)
    const project = await this.loadProject(composition, flags)
    const segment = flags.expression === undefined ? this.find(args.address, project.segments) : this.accept(composition.toAdHocSegment(project, { expression: flags.expression, entity: flags.entity }), project.folder)
    return this.withSandbox(composition, project, async (store, applied) => {
      if (applied.serial === 0) throw fail('apply/nothing-applied', { sandbox: project.sandbox.name })
      const found = await previewSegment({ store, applied, project, segment, nowMs: composition.clock.nowMs(), clock: composition.clock, limit: flags.limit })
      const rest = found.members - found.sample.length
      this.log(`${segment.name === '' ? 'expression' : segment.name}: ${thousands(found.members)} of ${thousands(found.evaluated)} ${segment.entity === 'person' ? 'people' : 'accounts'} (${segment.lane}; ${segment.laneReason})`)
      for (const each of found.sample) this.log(`  ${each}`)
      if (rest > 0 && flags.limit > 0) this.log(`  … and ${thousands(rest)} more`)
      for (const each of found.failures) this.log(`  ${renderFailure(each)}`)
      if (found.evaluated === 0) this.log('  Nothing was read yet: cdp run')
      else if (!flags.quiet) this.log(`  ${renderHow(found.how)} · ${counted(found.evaluated, 'profile')} looked at · ${duration(found.tookMs)}`)
      return found as unknown as Json
    })
  }

  private find(written: string | undefined, segments: readonly Segment[]): Segment {
    const address = parseAddress(written ?? '')
    const found = segments.find((each) => address?.kind === 'Segment' && each.name === address.name)
    if (!found) throw fail('cli/unknown-address', { written: written ?? '', known: segments.map((each) => `Segment/${each.name}`).join(', ') })
    return found
  }
}
