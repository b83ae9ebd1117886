// Which source of which sandbox a write key belongs to, and which sources take webhooks. Keys are held as digests: nothing that can be dumped is of use, and looking one
// up takes as long whether it is nearly right or not at all.
import { createHash } from 'node:crypto'
import type { Webhook } from '../../plugins/builtin/events/webhook.js'

export interface KeyOwner {
  readonly sandbox: string
  /** Its uid in the sandbox. */
  readonly source: number
}

export interface WriteKey extends KeyOwner {
  readonly key: string
}

/** A source that takes webhooks. */
export interface Hook extends KeyOwner {
  /** Its name. */
  readonly hook: string
  readonly webhook: Webhook
}

export class WriteKeys {
  readonly #owners = new Map<string, KeyOwner>()
  /** Keys of which nobody can tell the sandbox: whoever had it first has it. */
  readonly shared: readonly { readonly owner: KeyOwner; readonly other: KeyOwner }[]

  constructor(keys: readonly WriteKey[], private readonly hooks: readonly Hook[] = []) {
    this.shared = keys.flatMap(({ key, ...other }) => {
      const digest = digestOf(key)
      const owner = this.#owners.get(digest)
      if (owner !== undefined && owner.sandbox !== other.sandbox) return [{ owner, other }]
      this.#owners.set(digest, other)
      return []
    })
  }

  /** Sandboxes may have sources of the same name. */
  hooksOf(source: string): readonly Hook[] {
    return this.hooks.filter((each) => each.hook === source)
  }

  find(key: string): KeyOwner | undefined {
    return this.#owners.get(digestOf(key))
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
