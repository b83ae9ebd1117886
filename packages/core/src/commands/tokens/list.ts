import { readTokens } from '../../daemon/tokens.js'
import type { Json } from '../../kernel/json.js'
import { renderTokens } from '../../render/tokens.js'
import { StateCommand } from '../state/state-command.js'

export class TokensList extends StateCommand {
  static override summary = 'The tokens of the sandbox: name, role, since when, and which are revoked. Never their values.'
  static override examples = ['<%= config.bin %> tokens list']

  async run(): Promise<Json> {
    const { flags } = await this.parse(TokensList)
    return this.withState(flags, async ({ store }) => {
      const tokens = await readTokens(store)
      this.log(renderTokens(tokens, this.paint()))
      return { tokens: tokens as unknown as Json }
    })
  }
}
