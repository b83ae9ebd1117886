// Cron texts: whether one is valid, and what about it surprises. The only importer of node-cron.
import cron from 'node-cron'

export type CronCheck =
  | { readonly ok: true; readonly setsBothDays: boolean }
  | { readonly ok: false; readonly reason: string }

/** Five fields (minute, hour, day of month, month, day of week), or six with seconds in front. */
export function checkCron(text: string): CronCheck {
  const fields = text.trim().split(/\s+/)
  if (fields.length !== 5 && fields.length !== 6) return { ok: false, reason: `it has ${String(fields.length)} fields` }
  const { valid, errors } = cron.validateDetailed(text)
  if (!valid) return { ok: false, reason: errors.map((each) => each.message).join('; ') || 'a field is out of its range' }
  // node-cron requires both days to match, where classic cron takes either.
  const [day, , weekday] = fields.slice(-3)
  return { ok: true, setsBothDays: day !== '*' && weekday !== '*' }
}
