import { Args, Flags } from '@oclif/core'
import type { Applied } from '../../2-plan/applied.js'
import { planMove } from '../../2-plan/index.js'
import { applyPlan } from '../../3-apply/index.js'
import { type Address, type ResourceKind, parseAddress, toAddress } from '../../kernel/address.js'
import { fail } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { StateCommand } from './state-command.js'

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

export class StateMv extends StateCommand {
  static override summary = 'Give an applied resource another name: it keeps its uid, members, cursors and remote audience.'
  static override description = [
    'For a resource that was renamed in the files without renamedFrom, before the change is applied: the plan then compares the two instead of removing one and making the other.',
    'What names it in the applied state follows: segments that read a segment, activations of a destination, merge policies with a source. Nothing is delivered.',
  ].join('\n')
  static override examples = ['<%= config.bin %> state mv Segment/hot-leads Segment/hot-engagers', '<%= config.bin %> state mv Destination/old Destination/new --auto-approve']
  static override args = { from: Args.string({ required: true, description: 'Kind/name in the applied state' }), to: Args.string({ required: true, description: 'Kind/name that it gets' }) }
  static override flags = { 'auto-approve': Flags.boolean({ char: 'y', description: 'do not ask' }) }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(StateMv)
    return this.withState(flags, async ({ store, applied, composition, place }) => {
      const { kind, name } = this.addressIn(applied, args.from)
      const [from, to] = [toAddress(kind, name), parseAddress(args.to)]
      if (!to || !namePattern.test(to.name)) throw fail('state/bad-name', { written: args.to })
      if (to.kind !== kind) throw fail('state/other-kind', { from, to: toAddress(to.kind, to.name) })
      const plan = planMove({ applied, kind, from: name, to: to.name })
      const address = toAddress(kind, to.name)
      if (!flags['auto-approve']) await this.approve(1, `Rename ${from} to ${address} in the applied state? Only "yes" is accepted: `)
      const { serial } = await applyPlan({ plan, store, clock: composition.clock, folder: place.folder })
      this.log(`${from} is ${address} from state #${String(serial)} on; uid, members and audiences are as they were.`)
      if (!flags.quiet) for (const line of advice(applied, kind, name, address)) this.log(line)
      return { serial, from, to: address }
    })
  }
}

function advice(applied: Applied, kind: ResourceKind, name: string, address: Address): readonly string[] {
  const lists = kind === 'Segment' ? (applied.segments[name]?.spec.activate ?? []).filter((each) => each.list === name) : []
  return [
    `In the files it should be ${address} too: cdp plan compares by name.`,
    ...lists.map(({ destination, list }) => `Its audience at Destination/${destination} is called "${list}": write list: ${list} there to keep that.`),
  ]
}
