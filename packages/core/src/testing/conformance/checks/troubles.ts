import type { ConformanceCheck } from '../check.js'

export const troubleChecks: readonly ConformanceCheck[] = []
