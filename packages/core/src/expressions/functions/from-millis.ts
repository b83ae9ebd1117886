import { callBorrowed } from './borrowed.js'
import { defineFunction } from './function-spec.js'

const lastMs = 8.64e15

/** With a picture, or beyond what a date can be, as the package says. */
export function formatMillis(millis: number, picture?: string, zone?: string): unknown {
  if (picture === undefined && zone === undefined && Number.isInteger(millis) && millis >= -62_135_596_800_000 && millis < 253_402_300_800_000 && millis <= lastMs) return new Date(millis).toISOString()
  return callBorrowed('fromMillis', [millis, picture, zone])
}

export const fromMillis = defineFunction({
  name: 'fromMillis', signature: '<n-s?s?:s>', gives: 'string',
  closure: (millis: number | undefined, picture: string | undefined, zone: string | undefined) => (millis === undefined ? undefined : formatMillis(millis, picture, zone)),
  shortcut: { takes: ['number', 'string', 'string'], optional: 2, run: formatMillis },
})
