// A connector in a process of its own, behind the same interface. Its declarations are read here, its work is done there; its way to
// the world (http, log, pauses) leads back here, so that limits, quotas and redaction hold as for every other. A process that ends,
// hangs or has no memory left ends the call with a code; the next call starts another one.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../../kernel/clock.js'
import { fail } from '../../kernel/error.js'
import type { JsonObject } from '../../kernel/json.js'
import { type LogFields, type LogLevel, silentLog } from '../../kernel/log.js'
import { withStandIns } from '../current-config.js'
import type { Audience, ConnectorContext, DeliveryRequest, DestinationConnector, HttpRequest, Item, OpenDestination, OpenSource, ReadPart, ReadRequest, SourceConnector } from '../sdk.js'
import { Channel } from './channel.js'
import type { Opening } from './opening.js'

export interface Isolation {
  /** `Source/marketo`, for messages. */
  readonly address: string
  /** The plugin's file, and which of its connectors. */
  readonly file: string
  readonly connector: string
  /** Without a word for so long, while nothing that it asked for is on its way, it hangs. */
  readonly silentMs?: number
  /** What its JavaScript may need; 512 MB unless told. */
  readonly memoryMb?: number
  /** How the process is started; tests run what was built. */
  readonly child?: URL
}

type Side = Opening['side']

const usualSilentMs = 120_000
const usualMemoryMb = 512
const lettingGoMs = 5000
const idleMs = 30_000
const keptErrorChars = 4000

/** What is known of a destination before its secrets are: what can be opened to see what it can do. */
export interface Unopened {
  readonly config: JsonObject
  readonly clock: Clock
  readonly folder: string
}

export function isolateSource(source: SourceConnector, isolation: Isolation): SourceConnector {
  const open = (context: ConnectorContext): OpenSource => {
    const connector = new ConnectorProcess('source', context, isolation)
    return {
      check: () => connector.do('check'),
      discover: () => connector.do('discover'),
      read: (request: ReadRequest) => connector.pull<ReadPart>('read', request),
      close: () => connector.close(),
    }
  }
  return { ...source, open }
}

/** `can`: as `findMethods` told, for callers look whether a method is there. */
export function isolateDestination(destination: DestinationConnector, isolation: Isolation, can: ReadonlySet<string>): DestinationConnector {
  const open = (context: ConnectorContext): OpenDestination => {
    const connector = new ConnectorProcess('destination', context, isolation)
    const has = (name: string): boolean => can.has(name)
    return {
      check: () => connector.do('check'),
      upsert: (delivery: DeliveryRequest) => connector.do('upsert', delivery),
      remove: (delivery: DeliveryRequest) => connector.do('remove', delivery),
      ...(has('ensureAudience') ? { ensureAudience: (audience: Audience) => connector.do('ensureAudience', audience) } : {}),
      ...(has('findAudience') ? { findAudience: (remoteId: string) => connector.do('findAudience', remoteId) } : {}),
      ...(has('poll') ? { poll: (jobId: string) => connector.do('poll', jobId) } : {}),
      ...(has('members') ? { members: (audience: Audience) => connector.pull('members', audience) } : {}),
      ...(has('match') ? { match: (items: readonly Item[]) => connector.do('match', items) } : {}),
      close: () => connector.close(),
    }
  }
  return { ...destination, open }
}

/** What a destination can do, asked of a process of its own. Nothing, if it cannot even be opened: whoever uses it is told why. */
export async function findMethods(isolation: Isolation, unopened: Unopened): Promise<ReadonlySet<string>> {
  const asked = new ConnectorProcess('destination', toProbe(unopened), isolation)
  try {
    return await asked.methods()
  } catch {
    return new Set()
  } finally {
    asked.end()
  }
}

/** It is opened to be looked at: with no secret, and no way to the world. */
function toProbe({ config, clock, folder }: Unopened): ConnectorContext {
  const refuse = (): Promise<never> => Promise.reject(new Error('a connector that is only looked at has no way to the world'))
  return { config: withStandIns(config) as JsonObject, clock, folder, http: { request: refuse, stream: refuse }, log: silentLog, signal: new AbortController().signal, random: () => 0, pause: refuse, hide: () => undefined, dryRun: true }
}

interface Running {
  readonly child: ChildProcess
  readonly channel: Channel
  readonly methods: Promise<ReadonlySet<string>>
}

class ConnectorProcess {
  #running: Running | undefined
  /** Calls and reads that are not over. */
  #inUse = 0
  #idle: NodeJS.Timeout | undefined

  constructor(private readonly side: Side, private readonly context: ConnectorContext, private readonly isolation: Isolation) {}

  async methods(): Promise<ReadonlySet<string>> {
    return this.start().methods
  }

  async do<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    const channel = await this.enter()
    try {
      return await channel.call<T>('do', name, args)
    } finally {
      this.leave()
    }
  }

  async *pull<T>(name: string, ...args: readonly unknown[]): AsyncIterable<T> {
    const channel = await this.enter()
    try {
      yield* channel.pull<T>('do', name, args)
    } finally {
      this.leave()
    }
  }

  /** Lets it let go of what is open, and ends it in any case. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const running = this.#running
    if (!running) return
    this.#running = undefined
    const killer = setTimeout(() => running.child.kill('SIGKILL'), lettingGoMs)
    try {
      if ((await running.methods).has('close')) await running.channel.call('do', 'close', [])
    } finally {
      clearTimeout(killer)
      running.child.kill('SIGKILL')
    }
  }

  end(): void {
    this.#running?.child.kill('SIGKILL')
  }

  private async enter(): Promise<Channel> {
    clearTimeout(this.#idle)
    this.#inUse++
    try {
      const { methods, channel } = this.start()
      await methods
      return channel
    } catch (error) {
      this.leave()
      throw error
    }
  }

  // The daemon keeps what it has opened for as long as a state holds; a process with nothing to do need not stay.
  private leave(): void {
    this.#inUse--
    if (this.#inUse > 0) return
    this.#idle = setTimeout(() => { this.close().catch((error: unknown) => { this.context.log.write('warn', String(error)) }) }, idleMs)
    this.#idle.unref()
  }

  private start(): Running {
    this.#running ??= this.run()
    return this.#running
  }

  private run(): Running {
    const { isolation: { child: file = new URL('./child.js', import.meta.url), memoryMb = usualMemoryMb }, context } = this
    // It gets nothing of this process's environment: secrets are there.
    const child = fork(fileURLToPath(file), [], { env: {}, execArgv: [`--max-old-space-size=${String(memoryMb)}`], serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    const watch = new Watch(this.isolation.silentMs ?? usualSilentMs, () => { this.lose(running, this.hangs()) })
    const channel: Channel = new Channel({
      send: (message) => {
        if (child.connected) child.send(message as object)
        watch.heard(channel.waits)
      },
      onMessage: (take) => child.on('message', (message) => {
        take(message)
        watch.heard(channel.waits)
      }),
    }, this.handlers(() => channel))
    const opening: Opening = {
      file: this.isolation.file, connector: this.isolation.connector, side: this.side, config: context.config, dryRun: context.dryRun, folder: context.folder,
      nowMs: context.clock.nowMs(), standsStill: context.clock.standsStill === true, seed: context.random(),
    }
    let told = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { told = `${told}${text}`.slice(-keptErrorChars) })
    child.on('error', (error) => { this.lose(running, this.ended(error.message)) })
    child.on('close', (code, signal) => { watch.stop(); this.lose(running, this.ended(howItEnded({ code, signal, told, memoryMb }))) })
    const abort = (): void => { channel.call('abort').catch(() => undefined) }
    context.signal.addEventListener('abort', abort)
    child.on('close', () => { context.signal.removeEventListener('abort', abort) })
    const methods = channel.call<readonly string[]>('open', opening).then((names) => new Set(names))
    const running: Running = { child, channel, methods }
    // What could not be opened is opened anew by the next call.
    methods.catch((error: unknown) => { this.lose(running, error as Error) })
    return running
  }

  /** What it asks of this side. */
  private handlers(channel: () => Channel): ConstructorParameters<typeof Channel>[1] {
    const { http, log } = this.context
    return {
      log: (level: LogLevel, message: string, fields?: LogFields) => { log.write(level, message, fields) },
      hide: (secret: string) => { this.context.hide(secret) },
      pause: (ms: number) => this.context.pause(ms),
      request: (request: HttpRequest) => http.request(request),
      stream: async (request: HttpRequest) => {
        const { body, ...head } = await http.stream(request)
        return { ...head, body: channel().keep(body) }
      },
    }
  }

  private lose(running: Running, error: Error): void {
    if (this.#running === running) this.#running = undefined
    running.channel.end(error)
    running.child.kill('SIGKILL')
  }

  private ended(how: string): Error {
    return fail('connector/process-ended', { address: this.isolation.address, how })
  }

  private hangs(): Error {
    return fail('connector/process-hangs', { address: this.isolation.address, seconds: Math.round((this.isolation.silentMs ?? usualSilentMs) / 1000) })
  }
}

/** Tells when a process that should be at work says nothing for too long. */
class Watch {
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly silentMs: number, private readonly onSilence: () => void) {}

  /** `isAtWork`: what it asked for is here, and it has something to say. */
  heard(isAtWork: boolean): void {
    this.stop()
    if (isAtWork) this.#timer = setTimeout(this.onSilence, this.silentMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}

interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** On its stderr. */
  readonly told: string
  readonly memoryMb: number
}

function howItEnded({ code, signal, told, memoryMb }: Ending): string {
  if (told.includes('heap out of memory')) return `it needed more than ${String(memoryMb)} MB of memory`
  // Of an error that nobody caught, Node prints its first line before the places.
  const line = told.split('\n').find((each) => /^(?:Uncaught )?\w*Error\b/.test(each))
  const how = signal === null ? `it ended by itself with exit code ${String(code)}` : `it was ended by ${signal}`
  return line === undefined ? how : `${how}: ${line}`
}
