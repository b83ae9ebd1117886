import type { ConformanceCheck } from '../check.js'

export const resumingChecks: readonly ConformanceCheck[] = []
