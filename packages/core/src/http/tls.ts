// A listener's transport: plain or TLS by files, and how long a sender may take to say something. Without a limit, a few slow senders
// hold every connection.
import { readFileSync } from 'node:fs'
import { type RequestListener, createServer } from 'node:http'
import { type Server as TlsServer, createServer as createTlsServer } from 'node:https'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { FastifyInstance, RawServerDefault } from 'fastify'
import { fail } from '../kernel/error.js'
import { findReach } from '../plugins/reach.js'

export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

export interface Transport {
  readonly tls?: TlsFiles | undefined
  /** A request must have come within this time. */
  readonly slowestRequestMs: number
  /** A connection on which nothing happens is closed, also while its answer is being made. */
  readonly idleMs: number
}

const slowestHeadersMs = 10_000
const mostHeaderBytes = 16_384
/** Connections wait so long for their next request: longer than load balancers (60 s) and the libraries, so that no request meets a closed one. */
export const keepAliveMs = 72_000

/** For fastify's `serverFactory`. */
export function transport({ tls, slowestRequestMs, idleMs }: Transport): (handler: RequestListener) => RawServerDefault {
  const limits = { requestTimeout: slowestRequestMs, headersTimeout: Math.min(slowestHeadersMs, slowestRequestMs), connectionsCheckingInterval: Math.min(1000, slowestRequestMs), maxHeaderSize: mostHeaderBytes }
  return (handler) => {
    const server = tls ? createTlsServer({ ...limits, ...readTls(tls), minVersion: 'TLSv1.2' }, handler) : createServer(limits, handler)
    server.timeout = idleMs
    server.keepAliveTimeout = keepAliveMs
    return server
  }
}

/** Takes up a certificate that was renewed; connections that are open keep theirs. */
export function reloadTls(server: RawServerDefault, tls: TlsFiles): void {
  const secure = server as unknown as Pick<TlsServer, 'setSecureContext'>
  secure.setSecureContext(readTls(tls))
}

/** @throws serve/tls-unusable */
function readTls({ cert, key }: TlsFiles): { readonly cert: Buffer; readonly key: Buffer } {
  try {
    const files = { cert: readFileSync(cert), key: readFileSync(key) }
    createSecureContext(files)
    return files
  } catch (cause) {
    throw fail('serve/tls-unusable', { reason: cause instanceof Error ? cause.message : String(cause) }, { cause })
  }
}

/** Gives the address at which it listens. */
export async function listen(server: FastifyInstance, at: { readonly host: string; readonly port: number }, tls: TlsFiles | undefined): Promise<string> {
  // fastify does not know what its factory made.
  return (await server.listen(at)).replace(/^http:/, tls ? 'https:' : 'http:')
}

/** Whether only this machine can connect to an address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return isIP(host) !== 0 && findReach(host) === 'loopback' && !/^[0:.]+$/.test(host)
}
