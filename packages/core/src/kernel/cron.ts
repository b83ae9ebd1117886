// Cron texts: whether they are right, and what node-cron makes of them. The only importer of node-cron.
import { validate } from 'node-cron'

export function isCron(text: string): boolean {
  return text.trim().split(/\s+/).length === 5 && validate(text)
}

/** node-cron runs only when day of month AND day of week both match; classic cron takes either. People who set both mean either. */
export function setsBothDays(text: string): boolean {
  const [, , dayOfMonth, , dayOfWeek] = text.trim().split(/\s+/)
  return dayOfMonth !== '*' && dayOfWeek !== '*'
}

export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
