import { Flags } from '@oclif/core'
import { createToken, roles } from '../../daemon/tokens.js'
import type { Json } from '../../kernel/json.js'
import { StateCommand } from '../state/state-command.js'

export class TokensCreate extends StateCommand {
  static override summary = 'Make a token for the admin API of cdp serve. Its value is shown once.'
  static override description = 'read: everything that is told. write: passes and deliveries, too. admin: privacy requests and commands from elsewhere (CDP_DAEMON_URL, CDP_DAEMON_TOKEN), too. Only a digest of the value is kept.'
  static override examples = ['<%= config.bin %> tokens create --name grafana --role read', 'export CDP_DAEMON_TOKEN=$(<%= config.bin %> tokens create --name ci --role admin --quiet)']
  static override flags = {
    name: Flags.string({ required: true, description: 'what it is for' }),
    role: Flags.option({ options: roles, default: 'read' as const, description: 'what it may do' })(),
  }

  async run(): Promise<Json> {
    const { flags } = await this.parse(TokensCreate)
    return this.withState(flags, async ({ composition, store }) => {
      const { value, id, name, role } = await createToken(store, { name: flags.name, role: flags.role, secret: composition.newSecret(), at: composition.clock.now() })
      if (!flags.quiet && !this.jsonEnabled()) this.logToStderr(`Token ${id} (${name}, ${role}). Its value is shown now and never again:`)
      this.log(value)
      return { id, name, role, value }
    })
  }
}
