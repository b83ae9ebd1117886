// Diagnostics of the area "project".
import { diagnostic } from './code.js'

export const projectCodes = {
} as const
