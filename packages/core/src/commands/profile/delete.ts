import { Args, Flags } from '@oclif/core'
import { fail } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { renderDeletedProfile } from '../../render/deleted-profile.js'
import { toIdentity } from '../identity.js'
import { StateCommand } from '../state/state-command.js'

export class ProfileDelete extends StateCommand {
  static override summary = 'Delete one person: everything that is known here, and their place in every audience.'
  static override description = 'The same records do not come back when the source still has them, unless --allow-return. A destination that cannot be told now is tried again by later runs; only what its removal needs is kept until then. Exit code 6 says that there is one; the command can be repeated.'
  static override examples = ['<%= config.bin %> profile delete email:ada@acme.example']
  static override args = { identity: Args.string({ required: true, description: 'namespace:value of the person, such as email:ada@acme.example' }) }
  static override flags = {
    'allow-return': Flags.boolean({ description: 'let the same records come back with the next read' }),
    'auto-approve': Flags.boolean({ char: 'y', description: 'do not ask' }),
  }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(ProfileDelete)
    const identity = toIdentity(args.identity)
    return this.withState(flags, async ({ composition, place, store, applied }) => {
      if (!flags['auto-approve']) await this.approve(1, `Everything of ${args.identity} is deleted from sandbox ${place.sandbox.name} and from its audiences. Type yes to go on: `)
      const deleted = await composition.deleteProfile({ store, applied }, identity, flags['allow-return'])
      if (!deleted) throw fail('profile/unknown', { ...identity, sandbox: place.sandbox.name })
      this.log(renderDeletedProfile(deleted, this.paint()))
      if (deleted.stillThere.length > 0) process.exitCode = 6
      return deleted as unknown as Json
    })
  }
}
