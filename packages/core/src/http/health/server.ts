// Whether the daemon lives, whether it is ready for events, and its metrics: on a listener of its own, which no sender of events can keep
// busy. It listens before the sandboxes are opened, for that may take a while.
import { type FastifyInstance, fastify } from 'fastify'

export interface Readiness {
  readonly ready: boolean
  /** What keeps it from being ready, and what else is not as it should be. */
  readonly reasons: readonly string[]
}

export interface HealthServerOptions {
  readonly hasStarted: () => boolean
  readonly readiness: () => Readiness
  readonly metrics: { readonly contentType: string; text(): Promise<string> }
}

export function healthServer({ hasStarted, readiness, metrics }: HealthServerOptions): FastifyInstance {
  const server = fastify({ forceCloseConnections: true })
  server.get('/livez', () => ({ status: 'ok' }))
  server.get('/startupz', (_request, reply) => (hasStarted() ? reply.send({ status: 'ok' }) : reply.code(503).send({ status: 'starting' })))
  server.get('/readyz', (_request, reply) => {
    const { ready, reasons } = readiness()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', reasons })
  })
  server.get('/metrics', async (_request, reply) => reply.header('content-type', metrics.contentType).send(await metrics.text()))
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'There is nothing here. Try /livez, /readyz, /startupz or /metrics.' }))
  return server
}
