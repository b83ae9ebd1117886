// What a connector can do and what it is held to, in words.
import type { ConfigOption } from '../plugins/config-reference.js'
import type { DestinationDescription, SourceDescription } from '../plugins/describe-plugin.js'
import type { GuardrailFacts } from '../plugins/guardrail.js'
import type { Limit } from '../plugins/sdk.js'
import { counted, thousands } from './numbers.js'

/** `incremental`, `hard deletes`, … */
export function sourceFlags({ capabilities: { incremental, deletes, continuous } }: SourceDescription): readonly string[] {
  return [incremental ? 'incremental' : 'reads everything each time', deletes === 'none' ? 'no deletes' : `${deletes} deletes`, ...(continuous ? ['continuous'] : [])]
}

/** `people`, `by email`, `batches of 300`, … */
export function destinationFlags({ capabilities }: DestinationDescription): readonly string[] {
  const { entities = ['person'], identities, maxBatch, asyncJobs, createsMissing, idempotent, readBack } = capabilities
  return [
    entities.map((each) => (each === 'person' ? 'people' : 'accounts')).join(' and '),
    ...(identities.length === 0 ? [] : [`by ${identities.join(', ')}`]),
    `batches of ${thousands(maxBatch)}`,
    ...(idempotent ? ['idempotent'] : []),
    ...(createsMissing ? ['creates who is missing'] : []),
    ...(asyncJobs ? ['jobs'] : []),
    ...(readBack === 'none' ? [] : [`reads back ${readBack}`]),
  ]
}

const windows: Readonly<Record<string, string>> = { '1s': 'a second', '10s': 'in 10 seconds', '20s': 'in 20 seconds', '1m': 'a minute', '1h': 'an hour', '1d': 'a day' }

/** One line each. */
export function limitLines({ limits, limitsDependOnConfig }: SourceDescription | DestinationDescription): readonly string[] {
  return [...limits.map(describeConnectorLimit), ...(limitsDependOnConfig ? ['the configuration may change them'] : [])]
}

/** @example describeConnectorLimit({ requests: 50000, per: '1d', scope: 'account' }) // '50,000 requests a day, for the account' */
function describeConnectorLimit(limit: Limit): string {
  const scope = limit.scope === 'connection' ? 'for the connection' : 'for the account'
  if ('concurrency' in limit) return `${counted(limit.concurrency, 'request')} at once, ${scope}`
  return `${counted(limit.requests, 'request')} ${windows[limit.per] ?? limit.per}, ${scope}${limit.timeZone === undefined ? '' : ` (days of ${limit.timeZone})`}`
}

/** @example describeNeed({ path: 'auth.basic.user', needed: 'with-parent', … }) // 'with auth.basic' */
export function describeNeed({ path, needed }: ConfigOption): string {
  switch (needed) {
    case 'always':
      return 'required'
    case 'with-parent':
      return `with ${path.slice(0, path.lastIndexOf('.'))}`
    case 'one-of':
      return 'one of them'
    case 'no':
      return ''
  }
}

/** `hard`; `hard, only adobe-2025` */
export function describeGuardrailKind({ kind, generations }: GuardrailFacts): string {
  return generations === undefined ? kind : `${kind}, only ${generations.join(', ')}`
}
