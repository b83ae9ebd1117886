// The sandboxes of a daemon process. Each has its own database, schedule and workers; what fails in one stops none of the others.
import { isCdpError } from '../../kernel/error.js'
import type { Log } from '../../kernel/log.js'
import { type SandboxRequest, ServedSandbox } from './served-sandbox.js'

export interface ServedSandboxesRequest {
  readonly sandboxes: readonly SandboxRequest[]
  /** Between two tries of a sandbox that could not be opened. */
  readonly retryEveryMs?: number
}

const usualRetryMs = 30_000

export class ServedSandboxes {
  readonly #served = new Map<string, ServedSandbox>()
  readonly #retries = new Map<string, NodeJS.Timeout>()
  #opening: Promise<unknown> = Promise.resolve()
  #isStopped = false

  private constructor(private readonly request: ServedSandboxesRequest) {}

  /** @throws what the first sandbox fails with, when none can be opened; those that cannot while others can are tried again. */
  static async start(request: ServedSandboxesRequest): Promise<ServedSandboxes> {
    const all = new ServedSandboxes(request)
    const failures = (await Promise.all(request.sandboxes.map(async (each) => ({ sandbox: each, error: await all.tryOpen(each) })))).filter((each) => each.error !== undefined)
    const [first] = failures
    if (first && all.#served.size === 0) throw first.error
    for (const { sandbox, error } of failures) all.later(sandbox, error)
    return all
  }

  /** Those that are served now, in the order in which they were asked for. */
  get served(): readonly ServedSandbox[] {
    return this.request.sandboxes.flatMap(({ name }) => this.#served.get(name) ?? [])
  }

  /** Names of those that could not be opened yet. */
  get missing(): readonly string[] {
    return this.request.sandboxes.map((each) => each.name).filter((name) => !this.#served.has(name))
  }

  get(name: string): ServedSandbox {
    const found = this.#served.get(name)
    if (!found) throw new Error(`Sandbox ${name} is not served.`)
    return found
  }

  abort(): void {
    for (const each of this.served) each.abort()
  }

  /** Ends when each has finished what it began, also when one of them cannot; its database is open until `guests` have gone. */
  async stop(guests?: Promise<unknown>): Promise<void> {
    this.#isStopped = true
    for (const each of this.#retries.values()) clearTimeout(each)
    await this.#opening
    const stopped = await Promise.allSettled(this.served.map((each) => each.stop(guests)))
    const [failed] = stopped.filter((each) => each.status === 'rejected')
    if (failed) throw failed.reason
  }

  private async tryOpen(sandbox: SandboxRequest): Promise<unknown> {
    try {
      this.#served.set(sandbox.name, await ServedSandbox.open(sandbox))
      return undefined
    } catch (error) {
      return error
    }
  }

  private later(sandbox: SandboxRequest, error: unknown): void {
    const everyMs = this.request.retryEveryMs ?? usualRetryMs
    tell(sandbox.log, error, everyMs)
    this.#retries.set(sandbox.name, setTimeout(() => {
      this.#opening = Promise.all([this.#opening, this.again(sandbox)])
    }, everyMs))
  }

  private async again(sandbox: SandboxRequest): Promise<void> {
    const error = await this.tryOpen(sandbox)
    if (error === undefined) sandbox.log.write('info', 'The sandbox is served now.')
    else if (!this.#isStopped) this.later(sandbox, error)
  }
}

function tell(log: Log, error: unknown, retryMs: number): void {
  const reason = error instanceof Error ? error.message : String(error)
  log.write('error', `The sandbox is not served: ${reason} It is tried again in ${String(Math.round(retryMs / 1000))} seconds.`, isCdpError(error) ? { code: error.code } : {})
}
