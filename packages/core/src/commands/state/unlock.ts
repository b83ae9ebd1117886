import { Flags } from '@oclif/core'
import type { FoundSandbox } from '../../1-project/index.js'
import type { Composition } from '../../compose.js'
import { closeInterrupted } from '../../daemon/run-history.js'
import { fail, isCdpError } from '../../kernel/error.js'
import { type FoundProcess, findProcess } from '../../kernel/find-process.js'
import type { Json } from '../../kernel/json.js'
import { renderFree, renderHeld } from '../../render/state.js'
import { StateCommand } from './state-command.js'

export class StateUnlock extends StateCommand {
  static override summary = 'Who holds the sandbox, and make it usable again after whoever held it has died.'
  static override description = [
    'One process at a time works on a sandbox. A process that ends, however it ends, lets go of it; what it had committed stays. This command tells who holds it now, or opens it, takes in what the last one had half written, and closes its runs.',
    'Where the holder cannot be seen from here (another container, a network file system), --force takes the sandbox over: only do that when you know that it has ended, for what it still writes is lost.',
  ].join('\n')
  static override examples = ['<%= config.bin %> state unlock', '<%= config.bin %> state unlock --sandbox prod --force']
  static override flags = {
    force: Flags.boolean({ description: 'take the sandbox over from a holder that is no process of this machine' }),
    'auto-approve': Flags.boolean({ char: 'y', description: 'do not ask' }),
  }

  async run(): Promise<Json> {
    const { flags } = await this.parse(StateUnlock)
    const composition = this.open(flags)
    const place = await this.findSandbox(composition, flags)
    const { name } = place.sandbox
    if (!composition.hasSandbox(place.folder, name)) {
      this.log(`Sandbox ${name} has no database yet, and nobody holds it.`)
      return { sandbox: name, held: false, serial: 0, interruptedRuns: 0 }
    }
    const pid = await this.findHolder(composition, place)
    if (pid === undefined) return this.mend(composition, place)
    const holder = findProcess(pid)
    if (!flags.force) return this.tell(name, pid, holder)
    if (holder) throw fail('state/holder-alive', { pid, sandbox: name })
    if (!flags['auto-approve']) await this.approve(1, `Whatever process ${String(pid)} still writes to sandbox ${name} will be lost. Type the name of the sandbox to go on: `, name)
    await composition.takeOverSandbox(place.folder, name)
    return this.mend(composition, place)
  }

  /** The process that holds it; undefined when nobody does. */
  private async findHolder(composition: Composition, place: FoundSandbox): Promise<number | undefined> {
    try {
      await (await composition.openSandbox(place.folder, place.sandbox.name, 0)).close()
      return undefined
    } catch (error) {
      if (isCdpError(error, 'store/in-use')) return Number(error.params['pid'])
      throw error
    }
  }

  private tell(sandbox: string, pid: number, holder: FoundProcess | undefined): Json {
    this.log(renderHeld(sandbox, pid, holder).join('\n'))
    process.exitCode = 5
    return { sandbox, held: true, pid, ...(holder ? { command: holder.command, isStopped: holder.isStopped } : {}) }
  }

  /** Opening takes in what was half written; whatever run is open was killed. */
  private mend(composition: Composition, place: FoundSandbox): Promise<Json> {
    const { name } = place.sandbox
    return this.withSandbox(composition, place, async (store, { serial }) => {
      const interruptedRuns = await store.transaction(closeInterrupted)
      this.log(renderFree(name, serial, interruptedRuns))
      return { sandbox: name, held: false, serial, interruptedRuns }
    })
  }
}
