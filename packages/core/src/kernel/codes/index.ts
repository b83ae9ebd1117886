// Every code that people can meet, with its text. Retired codes stay listed in docs/reference/codes.md.
import { checkCodes } from './checks.js'
import type { DiagnosticCodeSpec, ErrorCodeSpec } from './code.js'
import { errorCodes } from './errors.js'
import { expressionCodes } from './expression.js'
import { governanceCodes } from './governance.js'
import { guardrailCodes } from './guardrail.js'
import { projectCodes } from './project.js'
import { testCodes } from './test.js'

export const diagnosticCodes = { ...projectCodes, ...expressionCodes, ...checkCodes, ...governanceCodes, ...guardrailCodes, ...testCodes } as const
export type DiagnosticCode = keyof typeof diagnosticCodes
export type DiagnosticParams<C extends DiagnosticCode> = (typeof diagnosticCodes)[C] extends DiagnosticCodeSpec<infer P> ? P : never

export { errorCodes }
export type ErrorCode = keyof typeof errorCodes
export type ErrorParams<C extends ErrorCode> = (typeof errorCodes)[C] extends ErrorCodeSpec<infer P> ? P : never
