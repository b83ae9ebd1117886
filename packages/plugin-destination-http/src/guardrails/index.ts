// The guardrails of HTTP destinations. That consent is not looked at (row 111) is none of ours: nobody who opted out is ever sent.
import type { Guardrail } from '@cdpkit/core/sdk'
import { httpBatch } from './http-batch.js'
import { httpTimeout } from './http-timeout.js'

export const guardrails: readonly Guardrail[] = [httpTimeout, httpBatch]
