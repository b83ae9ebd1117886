// Disagreements that were found once: expression and profiles, made small. Both properties are asked of them ever after.
import { readFileSync } from 'node:fs'
import type { JsonObject } from '../../packages/core/src/kernel/json.js'

export interface KeptCase {
  readonly expression: string
  readonly profiles: readonly JsonObject[]
  /** What went wrong. */
  readonly note: string
}

export function readKeptCases(): readonly KeptCase[] {
  const lines = readFileSync(new URL('kept-cases.jsonl', import.meta.url), 'utf8').split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as KeptCase)
}
