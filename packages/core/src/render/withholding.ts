// Why a member is not sent to a destination.
import type { Withholding } from '../daemon/find-withholdings.js'

/** `withheld from Destination/mailing by consent: consents.marketing.email = "n"` */
export function renderWithholding({ destination, field, value }: Withholding): string {
  return `withheld from Destination/${destination} by consent: ${value === undefined ? `${field} does not say yes` : `${field} = ${JSON.stringify(value)}`}`
}
