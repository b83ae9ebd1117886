// The streams that a connector knows without a configuration: for what is written about it.
import type { SourceConnector, StreamSpec } from './sdk.js'

/** None of a connector whose streams depend on the configuration: it may not take an empty one. */
export function knownStreams(side: SourceConnector): readonly StreamSpec[] {
  try {
    return side.streamsOf?.({}) ?? []
  } catch {
    return []
  }
}
