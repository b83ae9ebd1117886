// The listener of the admin API. Every request but that for the description needs a token; its sandbox is the one that is meant.
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { type Role, mayAct } from '../../daemon/tokens.js'
import { isCdpError } from '../../kernel/error.js'
import { type JsonObject, isJsonObject } from '../../kernel/json.js'
import type { Log } from '../../kernel/log.js'
import { type TlsFiles, transport } from '../tls.js'
import { toOpenApi } from './open-api.js'
import { type Bearer, type Sandboxes, findBearer } from './find-bearer.js'
import { type AdminCall, type AdminRoute, Refusal } from './route.js'
import { routes } from './routes.js'

export interface AdminServerOptions {
  readonly sandboxes: Sandboxes
  readonly log: Log
  readonly tls?: TlsFiles | undefined
  readonly slowestRequestMs?: number
}

const mostBodyBytes = 65_536
const usualSlowestRequestMs = 30_000
/** Deleting somebody waits for destinations. */
const longestAnswerMs = 600_000

export function adminServer(options: AdminServerOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: mostBodyBytes, forceCloseConnections: 'idle', serverFactory: transport({ tls: options.tls, slowestRequestMs: options.slowestRequestMs ?? usualSlowestRequestMs, idleMs: longestAnswerMs }),
    ajv: { customOptions: { removeAdditional: false } }, routerOptions: { maxParamLength: 2000 }, frameworkErrors: (error, _request, reply) => { void problem(reply, error.statusCode ?? 400, { detail: error.message }) },
  })
  server.setErrorHandler((error, _request, reply) => answerError(error, reply, options))
  server.setNotFoundHandler((_request, reply) => problem(reply, 404, { detail: 'There is nothing here.' }))
  server.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    done(null, payload)
  })
  server.get('/openapi.json', (_request, reply) => reply.send(toOpenApi()))
  const serving: Serving = { sandboxes: options.sandboxes, bearers: new WeakMap() }
  for (const route of routes) serveRoute(server, route, serving)
  return server
}

interface Serving {
  readonly sandboxes: Sandboxes
  readonly bearers: WeakMap<FastifyRequest, Bearer>
}

function serveRoute(server: FastifyInstance, route: AdminRoute, serving: Serving): void {
  const { method, path: url, role, params, query, body } = route
  server.route({
    method, url,
    // Before the body is read: who may not ask is not listened to.
    onRequest: (request, reply) => authorize(request, reply, role, serving),
    schema: { ...(params ? { params: strict(params) } : {}), querystring: strict(query ?? {}), ...(body ? { body } : {}) },
    handler: async (request, reply) => {
      const bearer = serving.bearers.get(request)
      if (!bearer) throw new Error('nobody was let in')
      const answer = await route.answer(toCall(request, bearer))
      if (answer instanceof Refusal) return problem(reply, answer.status, { detail: answer.detail })
      return reply.code(route.status ?? 200).send(answer)
    },
  })
}

function strict(properties: Readonly<Record<string, JsonObject>>): JsonObject {
  return { type: 'object', properties, additionalProperties: false }
}

function toCall({ params, query, body }: FastifyRequest, { sandbox }: Bearer): AdminCall {
  return { sandbox, params: params as AdminCall['params'], query: query as AdminCall['query'], body: isJsonObject(body) ? body : {} }
}

/** What was sent instead, or undefined when the bearer is known and may. */
async function authorize(request: FastifyRequest, reply: FastifyReply, needed: Role, { sandboxes, bearers }: Serving): Promise<FastifyReply | undefined> {
  const bearer = await findBearer(request.headers.authorization, sandboxes)
  if (!bearer) return problem(reply.header('www-authenticate', 'Bearer realm="cdp"'), 401, { detail: 'The token is missing or unknown.' })
  bearers.set(request, bearer)
  return mayAct(bearer.role, needed) ? undefined : problem(reply, 403, { detail: `This needs the role ${needed}; the token has ${bearer.role}.` })
}

interface ProblemText {
  readonly detail: string
  readonly code?: string
  readonly help?: string
}

const titles: Readonly<Record<number, string>> = { 400: 'Bad request', 401: 'No valid token', 403: 'Not allowed', 404: 'Not found', 409: 'Not now', 413: 'Too large', 414: 'Too large', 415: 'Unknown kind of body', 500: 'Failed' }

function problem(reply: FastifyReply, status: number, text: ProblemText): FastifyReply {
  return reply.code(status).type('application/problem+json').send(JSON.stringify({ status, title: titles[status] ?? 'Refused', ...text }))
}

function answerError(error: unknown, reply: FastifyReply, { log }: AdminServerOptions): FastifyReply {
  if (isCdpError(error)) return problem(reply, 409, { detail: error.message, code: error.code, help: error.help })
  const { statusCode: status, message } = error as { readonly statusCode?: number; readonly message: string }
  if (status !== undefined && status < 500) return problem(reply, status, { detail: message })
  log.write('error', `The admin API failed: ${message}`)
  return problem(reply, 500, { detail: 'cdp could not answer; its log says why.' })
}
