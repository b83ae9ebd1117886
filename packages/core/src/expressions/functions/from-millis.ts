import { plain } from '../sql/value.js'
import { callBorrowed } from './borrowed.js'
import { defineFunction } from './function-spec.js'

// Years of four digits.
const firstMs = Date.UTC(1000, 0)
const endMs = Date.UTC(10_000, 0)

type Field = (time: Date) => string

function padded(length: number, read: (time: Date) => number): Field {
  return (time) => String(read(time)).padStart(length, '0')
}

/** The parts of a picture that conditions are made of; others are left to the package. */
const fields: Readonly<Record<string, Field>> = {
  '[Y0001]': padded(4, (time) => time.getUTCFullYear()), '[M01]': padded(2, (time) => time.getUTCMonth() + 1), '[D01]': padded(2, (time) => time.getUTCDate()),
  '[H01]': padded(2, (time) => time.getUTCHours()), '[m01]': padded(2, (time) => time.getUTCMinutes()), '[s01]': padded(2, (time) => time.getUTCSeconds()),
  // Monday is 1, Sunday 7.
  '[F0]': (time) => String(time.getUTCDay() || 7),
}

const pictures = new Map<string, readonly Field[] | undefined>()
const mostPictures = 100

function findPicture(picture: string): readonly Field[] | undefined {
  if (pictures.has(picture)) return pictures.get(picture)
  if (pictures.size >= mostPictures) pictures.clear()
  const parts = picture.match(/\[[^\]]*\]|[^[\]]+|[[\]]/g) ?? []
  const found = parts.map((part): Field | undefined => (/[[\]]/.test(part) ? fields[part] : () => part))
  const made = found.every((each) => each !== undefined) && parts.length > 0 ? found : undefined
  pictures.set(picture, made)
  return made
}

/** With a picture, or beyond what a date can be, as the package says. */
export function formatMillis(millis: number, picture?: string, zone?: string): unknown {
  if (picture === undefined && zone === undefined && Number.isInteger(millis) && millis >= firstMs && millis < endMs) return new Date(millis).toISOString()
  const plain = picture !== undefined && zone === undefined && Number.isInteger(millis) && millis >= firstMs && millis < endMs ? findPicture(picture) : undefined
  if (!plain) return callBorrowed('fromMillis', [millis, picture, zone])
  const time = new Date(millis)
  return plain.map((each) => each(time)).join('')
}

export const fromMillis = defineFunction({
  name: 'fromMillis', signature: '<n-s?s?:s>', gives: 'string',
  closure: (millis: number | undefined, picture: string | undefined, zone: string | undefined) => (millis === undefined ? undefined : formatMillis(millis, picture, zone)),
  shortcut: { takes: ['number', 'string', 'string'], optional: 2, run: formatMillis },
  // Milliseconds of a stored time only: `$fromMillis($toMillis(timestamp), "[F0]")`.
  sql: ([millis, picture, zone], { dialect }) => {
    if (!millis?.instant || zone) return undefined
    if (!picture) return { ...plain(millis.instant, 'string', [millis]), form: 'instant' }
    const written = typeof picture.constant === 'string' ? dialect.pictures[picture.constant]?.(millis.instant) : undefined
    return written ? plain(written, 'string', [millis]) : undefined
  },
})
