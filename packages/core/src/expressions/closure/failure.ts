// What an expression throws when it fails: JSONata's code and what its message speaks of. No stack: failing is ordinary here.
import { messageOf } from './messages.js'

export interface Failure {
  readonly code: string
  message?: string
  token?: unknown
  position?: number | undefined
  value?: unknown
  readonly [detail: string]: unknown
}

export function raise(failure: Failure): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- an Error would record a stack each time, the larger part of the cost
  throw failure
}

export function isFailure(error: unknown): error is Failure {
  return typeof error === 'object' && error !== null && typeof (error as Failure).code === 'string'
}

/** Adds the place of an operator or call to whatever comes out of it. */
export function placed<T>(work: () => T, place: (failure: Failure) => void): T {
  try {
    return work()
  } catch (error) {
    if (typeof error === 'object' && error !== null) place(error as Failure)
    throw error
  }
}

/** Fills in the message that belongs to the code. */
export function explain(failure: Failure): Failure {
  const message = messageOf(failure)
  if (message !== undefined) failure.message = message
  return failure
}
