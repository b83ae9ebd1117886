// A sandbox that lives on events, and a receiver that notes who is in its audiences: for the journeys and, in long form, the benchmarks.
import { writeFileSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '../../packages/core/src/kernel/clock.js'
import type { SqlText } from '../../packages/core/src/kernel/sql-text.js'
import { openStore } from '../../packages/core/src/stores/open-store.js'
import type { StoreRow } from '../../packages/core/src/stores/store.js'
import { runCli, temporaryFolder } from '../journeys/cli.js'
import { aLiveProject } from './in-process.js'

const segments = `---
kind: Segment
name: buyers
expression: $count(events[eventType = "Order Completed" and timestamp > $daysAgo(7)]) >= 3
evaluation: { mode: streaming }
activate: [{ destination: hook }]
---
kind: Segment
name: lookers
expression: $exists(person.email) and $not($exists(events[eventType = "Order Completed"]))
evaluation: { mode: streaming }
activate: [{ destination: hook }]
`
export const liveEnv = { WEB_WRITE_KEY: 'secret' }

/** What a receiver was told: who is in which audience now. */
export class AudienceReceiver {
  readonly members = new Map<string, Set<string>>()
  #server: Server | undefined

  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => { body += part }).on('end', () => {
        const { operation, segment, items } = JSON.parse(body) as { operation: string; segment: string; items: readonly { key: string }[] }
        const members = this.members.get(segment) ?? new Set<string>()
        this.members.set(segment, members)
        // <segment>:<profile>:<place in the log>
        for (const id of items.map((each) => each.key.split(':')[1] ?? '')) if (operation === 'remove') members.delete(id)
          else members.add(id)
        response.setHeader('content-type', 'application/json').end('{}')
      })
    })
    await new Promise<void>((done) => this.#server?.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${String((this.#server?.address() as AddressInfo).port)}/hook`
  }

  /** Ascending. */
  membersOf(segment: string): readonly string[] {
    return [...(this.members.get(segment) ?? [])].sort((a, b) => Number(a) - Number(b))
  }

  stop(): void {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }
}

export interface LiveSandbox {
  readonly folder: string
  readonly receiver: AudienceReceiver
}

/** Applied, and served by nobody yet; `more` is YAML of further resources. */
export async function aLiveSandbox(more = ''): Promise<LiveSandbox> {
  const receiver = new AudienceReceiver()
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'cdp.yaml'), aLiveProject({ hook: await receiver.start(), keyVariable: 'WEB_WRITE_KEY' }) + segments + more)
  const applied = runCli(['apply', '--auto-approve'], { folder, env: liveEnv })
  if (applied.code !== 0) throw new Error(applied.stderr)
  return { folder, receiver }
}

export function sendBatch(url: string, calls: readonly object[]): Promise<Response> {
  return fetch(`${url}/v1/batch`, { method: 'POST', headers: { authorization: 'Bearer secret' }, body: JSON.stringify({ batch: calls }) })
}

/** Asks the sandbox's store, which nobody serves. */
export async function askStore(folder: string, ...queries: readonly SqlText[]): Promise<readonly (readonly StoreRow[])[]> {
  const store = await openStore({ path: join(folder, '.cdp', 'dev', 'store.duckdb'), clock: systemClock })
  try {
    return await Promise.all(queries.map((each) => store.rows(each)))
  } finally {
    await store.close()
  }
}
