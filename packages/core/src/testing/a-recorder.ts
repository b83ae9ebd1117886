// A destination in memory for tests of deliveries.
import type { BatchResult, DeliveryRequest, DestinationCapabilities, OpenDestination } from '../plugins/sdk.js'

/** It takes up to a hundred people by their e-mail, whoever they are. */
export const recorderCapabilities: DestinationCapabilities = { identities: ['email'], maxBatch: 100, asyncJobs: false, idempotent: true, createsMissing: true, readBack: 'none', limits: [], defaultPayload: '{ "email": person.email }' }

/** What it was sent, and who is in, by `email` of their payload. It answers as it is told, else it takes everything. */
export class Recorder implements OpenDestination {
  readonly sent: (DeliveryRequest & { readonly operation: string })[] = []
  readonly there = new Set<string>()
  answers: ((request: DeliveryRequest) => Promise<BatchResult>)[] = []

  check(): Promise<{ readonly ok: true }> { return Promise.resolve({ ok: true }) }
  upsert(request: DeliveryRequest): Promise<BatchResult> { return this.take('upsert', request) }
  remove(request: DeliveryRequest): Promise<BatchResult> { return this.take('remove', request) }

  private take(operation: string, request: DeliveryRequest): Promise<BatchResult> {
    this.sent.push({ ...request, operation })
    const answer = this.answers.shift()
    if (answer) return answer(request)
    for (const { payload } of request.items) {
      const email = String((payload as { readonly email?: string }).email)
      if (operation === 'upsert') this.there.add(email)
      else this.there.delete(email)
    }
    return Promise.resolve({ items: request.items.map(({ key }) => ({ key, status: 'ok' })) })
  }
}
