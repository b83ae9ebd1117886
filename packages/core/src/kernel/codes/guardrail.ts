// Diagnostics of the area "guardrail".
import { diagnostic } from './code.js'

export const guardrailCodes = {
} as const
