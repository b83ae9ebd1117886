import type { ConformanceCheck } from '../check.js'

export const limitChecks: readonly ConformanceCheck[] = []
