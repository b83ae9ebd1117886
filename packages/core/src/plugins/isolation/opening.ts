// What the process of a connector is told when it opens one, over the channel: never in its arguments or its environment.
import type { JsonObject } from '../../kernel/json.js'
import type { HttpStream } from '../sdk.js'

export interface Opening {
  /** The plugin's, as it was found. */
  readonly file: string
  readonly connector: string
  readonly side: 'source' | 'destination'
  /** Secrets in it. */
  readonly config: JsonObject
  readonly dryRun: boolean
  readonly folder: string
  readonly nowMs: number
  /** Of the clock: for examples and tests. */
  readonly standsStill: boolean
  /** Between 0 and 1; what the process does by chance follows from it. */
  readonly seed: number
}

/** An answer whose body is pulled from the other side. */
export type StreamHead = Omit<HttpStream, 'body'> & { readonly body: { readonly pieces: number } }
