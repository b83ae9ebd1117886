// The process of one connector: what is handed to it comes from the process that started it, and so do all its ways to the world.
// Whatever happens to it (an exit, an error that nobody catches, no memory left) happens here and nowhere else.
import { pathToFileURL } from 'node:url'
import { instantFromMs, systemClock } from '../../kernel/clock.js'
import type { LogFields, LogLevel } from '../../kernel/log.js'
import type { Connector, ConnectorContext, Http, HttpResponse, Plugin } from '../sdk.js'
import { Channel } from './channel.js'
import type { Opening, StreamHead } from './opening.js'

type Methods = Readonly<Record<string, ((...args: never[]) => unknown) | undefined>>

const stop = new AbortController()
let opened: Methods = {}

const channel = new Channel({ send: (message) => process.send?.(message), onMessage: (take) => process.on('message', take) }, {
  /** Gives the names of what the opened connector can do. */
  open: async (opening: Opening) => {
    const connector = await loadConnector(opening)
    const side = connector[opening.side]
    if (!side) throw new Error(`${opening.connector} is no ${opening.side}`)
    opened = side.open(toContext(opening)) as unknown as Methods
    return methodNames.filter((each) => typeof opened[each] === 'function')
  },
  do: (name: string, args: readonly never[]) => opened[name]?.(...args),
  abort: () => { stop.abort() },
})

const methodNames = ['check', 'discover', 'read', 'close', 'ensureAudience', 'findAudience', 'upsert', 'remove', 'poll', 'members', 'match']

// Without the process that started it there is nothing to do.
process.on('disconnect', () => { process.exit() })

async function loadConnector({ file, connector }: Opening): Promise<Connector> {
  const { plugin } = (await import(pathToFileURL(file).href)) as { readonly plugin: Plugin }
  const found = plugin.connectors.find((each) => each.name === connector)
  if (!found) throw new Error(`${file} has no connector ${connector}`)
  return found
}

function toContext({ config, dryRun, folder, nowMs, standsStill, seed }: Opening): ConnectorContext {
  const startedMs = systemClock.ticksMs()
  const now = (): number => nowMs + (standsStill ? 0 : systemClock.ticksMs() - startedMs)
  const tell = (name: string, ...args: readonly unknown[]): void => { channel.call(name, ...args).catch(() => undefined) }
  return {
    config, dryRun, folder, http, signal: stop.signal, random: randomFrom(seed),
    clock: { now: () => instantFromMs(now()), nowMs: now, ticksMs: () => systemClock.ticksMs() },
    log: { write: (level: LogLevel, message: string, fields?: LogFields) => { tell('log', level, message, fields) } },
    pause: (ms) => channel.call('pause', ms),
    hide: (secret) => { tell('hide', secret) },
  }
}

/** The host's client, at the other side: limits and quotas hold for all connectors of an account, whatever process they are in. */
const http: Http = {
  request: (request) => channel.call<HttpResponse>('request', request),
  stream: async (request) => {
    const { body, ...head } = await channel.call<StreamHead>('stream', request)
    return { ...head, body: channel.piecesOf<Uint8Array>(body) }
  },
}

/** Mulberry32: numbers between 0 and 1 that one number decides, for chance is handed in. */
function randomFrom(seed: number): () => number {
  let state = Math.floor(seed * 2 ** 32)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
