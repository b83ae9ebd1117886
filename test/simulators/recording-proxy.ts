// A proxy that writes down what passes on its way to a server: the request line, every header and the body, as they came over the wire.
import { type IncomingMessage, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Passed {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface RecordingProxy {
  readonly url: string
  readonly passed: readonly Passed[]
  close(): Promise<void>
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const passed: Passed[] = []
  const pass = async (incoming: IncomingMessage): Promise<{ readonly status: number; readonly type: string; readonly body: Buffer }> => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const { method = 'GET', url: path = '/', headers } = incoming
    const body = Buffer.concat(parts).toString('utf8')
    passed.push({ method, path, headers, body })
    const forwarded = Object.fromEntries(['authorization', 'content-type'].flatMap((each) => (typeof headers[each] === 'string' ? [[each, headers[each]]] : [])))
    const answer = await fetch(`${target}${path}`, { method, headers: forwarded, ...(body === '' ? {} : { body }) })
    return { status: answer.status, type: answer.headers.get('content-type') ?? 'text/plain', body: Buffer.from(await answer.arrayBuffer()) }
  }
  const server = createServer((incoming, response) => {
    pass(incoming).then(({ status, type, body }) => { response.writeHead(status, { 'content-type': type }).end(body) }, (error: unknown) => { response.writeHead(502).end(String(error)) })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, passed,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Every single value of a request: of its path, its query, its headers and its body. */
export function valuesOf({ path, headers, body }: Passed): readonly string[] {
  const { pathname, searchParams } = new URL(path, 'http://proxy')
  const isJson = headers['content-type']?.includes('json') === true
  return [
    ...pathname.split('/').filter((each) => each !== ''),
    ...[...searchParams].flatMap(([name, value]) => [name, ...value.split(',')]),
    ...Object.entries(headers).flatMap(([name, value]) => [`${name}: ${String(value)}`]),
    ...(body === '' ? [] : isJson ? leavesOf(JSON.parse(body)) : [...new URLSearchParams(body)].flatMap(([name, value]) => [name, ...value.split(',')])),
  ]
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Array.isArray(value) ? value.flatMap(leavesOf) : Object.entries(value).flatMap(([name, each]) => [name, ...leavesOf(each)])
}
