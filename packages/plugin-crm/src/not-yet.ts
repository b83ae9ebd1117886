// Stands in for a source whose reading is not built yet: its configuration can be written and checked already.
import type { OpenSource } from '@cdpkit/core/sdk'

export function notYet(connector: string): OpenSource {
  const reason = `the connector ${connector} cannot read yet`
  return {
    check: () => Promise.resolve({ ok: false, reason }),
    discover: () => Promise.reject(new Error(reason)),
    read: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error(reason)) }) }),
  }
}
