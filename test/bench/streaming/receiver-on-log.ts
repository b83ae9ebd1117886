// A receiver that knows when each place of the membership log was durable, so that it can tell how long deliveries take from there.
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OpenConnectors } from '../../../packages/core/dist/daemon/run.js'
import type { BatchResult, DeliveryRequest } from '../../../packages/core/dist/plugins/sdk.js'

export class ReceiverOnLog {
  readonly spentMs: number[] = []
  readonly #durable: { readonly seq: number; readonly ms: number }[] = []
  #server: Server | undefined
  #url = ''
  #isMeasuring = false

  constructor(private readonly ticksMs: () => number) {}

  get connector(): ReturnType<OpenConnectors['openDestination']> {
    const deliver = (request: DeliveryRequest): Promise<BatchResult> => this.deliver(request)
    return {
      capabilities: { identities: ['email'], maxBatch: 1000, asyncJobs: false, createsMissing: true, idempotent: true, readBack: 'none', limits: [], defaultPayload: '{"email": person.email}' },
      open: { check: () => Promise.resolve({ ok: true }), upsert: deliver, remove: deliver },
    }
  }

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => { body += part }).on('end', () => {
        this.take(JSON.parse(body) as readonly string[])
        response.end()
      })
    })
    await new Promise<void>((done) => this.#server?.listen(0, '127.0.0.1', done))
    this.#url = `http://127.0.0.1:${String((this.#server?.address() as AddressInfo).port)}`
  }

  /** From now on deliveries are looked at. */
  begin(): void {
    this.#isMeasuring = true
  }

  noteLog(seq: number): void {
    this.#durable.push({ seq, ms: this.ticksMs() })
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections()
    await new Promise((done) => this.#server?.close(done))
  }

  private async deliver({ items }: DeliveryRequest): Promise<BatchResult> {
    await fetch(this.#url, { method: 'POST', body: JSON.stringify(items.map((each) => each.key)) })
    return { items: items.map(({ key }) => ({ key, status: 'ok' })) }
  }

  // <segment>:<profile>:<place in the log>
  private take(keys: readonly string[]): void {
    if (!this.#isMeasuring) return
    const now = this.ticksMs()
    for (const key of keys) {
      const seq = Number(key.split(':')[2])
      const durable = this.#durable.find((each) => each.seq >= seq)
      if (durable) this.spentMs.push(now - durable.ms)
    }
  }
}
