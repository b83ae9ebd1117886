// Diagnostics of the area "expression".
import { diagnostic } from './code.js'

export const expressionCodes = {
} as const
