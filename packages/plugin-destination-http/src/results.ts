// An answer → one result per item. What the contract says (docs/guide/http-destination.md): 2xx is taken, 408, 425, 429 and
// 5xx are tried again, 401 is refused access, everything else is refused; a 207, or a `results` list in a 2xx answer, decides record by record.
import { type BatchResult, type HttpResponse, type Item, type ItemResult, connectorError, toRetryAfterMs } from '@cdpkit/core/sdk'

interface RecordResult {
  readonly key?: unknown
  readonly index?: unknown
  readonly status?: unknown
  readonly code?: unknown
  readonly message?: unknown
}

const shownAnswer = 300

/** @throws connector/access for 401: nothing is wrong with the records, and they wait until somebody mends the credentials. */
export function toResults(items: readonly Item[], response: HttpResponse, nowMs: number): BatchResult {
  const { status, text } = response
  if (status >= 200 && status < 300) return { items: recordResults(items, text) ?? items.map(({ key }) => ({ key, status: 'ok' })) }
  const message = text.slice(0, shownAnswer)
  if (status === 401) throw connectorError('access', { reason: `the endpoint answers 401: ${message === '' ? 'nothing more' : message}`, hint: 'Check auth in the config.', pointer: '/auth' })
  if (isRetryable(status)) {
    const retryAfterMs = toRetryAfterMs(response.headers['retry-after'], nowMs)
    return { items: items.map(({ key }) => ({ key, status: 'retry', code: `http/${String(status)}`, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })) }
  }
  const reason = status >= 300 && status < 400 ? 'a redirect is not followed' : message
  return { items: items.map(({ key }) => ({ key, status: 'rejected', code: `http/${String(status)}`, message: reason })) }
}

function isRetryable(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

/** Undefined where the answer says nothing about single records. Records that it does not name are tried again. */
function recordResults(items: readonly Item[], text: string): readonly ItemResult[] | undefined {
  const listed = findResults(text)
  if (!listed) return undefined
  return items.map(({ key }, index) => {
    const own = listed.find((each) => each.key === key || (each.key === undefined && each.index === index))
    return own ? toItemResult(key, own) : { key, status: 'retry', code: 'http/no-result', message: 'the answer lists results, but none for this record' }
  })
}

function findResults(text: string): readonly RecordResult[] | undefined {
  try {
    const answer: unknown = JSON.parse(text)
    const results = typeof answer === 'object' && answer !== null ? (answer as { readonly results?: unknown }).results : undefined
    return Array.isArray(results) ? (results as readonly RecordResult[]) : undefined
  } catch {
    return undefined
  }
}

/** `status` is ours (`ok`, `noop`, `retry`, `rejected`, `unmatched`) or an HTTP status. */
function toItemResult(key: string, { status, code, message }: RecordResult): ItemResult {
  const details = { ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}), ...(typeof message === 'string' ? { message: message.slice(0, shownAnswer) } : {}) }
  if (status === 'ok' || status === 'noop' || status === 'retry' || status === 'rejected' || status === 'unmatched') return { key, status, ...details }
  const number = typeof status === 'number' ? status : 500
  if (number >= 200 && number < 300) return { key, status: 'ok', ...details }
  return { key, status: isRetryable(number) ? 'retry' : 'rejected', code: `http/${String(number)}`, ...details }
}
