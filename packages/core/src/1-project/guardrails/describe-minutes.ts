// A time in words: minutes up to two hours, hours up to three days, days from there.

/** @example describeMinutes(4320) // '72 hours' */
export function describeMinutes(minutes: number): string {
  if (minutes <= 120) return counted(minutes, 'minute')
  return minutes <= 3 * 24 * 60 ? counted(minutes / 60, 'hour') : counted(minutes / 60 / 24, 'day')
}

function counted(count: number, unit: string): string {
  const rounded = Math.round(count * 10) / 10
  return `${String(rounded)} ${unit}${rounded === 1 ? '' : 's'}`
}
