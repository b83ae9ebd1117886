import { Args, Flags } from '@oclif/core'
import type { Destination, Project, Segment } from '../1-project/project.js'
import { nameOf } from '../2-plan/applied.js'
import { planAdoption, planChanges, protection, readApplied } from '../2-plan/index.js'
import type { Plan } from '../2-plan/plan.js'
import { applyPlan } from '../3-apply/index.js'
import { forgetAudiences, readAudiences, rememberAudience } from '../7-activation/index.js'
import type { Composition } from '../compose.js'
import { parseAddress, toAddress } from '../kernel/address.js'
import { fail } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import { suggestion } from '../kernel/suggest.js'
import { renderNextPlan } from '../render/state.js'
import type { Store } from '../stores/store.js'
import { BaseCommand } from './base-command.js'

export class Import extends BaseCommand {
  static override summary = 'Use an audience that is there already, instead of making another one.'
  static override description = [
    'The segment and the destination must be in the files; whether they are applied does not matter. Nothing is sent: the next run delivers into the audience with this id.',
    'Who is in it already and belongs to the segment stays; who does not belong stays too, because cdp takes out only whom it put in.',
  ].join('\n')
  static override examples = ['<%= config.bin %> import Segment/hot-leads 4711', '<%= config.bin %> import Segment/hot-leads 4711 --destination marketo-eu', '<%= config.bin %> import Segment/hot-leads 4712 --destination marketo-eu --force']
  static override args = {
    address: Args.string({ required: true, description: 'Segment/name' }),
    id: Args.string({ required: true, description: 'the id of the audience at the destination; also its name, where the connector finds it by that' }),
  }
  static override flags = {
    destination: Flags.string({ char: 'd', description: 'where the audience is; needed when the segment is delivered to several destinations' }),
    force: Flags.boolean({ description: 'although the segment has an audience there: leave that one as it is and use this one' }),
    'auto-approve': Flags.boolean({ char: 'y', description: 'do not ask' }),
  }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(Import)
    const composition = this.open(flags)
    const project = await this.loadProject(composition, flags)
    const segment = findSegment(args.address, project)
    const destination = findDestination(segment, flags.destination, project)
    const { remoteId, name } = await findRemote({ composition, project, segment, destination, written: args.id.trim() })
    return this.withSandbox(composition, project, async (store, applied) => {
      const adoption = planAdoption({ applied, project, segment: segment.name, destination: destination.name })
      const place = { segment: adoption.segment, destination: adoption.destination }
      const audiences = await readAudiences(store, { destination: place.destination })
      const other = audiences.find((each) => each.remoteId === remoteId && each.segment !== place.segment)
      if (other) throw fail('import/of-another', { remoteId, destination: destination.name, segment: nameOf(applied, 'Segment', other.segment) })
      const known = audiences.find((each) => each.segment === place.segment)
      if (known && !flags.force) throw fail('import/already-known', { segment: segment.name, destination: destination.name, remoteId: known.remoteId })
      const plan = known ? { ...adoption.plan, blocks: protection(applied, { kind: 'Destination', name: destination.name }) } : adoption.plan
      if (known && plan.blocks.length === 0 && !flags['auto-approve']) await this.approve(1, `Leave audience ${known.remoteId} as it is, and deliver to ${remoteId} from now on? Only "yes" is accepted: `)
      const { serial } = await applyPlan({
        plan, store, clock: composition.clock, folder: project.folder,
        alongside: async (tx) => {
          await forgetAudiences(tx, place)
          await rememberAudience(tx, { ...place, remoteId, created: false, at: composition.clock.now() })
        },
      })
      const audience = `audience ${remoteId}${name === undefined ? '' : ` ("${name}")`} of Destination/${destination.name}`
      this.log(`Segment/${segment.name} is delivered to ${audience} from state #${String(serial)} on. Nothing was sent.`)
      const next = await planNext(store, project, composition)
      if (!flags.quiet) for (const line of renderNextPlan(next, { segment: segment.name, destination: destination.name, audience })) this.log(line)
      return { serial, segment: segment.name, destination: destination.name, remoteId, ...(name === undefined ? {} : { name }), ...(known ? { left: known.remoteId } : {}) }
    })
  }
}

function findSegment(written: string, project: Project): Segment {
  const { segments } = project
  const address = parseAddress(written)
  if (address && address.kind !== 'Segment' && project.places[toAddress(address.kind, address.name)]) throw fail('import/nothing-to-adopt', { address: toAddress(address.kind, address.name) })
  const found = segments.find((each) => address?.kind === 'Segment' && each.name === address.name)
  if (!found) throw fail('import/not-in-files', { address: written, suggestion: suggestion(written, segments.map((each) => toAddress('Segment', each.name))) })
  return found
}

function findDestination({ name, activate }: Segment, wanted: string | undefined, { destinations }: Project): Destination {
  const known = activate.map((each) => each.destination)
  const chosen = wanted?.replace(/^destination\//i, '') ?? known[0]
  if (wanted === undefined && known.length > 1) throw fail('import/which-destination', { segment: name, known: known.join(', ') })
  const found = destinations.find((each) => known.includes(each.name) && each.name === chosen)
  if (!found) throw fail('import/no-activation', { segment: name, destination: chosen ?? '', known: known.join(', ') })
  return found
}

interface RemoteQuestion {
  readonly composition: Composition
  readonly project: Project
  readonly segment: Segment
  readonly destination: Destination
  readonly written: string
}

/** The audience's id, and what it is called there, where the connector can tell. */
async function findRemote({ composition, project, segment, destination, written }: RemoteQuestion): Promise<{ readonly remoteId: string; readonly name?: string }> {
  const opened = await composition.openProjectConnectors(project)
  try {
    const { open } = opened.openDestination({ uid: 0, spec: destination })
    const list = segment.activate.find((each) => each.destination === destination.name)?.list ?? segment.name
    if (!open.ensureAudience) throw fail('import/makes-no-audiences', { destination: destination.name, connector: destination.connector, list })
    if (!open.findAudience) return { remoteId: written }
    const found = await open.findAudience(written)
    if (!found) throw fail('import/not-there', { destination: destination.name, remoteId: written })
    return { remoteId: written, ...found }
  } finally {
    await opened.close()
  }
}

async function planNext(store: Store, project: Project, { clock }: Composition): Promise<Plan> {
  return planChanges({ project, applied: await readApplied(store), store, clock })
}
