// The connector `http`: one JSON request per delivery, with an idempotency key, signed if wanted.
import { type BatchResult, type CheckResult, type ConnectorContext, type DeliveryRequest, type OpenDestination, defineConnector, toCheckResult } from '@cdpkit/core/sdk'
import { type Options, optionsSchema, readOptions } from './options.js'
import { toResults } from './results.js'
import { toSignatureHeaders } from './signature.js'

export const httpConnector = defineConnector({
  name: 'http',
  title: 'HTTP endpoint',
  destination: {
    capabilities: {
      entities: ['person', 'account'], identities: ['email', 'ecid', 'b2b_person', 'b2b_account'], maxBatch: 1000, asyncJobs: false, idempotent: true, createsMissing: true, readBack: 'none', limits: [{ concurrency: 4 }],
      defaultPayload: '$exists(person) ? { "email": person.email, "firstName": person.firstName, "lastName": person.lastName, "status": status } : { "account": account.name, "status": status }',
    },
    // The endpoint may be anybody's. Nothing but the body is sent.
    governance: { party: 'third', marketingActions: [], identities: [] },
    configSchema: optionsSchema,
    open: (context) => new HttpDestination(context, readOptions(context.config)),
  },
})

class HttpDestination implements OpenDestination {
  constructor(private readonly context: ConnectorContext, private readonly options: Options) {}

  /** Any answer, even a refusal, shows that somebody is there. */
  check(): Promise<CheckResult> {
    return toCheckResult(() => this.context.http.request({ method: 'GET', url: new URL('/', this.options.url).href, timeoutMs: 5000 }), { '/url': this.options.url })
  }

  upsert(delivery: DeliveryRequest): Promise<BatchResult> {
    return this.send('upsert', delivery)
  }

  remove(delivery: DeliveryRequest): Promise<BatchResult> {
    return this.send('remove', delivery)
  }

  private async send(operation: 'upsert' | 'remove', { id, at, audience, items }: DeliveryRequest): Promise<BatchResult> {
    const records = items.map(({ key, payload }) => ({ key, record: payload }))
    const body = JSON.stringify({ delivery: id, at, segment: audience.segment, list: audience.list, operation, items: records })
    const nowMs = this.context.clock.nowMs()
    const signature = this.options.signing ? toSignatureHeaders(this.options.signing.secret, { id, timestampSeconds: Math.floor(nowMs / 1000), body }) : {}
    const response = await this.context.http.request({
      method: this.options.method,
      url: this.options.url,
      headers: { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': id, ...this.options.headers, ...toAuthHeaders(this.options.auth), ...signature },
      body,
      timeoutMs: this.options.timeoutMs,
    })
    return toResults(items, response, nowMs)
  }
}

function toAuthHeaders(auth: Options['auth']): Readonly<Record<string, string>> {
  if (!auth) return {}
  if ('bearer' in auth) return { authorization: `Bearer ${auth.bearer}` }
  if ('basic' in auth) return { authorization: `Basic ${Buffer.from(`${auth.basic.user}:${auth.basic.password}`).toString('base64')}` }
  return { [auth.header.name.toLowerCase()]: auth.header.value }
}
