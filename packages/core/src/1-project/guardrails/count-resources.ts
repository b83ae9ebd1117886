// "More than the pattern carries": what most of the limits of a sandbox come to.
import type { Breach } from '../../plugins/guardrail.js'

export interface Counted {
  /** What is counted, in the plural: `streaming segments`. */
  readonly what: string
  readonly limit: number
  /** Addresses (with the pointer of a part, where it is one) in the order of the files; the first beyond the limit is pointed at. */
  readonly found: readonly { readonly address: string; readonly pointer?: string }[]
}

/** One breach when there are more than the limit allows. */
export function tooMany({ what, limit, found }: Counted): readonly Breach[] {
  const beyond = found[limit]
  if (!beyond) return []
  return [{ detail: `The sandbox has ${String(found.length)} ${what}; the limit is ${String(limit)}.`, at: beyond }]
}
