// What is not delivered yet, as text: counts first, then the records.
import type { DeliveryStatus, OpenDeliveries, OpenDelivery } from '../7-activation/delivery.js'
import { counted, minutes, table, thousands } from './numbers.js'
import type { Paint } from './paint.js'

export function renderDeliveries({ total, counts, deliveries }: OpenDeliveries, paint: Paint): string {
  if (total === 0) return 'Nothing is open: everything is delivered.'
  return [
    paint.bold(`${counted(total, 'delivery', 'deliveries')} open`),
    ...table(counts.map((each) => [`  ${each.segment} → ${each.destination}`, each.count, each.status, each.code ?? '', `oldest ${minutes(each.oldest)}`, each.nextDue === null ? '' : `next try ${minutes(each.nextDue)}`])).map((line, index) => colour(paint, counts[index]?.status, line)),
    ...(deliveries.length === 0 ? [] : ['', ...table(deliveries.map(cells)).map((line) => `  ${line}`)]),
    ...(deliveries.length > 0 && total > deliveries.length ? [`  … ${thousands(total - deliveries.length)} more: --limit`] : []),
  ].join('\n')
}

function cells(each: OpenDelivery): readonly (string | number)[] {
  return [each.id, each.change, each.identity ?? `profile ${String(each.profile)}`, `${each.segment} → ${each.destination}`, each.status, counted(each.attempt, 'try', 'tries'), each.code ?? '', each.message ?? '']
}

function colour(paint: Paint, status: DeliveryStatus | undefined, line: string): string {
  if (status === 'dead' || status === 'held') return paint.red(line)
  return status === 'retry' || status === 'unmatched' ? paint.yellow(line) : line
}
