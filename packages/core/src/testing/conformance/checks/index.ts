// Every check of the kit, in the order in which an author wants to hear of what is wrong.
import type { ConformanceCheck } from '../check.js'
import { configurationChecks } from './configuration.js'
import { declarationChecks } from './declaration.js'
import { deliveringChecks } from './delivering.js'
import { discretionChecks } from './discretion.js'
import { limitChecks } from './limits.js'
import { readingChecks } from './reading.js'
import { resumingChecks } from './resuming.js'
import { troubleChecks } from './troubles.js'

export const checks: readonly ConformanceCheck[] = [...declarationChecks, ...configurationChecks, ...readingChecks, ...resumingChecks, ...deliveringChecks, ...troubleChecks, ...limitChecks, ...discretionChecks]
