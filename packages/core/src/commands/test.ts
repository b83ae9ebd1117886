import { Args, Flags } from '@oclif/core'
import type { SegmentTests } from '../1-project/index.js'
import type { Project } from '../1-project/project.js'
import { runSegmentTests } from '../daemon/run-segment-tests.js'
import { parseAddress, toAddress } from '../kernel/address.js'
import type { Checked } from '../kernel/diagnostic.js'
import { fail } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import { problemsToJunit, segmentTestsToJunit } from '../render/junit.js'
import { renderNoTests, renderSegmentTests, segmentTestsToJson } from '../render/segment-tests.js'
import { BaseCommand } from './base-command.js'

const failedExit = 1

export class Test extends BaseCommand {
  static override summary = 'Run the segment tests of the project: profiles in, expected members out, at a fixed time.'
  static override description = 'Tests are the documents of kind SegmentTest in files named *.test.yaml. Nothing is read but the project files, and nothing is stored.\nExit code 0: all passed. 1: some failed. 3: the project or a test has mistakes.'
  static override examples = ['<%= config.bin %> test', '<%= config.bin %> test Segment/hot-leads', '<%= config.bin %> test --format junit > report.xml']
  static override strict = false
  static override args = { segments: Args.string({ description: 'Segment/name, one or more; all when none is given' }) }
  static override flags = {
    format: Flags.option({ options: ['human', 'json', 'junit'] as const, default: 'human', description: 'what to print' })(),
  }

  async run(): Promise<Json> {
    const { argv, flags } = await this.parse(Test)
    this.printAs(flags.format)
    const composition = this.open(flags)
    const checked = await composition.loadSegmentTests({ sandbox: flags.sandbox, configFile: flags.config })
    if (flags.format === 'junit') this.printProblems(checked)
    const { project, tests } = this.accept(checked, await this.projectFolder(composition, flags))
    const chosen = this.choose(argv.map(String), project)
    const run = await runSegmentTests({ project, tests: tests.filter((each) => chosen.includes(each.segment)), clock: composition.clock })
    if (flags.format === 'junit') this.log(segmentTestsToJunit(run))
    else this.log(run.tests.length === 0 ? this.describeNoTests(project, chosen) : renderSegmentTests(run, { paint: this.paint(), isQuiet: flags.quiet }))
    process.exitCode = run.failed > 0 ? failedExit : 0
    return segmentTestsToJson(run)
  }

  /** A report is expected where it is asked for, also of a project that cannot be tested. */
  private printProblems(checked: Checked<SegmentTests>): void {
    if (!checked.ok) this.log(problemsToJunit(checked.problems, 'cdp test'))
  }

  private choose(written: readonly string[], { segments }: Project): readonly string[] {
    const names = segments.map((each) => each.name)
    if (written.length === 0) return names
    return written.map((each) => {
      const address = parseAddress(each)
      if (address?.kind !== 'Segment' || !names.includes(address.name)) throw fail('cli/unknown-address', { written: each, known: names.map((name) => `Segment/${name}`).join(', ') })
      return address.name
    })
  }

  private describeNoTests(project: Project, chosen: readonly string[]): string {
    const segment = project.segments.find((each) => chosen.includes(each.name))
    const place = segment && project.places[toAddress('Segment', segment.name)]
    return renderNoTests(segment && place ? { name: segment.name, file: place.at.file, entity: segment.entity } : undefined)
  }
}
