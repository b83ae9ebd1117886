// The listener that events come to. A sender is told 200 when its events are durable, never before; when too much waits, to come again.
// JSON is read whatever the content type says: the libraries of some vendors send it as a form.
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { CollectedRecord } from '../../daemon/daemon.js'
import type { Clock } from '../../kernel/clock.js'
import { isCdpError } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import { isJsonObject } from '../../kernel/json.js'
import type { Log } from '../../kernel/log.js'
import { inSpan } from '../../kernel/trace.js'
import { type TlsFiles, transport } from '../tls.js'
import { toOutcomes } from './cloud-events.js'
import { type CallType, callTypes, findCalls, toRecords } from './segment-calls.js'
import { findSigned, toWebhookRecord } from './webhooks.js'
import { type KeyOwner, type WriteKeys, findKey } from './write-keys.js'

export interface CollectServerOptions {
  readonly writeKeys: () => WriteKeys
  /** Ends when the records are durable. */
  readonly collect: (source: KeyOwner, records: readonly CollectedRecord[], bytes: number) => Promise<void>
  readonly clock: Clock
  readonly log: Log
  readonly newId: () => string
  readonly tls?: TlsFiles | undefined
  readonly onRequest?: (request: { readonly route: string; readonly status: number; readonly elapsedMs: number }) => void
}

// Segment's limits: 32 KB a call, 500 KB and 2,500 calls a batch.
const mostCallBytes = 32_000
const mostBatchBytes = 500_000
const mostCalls = 2500
const slowestRequestMs = 30_000

const unzip = promisify(gunzip)

export function collectServer(options: CollectServerOptions): FastifyInstance {
  const server = fastify({ bodyLimit: mostBatchBytes, serverFactory: transport({ tls: options.tls, slowestRequestMs, idleMs: slowestRequestMs }), forceCloseConnections: 'idle', routerOptions: { ignoreTrailingSlash: true } })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => { done(null, body) })
  server.setErrorHandler((error, _request, reply) => answerError(error, reply, options))
  server.setNotFoundHandler((_request, reply) => problem(reply, 404, 'There is nothing here.'))
  server.addHook('onResponse', (request, reply, done) => {
    options.onRequest?.({ route: request.routeOptions.url ?? 'none', status: reply.statusCode, elapsedMs: reply.elapsedTime })
    done()
  })
  for (const type of callTypes) server.post(`/v1/${type}`, { bodyLimit: mostCallBytes }, (request, reply) => collectSpan(request, () => takeCalls(request, reply, { ...options, type, most: mostCallBytes })))
  for (const path of ['/v1/batch', '/v1/import']) server.post(path, (request, reply) => collectSpan(request, () => takeCalls(request, reply, { ...options, most: mostBatchBytes })))
  server.post('/events', (request, reply) => collectSpan(request, () => takeCloudEvents(request, reply, options)))
  server.post<{ Params: { readonly source: string } }>('/hooks/:source', (request, reply) => collectSpan(request, () => takeWebhook(request, reply, options)))
  return server
}

function collectSpan(request: FastifyRequest, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  return inSpan('cdp.collect', { 'http.request.method': request.method, 'http.route': request.routeOptions.url ?? 'none' }, work)
}

interface CallOptions extends CollectServerOptions {
  /** Of a single call; a batch's calls have theirs. */
  readonly type?: CallType
  readonly most: number
}

async function takeCalls(request: FastifyRequest, reply: FastifyReply, { type, most, ...options }: CallOptions): Promise<FastifyReply> {
  const read = await readBody(request, most)
  if ('status' in read) return problem(reply, read.status, read.reason)
  const { body, bytes } = read
  const source = findSource(request, body, options)
  if (source === undefined) return unauthorized(reply)
  const calls = type === undefined ? findCalls(body) : [body]
  if (!calls) return problem(reply, 400, 'The body has no list under "batch".')
  if (calls.length > mostCalls) return problem(reply, 400, `A batch has at most ${String(mostCalls)} calls.`)
  const shared = type === undefined && isJsonObject(body) ? { sentAt: body['sentAt'], context: body['context'] } : {}
  const context = { receivedMs: options.clock.nowMs(), newId: options.newId, ...shared }
  await options.collect(source, calls.flatMap((each) => toRecords(each, type, context)), bytes)
  return reply.send({ success: true })
}

async function takeCloudEvents(request: FastifyRequest, reply: FastifyReply, options: CollectServerOptions): Promise<FastifyReply> {
  const read = await readBody(request, mostBatchBytes)
  if ('status' in read) return problem(reply, read.status, read.reason)
  const source = findSource(request, null, options)
  if (source === undefined) return unauthorized(reply)
  const outcomes = toOutcomes({ headers: request.headers, body: read.body, receivedMs: options.clock.nowMs() })
  const records = outcomes.flatMap((each) => (each.ok ? [each.record] : []))
  if (records.length > 0) await options.collect(source, records, read.bytes)
  const refused = outcomes.flatMap((each, index) => (each.ok ? [] : [{ index, reason: each.reason }]))
  if (refused.length === 0) return reply.send({ accepted: records.length })
  return reply.code(records.length > 0 ? 207 : 400).send({ accepted: records.length, refused })
}

/** Sandboxes may have sources of the same name: it is for the one whose signature it has. */
async function takeWebhook(request: FastifyRequest<{ readonly Params: { readonly source: string } }>, reply: FastifyReply, { writeKeys, collect, clock }: CollectServerOptions): Promise<FastifyReply> {
  const named = writeKeys().hooksOf(request.params.source)
  if (named.length === 0) return problem(reply, 404, 'There is nothing here.')
  const { body, headers } = request
  if (!Buffer.isBuffer(body)) return problem(reply, 400, 'The body is empty.')
  for (const hook of named) {
    const signed = findSigned(hook.webhook, { headers, body, receivedMs: clock.nowMs() })
    if (!signed) continue
    const read = await readBody(request, mostBatchBytes)
    if ('status' in read) return problem(reply, read.status, read.reason)
    await collect(hook, [toWebhookRecord(signed, read.body)], read.bytes)
    return reply.send({ success: true })
  }
  return problem(reply, 401, 'The signature is missing, wrong or too old.')
}

function findSource({ headers }: FastifyRequest, body: Json, { writeKeys }: CollectServerOptions): KeyOwner | undefined {
  const inBody = isJsonObject(body) ? body['writeKey'] : undefined
  const key = findKey(headers.authorization) ?? (typeof inBody === 'string' ? inBody : undefined)
  return key === undefined ? undefined : writeKeys().find(key)
}

type ReadBody = { readonly body: Json; readonly bytes: number } | { readonly status: number; readonly reason: string }

async function readBody({ body, headers }: FastifyRequest, most: number): Promise<ReadBody> {
  if (!Buffer.isBuffer(body) || body.length === 0) return { status: 400, reason: 'The body is empty.' }
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding !== 'gzip' && encoding !== 'identity') return { status: 415, reason: 'The body may be plain or gzip.' }
  const plain = encoding === 'gzip' ? await tryUnzip(body, most) : body
  if (!Buffer.isBuffer(plain)) return plain
  try {
    return { body: JSON.parse(plain.toString('utf8')) as Json, bytes: plain.length }
  } catch {
    return { status: 400, reason: 'The body is no JSON.' }
  }
}

async function tryUnzip(body: Buffer, most: number): Promise<Buffer | { readonly status: number; readonly reason: string }> {
  try {
    return await unzip(body, { maxOutputLength: most })
  } catch (error) {
    const isTooLarge = (error as { readonly code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
    return isTooLarge ? { status: 413, reason: `The body may have ${String(most)} bytes.` } : { status: 400, reason: 'The body is no gzip.' }
  }
}

function unauthorized(reply: FastifyReply): FastifyReply {
  return problem(reply.header('www-authenticate', 'Basic realm="cdp"'), 401, 'The write key is missing or unknown.')
}

function problem(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ success: false, message })
}

function answerError(error: unknown, reply: FastifyReply, { log }: CollectServerOptions): FastifyReply {
  if (isCdpError(error, 'collect/busy')) return problem(reply.header('retry-after', '1'), 429, error.message)
  if (isCdpError(error, 'collect/stopping')) return problem(reply.header('retry-after', '5'), 503, error.message)
  const status = (error as { readonly statusCode?: number }).statusCode
  if (status !== undefined && status < 500) return problem(reply, status, (error as Error).message)
  // Our fault, and told to nobody outside; what was sent is to be sent again.
  log.write('error', `Events were not taken: ${error instanceof Error ? error.message : String(error)}`)
  return problem(reply.header('retry-after', '5'), 503, 'The events could not be stored. Send them again.')
}
