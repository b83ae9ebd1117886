import { Args } from '@oclif/core'
import { revokeToken } from '../../daemon/tokens.js'
import type { Json } from '../../kernel/json.js'
import { StateCommand } from '../state/state-command.js'

export class TokensRevoke extends StateCommand {
  static override summary = 'Take a token back: from now on it is refused.'
  static override examples = ['<%= config.bin %> tokens revoke grafana']
  static override args = { token: Args.string({ required: true, description: 'its name or id' }) }

  async run(): Promise<Json> {
    const { args, flags } = await this.parse(TokensRevoke)
    return this.withState(flags, async ({ composition, store }) => {
      await revokeToken(store, args.token, composition.clock.now())
      this.log(`Token ${args.token} is revoked.`)
      return { revoked: args.token }
    })
  }
}
