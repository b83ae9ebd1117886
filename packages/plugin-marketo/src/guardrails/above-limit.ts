// Settings that ask for more than an instance gives.
import type { Breach, GuardedProject } from '@cdpkit/core/sdk'
import { listSettings } from './resources.js'

export interface AskedSetting {
  readonly key: string
  readonly limit: number
  /** What is counted: `calls a day`. */
  readonly what: string
}

export function findAboveLimit(project: GuardedProject, { key, limit, what }: AskedSetting): readonly Breach[] {
  return listSettings(project, key).flatMap(({ name, instance, value, at }) =>
    typeof value === 'number' && value > limit ? [{ detail: `"${name}" asks for ${String(value)} ${what}; Marketo ${instance} gives ${String(limit)}.`, at }] : [])
}
