// What has to fail, and with which code.
import assert from 'node:assert/strict'
import { type CdpError, isCdpError } from '../../packages/core/src/kernel/error.js'

/** The error, for what else it says. */
export async function failing(work: Promise<unknown>, code: string): Promise<CdpError> {
  const error = await work.then(() => undefined, (each: unknown) => each)
  assert.ok(isCdpError(error), String(error))
  assert.equal(error.code, code, error.message)
  return error
}
