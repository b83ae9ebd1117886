// Which source a write key belongs to. Keys are held as digests: nothing that can be dumped is of use, and looking one up takes as
// long whether it is nearly right or not at all.
import { createHash } from 'node:crypto'

export interface WriteKey {
  readonly source: number
  readonly key: string
}

export class WriteKeys {
  readonly #sources: ReadonlyMap<string, number>

  constructor(keys: readonly WriteKey[]) {
    this.#sources = new Map(keys.map(({ source, key }) => [digestOf(key), source]))
  }

  find(key: string): number | undefined {
    return this.#sources.get(digestOf(key))
  }
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** The user of Basic, or a Bearer token. */
export function findKey(authorization: string | undefined): string | undefined {
  const [, scheme = '', credentials = ''] = /^(\w+)\s+(\S+)\s*$/.exec(authorization ?? '') ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return credentials
    case 'basic': {
      const [user = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 1)
      return user === '' ? undefined : user
    }
    default:
      return undefined
  }
}
