// The one form of timestamps and dates that profiles have, read and written without a parser: `2025-06-30T12:00:00.000Z`, `2025-06-30`.

const dayMs = 86_400_000
const zero = 48

/** As Date.parse reads it; NaN for any other form and for days beyond the twenty-eighth that need a look at the month. */
export function findMillis(text: string): number {
  const { length } = text
  if (length !== 24 && length !== 10) return NaN
  const days = findDays(text)
  if (length === 10 || days !== days) return days * dayMs
  if (text.charCodeAt(10) !== 84 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58 || text.charCodeAt(19) !== 46 || text.charCodeAt(23) !== 90) return NaN
  const hours = twoDigits(text, 11)
  const minutes = twoDigits(text, 14)
  const seconds = twoDigits(text, 17)
  const thousandths = twoDigits(text, 20) * 10 + digit(text, 22)
  // False for NaN as well.
  if (!(hours < 24 && minutes < 60 && seconds < 60 && thousandths < 1000)) return NaN
  return days * dayMs + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + thousandths
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - zero
  return value >= 0 && value <= 9 ? value : NaN
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1)
}

function findDays(text: string): number {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return NaN
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 28 + spare(month))) return NaN
  return daysBefore(year, month) + day - 1
}

// Days after the twenty-eighth in months that have them in any year.
function spare(month: number): number {
  if (month === 2) return 0
  return month === 4 || month === 6 || month === 9 || month === 11 ? 2 : 3
}

/** Days from 1970 to the first of a month in the Gregorian calendar (Howard Hinnant, chrono-compatible low-level date algorithms). */
function daysBefore(year: number, month: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5)
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}
