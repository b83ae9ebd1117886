// What the commands on the applied state share. They need to know which sandbox is meant and nothing else of the files, so that
// they work while the files have mistakes.
import type { FoundSandbox } from '../../1-project/index.js'
import type { Applied } from '../../2-plan/applied.js'
import { ownResources, readAppliedAt, readAppliedSerials } from '../../2-plan/index.js'
import type { Composition } from '../../compose.js'
import { type ResourceKind, parseAddress, toAddress } from '../../kernel/address.js'
import { fail } from '../../kernel/error.js'
import type { Store } from '../../stores/store.js'
import { BaseCommand, type GlobalFlags } from '../base-command.js'

export interface OpenState {
  readonly composition: Composition
  readonly place: FoundSandbox
  readonly store: Store
  readonly applied: Applied
}

export abstract class StateCommand extends BaseCommand {
  protected async findSandbox(composition: Composition, flags: GlobalFlags): Promise<FoundSandbox> {
    return this.accept(await composition.findSandbox({ sandbox: flags.sandbox, configFile: flags.config }), await this.projectFolder(composition, flags))
  }

  /** The sandbox and its state; where there is no database none is made. */
  protected async withState<T>(flags: GlobalFlags, work: (open: OpenState) => Promise<T>): Promise<T> {
    const composition = this.open(flags)
    const place = await this.findSandbox(composition, flags)
    if (!composition.hasSandbox(place.folder, place.sandbox.name)) throw fail('apply/nothing-applied', { sandbox: place.sandbox.name })
    return this.withSandbox(composition, place, (store, applied) => work({ composition, place, store, applied }))
  }

  /** What the state has at an address that somebody wrote. */
  protected addressIn(applied: Applied, written: string): { readonly kind: ResourceKind; readonly name: string } {
    const address = parseAddress(written)
    const known = knownAddresses(applied)
    if (!address || !known.includes(toAddress(address.kind, address.name))) throw fail('cli/unknown-address', { written, known: known.join(', ') })
    return address
  }

  /** The state itself, or a former one. */
  protected async atSerial(store: Store, applied: Applied, serial: number | undefined): Promise<Applied> {
    if (serial === undefined || serial === applied.serial) return applied
    const former = await readAppliedAt(store, serial)
    if (!former) throw fail('state/no-such-serial', { serial, ...((await readAppliedSerials(store)) ?? { oldest: 0, newest: 0 }) })
    return former
  }
}

function knownAddresses(applied: Applied): readonly string[] {
  const removed = applied.retired.filter((each) => each.segmentRemoved).map((each) => toAddress('Segment', each.segment.spec.name))
  return [...ownResources(applied).map((each) => each.address), ...Object.keys(applied.reserved ?? {}), ...removed]
}
