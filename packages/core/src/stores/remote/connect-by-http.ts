// The store of a sandbox that a daemon elsewhere owns, by its admin API and a token.
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { fail } from '../../kernel/error.js'
import { commandsPath, commandsProtocol, sandboxHeader } from './http-wire.js'

export interface DaemonAddress {
  readonly url: string
  readonly token: string
  readonly sandbox: string
}

const patienceMs = 10_000

const refusals: Readonly<Record<number, string>> = { 401: 'the token is missing or unknown', 403: 'the token has not the role admin', 404: 'it takes no commands', 421: 'it serves another sandbox' }

/** @throws daemon/not-reached, daemon/refuses */
export function connectByHttp({ url, token, sandbox }: DaemonAddress): Promise<Socket> {
  const place = toPlace(url)
  return new Promise((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: commandsProtocol, authorization: `Bearer ${token}`, [sandboxHeader]: encodeURIComponent(sandbox) }
    const request: ClientRequest = (place.protocol === 'https:' ? tlsRequest : plainRequest)(place, { headers, timeout: patienceMs })
    request.once('upgrade', (_response: IncomingMessage, socket: Socket, head: Buffer) => {
      socket.setTimeout(0)
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    request.once('response', (response) => {
      response.destroy()
      reject(fail('daemon/refuses', { url, reason: refusals[response.statusCode ?? 0] ?? `status ${String(response.statusCode)}` }))
    })
    request.once('timeout', () => request.destroy(new Error(`no answer within ${String(patienceMs)} ms`)))
    request.once('error', (cause) => { reject(fail('daemon/not-reached', { url, reason: cause.message === '' ? 'nobody listens there' : cause.message }, { cause })) })
    request.end()
  })
}

function toPlace(url: string): URL {
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base?.protocol !== 'http:' && base?.protocol !== 'https:') throw fail('daemon/not-reached', { url, reason: 'it is no http or https address' })
  return new URL(commandsPath, base)
}
