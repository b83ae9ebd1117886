// What `check` of every connector here comes to: one question to the system, and what to do when it does not answer.
import { type CheckResult, isConnectorError } from '@cdpkit/core/sdk'

export async function toCheckResult(ask: () => Promise<unknown>): Promise<CheckResult> {
  try {
    await ask()
    return { ok: true }
  } catch (error) {
    if (!isConnectorError(error)) throw error
    return { ok: false, reason: error.message, hint: error.help }
  }
}
