import { Args, Flags } from '@oclif/core'
import type { Project, Segment } from '../1-project/project.js'
import { nearestGuardrail } from '../1-project/index.js'
import type { Applied } from '../2-plan/applied.js'
import type { Composition } from '../compose.js'
import { explainProfile } from '../daemon/explain-profile.js'
import { explainSegment } from '../daemon/explain-segment.js'
import type { Identity } from '../entities/identity-value.js'
import { messageOf } from '../expressions/closure/messages.js'
import { parseAddress } from '../kernel/address.js'
import { type CodeDescription, findCode } from '../kernel/codes/describe-code.js'
import { fail } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import { renderCode } from '../render/code.js'
import { renderExplanation } from '../render/explain.js'
import { renderGuardrail } from '../render/guardrail.js'
import { renderProfileExplanation } from '../render/explain-profile.js'
import type { Store } from '../stores/store.js'
import { BaseCommand } from './base-command.js'
import { toIdentity } from './identity.js'

interface OpenSandbox {
  readonly store: Store
  readonly applied: Applied
}

export class Explain extends BaseCommand {
  static override summary = 'Why a segment is evaluated as it is, why somebody is in it or not, what a code means, what a guardrail limits.'
  static override description = 'Works on the project files as they are now and the data at hand. Nothing is changed and nothing is remembered.'
  static override examples = ['<%= config.bin %> explain Segment/hot-leads', '<%= config.bin %> explain Segment/hot-leads --profile email:ada@acme.example', '<%= config.bin %> explain plan/stale', '<%= config.bin %> explain guardrail/streaming-audiences']
  static override args = { what: Args.string({ required: true, description: 'Segment/name, a code, or a guardrail' }) }
  static override flags = { profile: Flags.string({ char: 'p', description: 'namespace:value: each clause with its value for this person or account' }) }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(Explain)
    const composition = this.open(flags)
    if (isGuardrailName(args.what)) {
      const guardrail = await composition.describeGuardrail(args.what, { configFile: flags.config })
      if (guardrail) {
        this.log(renderGuardrail(guardrail, this.paint()))
        return JSON.parse(JSON.stringify(guardrail)) as Json
      }
      if (args.what.startsWith('guardrail/')) throw fail('cli/unknown-guardrail', { written: args.what, nearest: nearestGuardrail(args.what) ?? '' })
    }
    const code = describeCode(args.what)
    if (code) {
      this.log(renderCode(code, this.paint()))
      return { ...code }
    }
    const project = await this.loadProject(composition, flags)
    const segment = this.find(args.what, project)
    const identity = flags.profile === undefined ? undefined : toIdentity(flags.profile)
    return this.withData(composition, project, async (sandbox) => {
      if (identity) return this.explainProfile({ composition, project, segment, identity, sandbox })
      const explanation = await explainSegment({ project, segment, nowMs: composition.clock.nowMs(), clock: composition.clock, dialect: composition.dialect, ...(sandbox ? { sandbox } : {}) })
      this.log(renderExplanation(explanation, { folder: project.folder, paint: this.paint(), isQuiet: flags.quiet }))
      return JSON.parse(JSON.stringify(explanation, writable)) as Json
    })
  }

  private async explainProfile({ composition, project, segment, identity, sandbox }: ProfileQuestion): Promise<Json> {
    if (!sandbox || sandbox.applied.serial === 0) throw fail('apply/nothing-applied', { sandbox: project.sandbox.name })
    const explanation = await explainProfile({ project, segment, ...sandbox, nowMs: composition.clock.nowMs(), clock: composition.clock, identity })
    this.log(renderProfileExplanation(explanation, segment.name, this.paint()))
    if (!explanation.verdicts.agree) process.exitCode = 1
    return { segment: segment.name, entity: segment.entity, expression: segment.expression, ...(JSON.parse(JSON.stringify(explanation, writable)) as Record<string, Json>) }
  }

  /** Where there is no database none is made. */
  private withData<T>(composition: Composition, project: Project, work: (sandbox: OpenSandbox | undefined) => Promise<T>): Promise<T> {
    if (!composition.hasSandbox(project.folder, project.sandbox.name)) return work(undefined)
    return this.withSandbox(composition, project, (store, applied) => work({ store, applied }))
  }

  private find(written: string, { segments }: Project): Segment {
    const address = parseAddress(written)
    const found = segments.find((each) => address?.kind === 'Segment' && each.name === address.name)
    if (!found) throw fail('cli/unknown-address', { written, known: segments.map((each) => `Segment/${each.name}`).join(', ') })
    return found
  }
}

interface ProfileQuestion {
  readonly composition: Composition
  readonly project: Project
  readonly segment: Segment
  readonly identity: Identity
  readonly sandbox: OpenSandbox | undefined
}

/** `guardrail/streaming-audiences`, `streaming-audiences`, or a name of the catalogue; addresses have a slash, JSONata's codes capitals. */
function isGuardrailName(written: string): boolean {
  return /^(guardrail\/)?[a-z0-9-]+$/.test(written)
}

/** A code of ours, or one of JSONata's as `cdp status` counts them. */
function describeCode(written: string): CodeDescription | undefined {
  const own = findCode(written)
  if (own) return own
  const placeholders = new Proxy({ code: written }, { get: (known, name) => (name === 'code' ? known['code'] : `<${String(name)}>`) })
  const message = messageOf(placeholders)?.replaceAll('"<', '<').replaceAll('>"', '>')
  if (message === undefined) return undefined
  const isSyntax = written.startsWith('S')
  return {
    code: written, kind: isSyntax ? 'error' : 'evaluation', summary: message,
    detail: isSyntax ? '' : 'JSONata raises it where it evaluates an expression. A profile on whom a segment fails is not a member.',
    help: isSyntax ? 'cdp validate shows the place.' : 'cdp explain Segment/name --profile shows which clause fails, and on what.',
  }
}

/** Parameters of SQL may be 64-bit integers. */
function writable(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
