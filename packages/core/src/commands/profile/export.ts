import { Args, Flags } from '@oclif/core'
import { writeFile } from 'node:fs/promises'
import { exportProfile } from '../../daemon/privacy/export-profile.js'
import { noteExport } from '../../daemon/privacy/delete-profile.js'
import { fail } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { toIdentity } from '../identity.js'
import { StateCommand } from '../state/state-command.js'

export class ProfileExport extends StateCommand {
  static override summary = 'Everything that is known of one person, as JSON: for requests of access.'
  static override description = 'Raw records, components, identities and their links, events, memberships and their log, deliveries, and what waits in quarantine. That it was asked for is noted, without saying of whom.'
  static override examples = ['<%= config.bin %> profile export email:ada@acme.example', '<%= config.bin %> profile export email:ada@acme.example --out ada.json']
  static override args = { identity: Args.string({ required: true, description: 'namespace:value of the person, such as email:ada@acme.example' }) }
  static override flags = { out: Flags.string({ description: 'file to write, readable by you alone; stdout unless told' }) }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(ProfileExport)
    const identity = toIdentity(args.identity)
    return this.withState(flags, async ({ composition, place, store, applied }) => {
      const { clock } = composition
      const found = await exportProfile(store, applied, identity, clock)
      if (!found) throw fail('profile/unknown', { ...identity, sandbox: place.sandbox.name })
      await noteExport(store, { request: composition.newId(), identity, salt: composition.newId(), clock })
      const text = JSON.stringify(found, null, 2)
      if (flags.out === undefined) this.log(text)
      else {
        await writeFile(flags.out, `${text}\n`, { mode: 0o600 })
        this.log(`Written to ${flags.out}.`)
      }
      return JSON.parse(text) as Json
    })
  }
}
