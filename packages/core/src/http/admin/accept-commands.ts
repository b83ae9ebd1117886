// Commands of other machines, or of other users of this one, by the admin listener: an HTTP request that asks to go on with the
// protocol of the admin socket (stores/remote), and shows an admin token. From then on the connection is like one to the socket.
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { RawServerDefault } from 'fastify'
import { mayAct } from '../../daemon/tokens.js'
import { commandsPath, commandsProtocol, sandboxHeader } from '../../stores/remote/http-wire.js'
import type { AdminSandbox } from './route.js'
import { type Sandboxes, findBearer } from './find-bearer.js'

export function acceptCommands(server: RawServerDefault, sandboxes: Sandboxes): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => undefined)
    void answer(request, sandboxes).then((found) => {
      if (typeof found === 'string') {
        socket.end(`HTTP/1.1 ${found}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
        return
      }
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${commandsProtocol}\r\n\r\n`)
      socket.setTimeout(0)
      // Sockets of an HTTP server stay half open unless told.
      socket.once('end', () => socket.end())
      if (head.length > 0) socket.unshift(head)
      found.accept(socket)
    }).catch(() => socket.destroy())
  })
}

/** The sandbox, or the status of a refusal. */
async function answer({ url, headers }: IncomingMessage, sandboxes: Sandboxes): Promise<AdminSandbox | string> {
  if (url !== commandsPath || headers.upgrade !== commandsProtocol) return '404 Not Found'
  const bearer = await findBearer(headers.authorization, sandboxes)
  if (!bearer) return '401 Unauthorized'
  if (!mayAct(bearer.role, 'admin')) return '403 Forbidden'
  return headers[sandboxHeader] === encodeURIComponent(bearer.sandbox.name) ? bearer.sandbox : '421 Misdirected Request'
}
