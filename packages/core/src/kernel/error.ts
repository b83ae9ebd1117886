// One error class for what goes wrong in the world or in our code. People's mistakes are diagnostics instead.
import { type ErrorCode, type ErrorParams, errorCodes } from './codes/index.js'

const mark = Symbol.for('cdpkit.error')

export class CdpError extends Error {
  readonly [mark] = true
  readonly code: ErrorCode
  readonly params: Readonly<Record<string, string | number | boolean>>
  readonly retry: 'never' | 'later'
  readonly exit: number
  readonly help: string

  constructor(code: ErrorCode, params: CdpError['params'], cause?: unknown) {
    const spec = errorCodes[code]
    const detail = (spec.detail as (p: CdpError['params']) => string)(params)
    super(`${spec.summary}: ${detail}`, cause === undefined ? undefined : { cause })
    this.name = 'CdpError'
    this.code = code
    this.params = params
    this.retry = spec.retry
    this.exit = spec.exit
    this.help = (spec.help as (p: CdpError['params']) => string)(params)
  }
}

/** Makes the error of a code; throw what it gives: `throw fail('plan/stale', {planned: 1, found: 2})`. */
export function fail<C extends ErrorCode>(code: C, params: ErrorParams<C>, options: { readonly cause?: unknown } = {}): CdpError {
  return new CdpError(code, params, options.cause)
}

/** Recognizes our errors by a registered symbol, so that it works across two copies of the package. */
export function isCdpError(error: unknown, code?: ErrorCode): error is CdpError {
  if (typeof error !== 'object' || error === null || !(mark in error)) return false
  return code === undefined || (error as CdpError).code === code
}
