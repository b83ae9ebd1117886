// The tokens of a sandbox as text.
import type { TokenEntry } from '../daemon/tokens.js'
import { minutes, table } from './numbers.js'
import type { Paint } from './paint.js'

export function renderTokens(tokens: readonly TokenEntry[], paint: Paint): string {
  if (tokens.length === 0) return 'No tokens. cdp tokens create makes one.'
  const lines = table(tokens.map((each) => [each.name, each.role, each.id, `since ${minutes(each.createdAt)}`, each.revokedAt === null ? '' : `revoked ${minutes(each.revokedAt)}`]))
  return lines.map((line, index) => (tokens[index]?.revokedAt === null ? line : paint.dim(line))).join('\n')
}
