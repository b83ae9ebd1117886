import { Args } from '@oclif/core'
import { fail } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { readProfile } from '../../daemon/read-profile.js'
import { renderProfile } from '../../render/profile.js'
import { BaseCommand } from '../base-command.js'
import { toIdentity } from '../identity.js'

export class ProfileGet extends BaseCommand {
  static override summary = 'One person or account: fields, identities, accounts, opportunities, memberships.'
  static override examples = ['<%= config.bin %> profile get email:ada@acme.example', '<%= config.bin %> profile get "b2b_account:Acme Corporation@crm.CRM"']
  static override args = { identity: Args.string({ required: true, description: 'namespace:value, such as email:ada@acme.example' }) }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(ProfileGet)
    const composition = this.open(flags)
    const project = await this.loadProject(composition, flags)
    return this.withSandbox(composition, project, async (store, applied) => {
      const identity = toIdentity(args.identity)
      const profile = await readProfile(store, applied, identity)
      if (!profile) throw fail('profile/unknown', { ...identity, sandbox: project.sandbox.name })
      this.log(renderProfile(profile, this.paint()))
      return JSON.parse(JSON.stringify(profile)) as Json
    })
  }
}
