// Something that is looked at again and again, each time a while after the last look has ended. A look that fails is told, and the next
// comes all the same.
import type { Log } from '../kernel/log.js'

export interface LooksRequest {
  readonly look: () => Promise<unknown>
  /** Between the end of a look and the next. */
  readonly everyMs: number
  /** What is looked at, for messages. */
  readonly what: string
  readonly log: Log
}

export class Looks {
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<unknown> = Promise.resolve()
  #isStopped = false

  constructor(private readonly request: LooksRequest) {}

  get isStopped(): boolean {
    return this.#isStopped
  }

  start(firstAfterMs = this.request.everyMs): void {
    const { look, what, log } = this.request
    this.#timer = setTimeout(() => {
      this.#looking = look().catch((error: unknown) => { log.write('error', `${what}: ${error instanceof Error ? error.message : String(error)}`) })
      void this.#looking.then(() => { if (!this.#isStopped) this.start() })
    }, firstAfterMs)
  }

  /** Ends when the last look has. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#looking
  }
}
