// The write keys of everything that a process serves, looked up anew when a sandbox works from another state or is served at last.
import type { Applied } from '../../2-plan/applied.js'
import { fail } from '../../kernel/error.js'
import type { Log } from '../../kernel/log.js'
import type { SenderKey } from '../../plugins/builtin/events/index.js'
import { WriteKeys } from './write-keys.js'

export interface KeyedSandbox {
  readonly name: string
  readonly applied: Applied
}

export interface SandboxKeysOptions {
  readonly sandboxes: () => readonly KeyedSandbox[]
  /** Those of a source's configuration, secrets resolved; none of a source that is not collected. */
  readonly keysOf: (applied: Applied) => readonly (SenderKey & { readonly source: number })[]
  readonly log: Log
}

export class SandboxKeys {
  #known: { readonly states: readonly Applied[]; readonly keys: WriteKeys } = { states: [], keys: new WriteKeys([]) }

  constructor(private readonly options: SandboxKeysOptions) {}

  /** Asked at each request. */
  current(): WriteKeys {
    if (this.look()) for (const each of this.describeShared()) this.options.log.write('error', each.message, { code: each.code })
    return this.#known.keys
  }

  /** @throws collect/same-key when two sandboxes have the same key. */
  assertDistinct(): void {
    this.look()
    const [first] = this.describeShared()
    if (first) throw first
  }

  /** Whether anything is other than it was. */
  private look(): boolean {
    const sandboxes = this.options.sandboxes()
    const { states } = this.#known
    if (states.length === sandboxes.length && sandboxes.every((each, index) => each.applied === states[index])) return false
    const all = sandboxes.flatMap(({ name, applied }) => this.options.keysOf(applied).map((each) => ({ ...each, sandbox: name })))
    const keys = new WriteKeys(all.flatMap((each) => ('key' in each ? [each] : [])), all.flatMap((each) => ('hook' in each ? [each] : [])))
    this.#known = { states: sandboxes.map((each) => each.applied), keys }
    return true
  }

  private describeShared(): readonly ReturnType<typeof fail>[] {
    const nameOf = (sandbox: string, uid: number): string => {
      const sources = Object.values(this.options.sandboxes().find((each) => each.name === sandbox)?.applied.sources ?? {})
      return `Source/${sources.find((each) => each.uid === uid)?.spec.name ?? ''}`
    }
    return this.#known.keys.shared.map(({ owner, other }) => fail('collect/same-key', {
      sandbox: owner.sandbox, address: nameOf(owner.sandbox, owner.source), otherSandbox: other.sandbox, otherAddress: nameOf(other.sandbox, other.source),
    }))
  }
}
