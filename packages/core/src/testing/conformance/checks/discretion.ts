import type { ConformanceCheck } from '../check.js'

export const discretionChecks: readonly ConformanceCheck[] = []
