// A command without a process of its own, for stories of many commands: same code, same flags, its output and its exit code.
// What a process adds (how it starts and ends, several at once, kills, unknown commands) is told through cli.ts.
import { resolve } from 'node:path'
import { Config, Errors } from '@oclif/core'
import { commands } from '../../packages/core/src/commands/index.js'
import { type CliOptions, type Ended, environment } from './cli.js'

const loaded = Config.load(resolve('packages/core/package.json'))

export async function runHere(args: readonly string[], { folder, env }: CliOptions): Promise<Ended> {
  const { command, rest } = find(args)
  const before = { folder: process.cwd(), env: process.env, exitCode: process.exitCode }
  const output = { stdout: '', stderr: '' }
  // As through pipes, whoever started the tests.
  const restore = [...(['stdout', 'stderr'] as const).map((stream) => replace(process[stream], 'write', toWrite((text) => { output[stream] += text }))), ...[process.stdin, process.stdout, process.stderr].map((stream) => replace(stream, 'isTTY', false))]
  try {
    process.chdir(folder)
    process.env = environment(env)
    process.exitCode = 0
    await command.run([...rest], await loaded).catch((error: unknown) => { if (!(error instanceof Errors.ExitError)) throw error; process.exitCode = error.oclif.exit ?? 1 })
    return { code: toCode(process.exitCode), ...output }
  } finally {
    for (const each of restore) each()
    process.chdir(before.folder)
    process.env = before.env
    process.exitCode = before.exitCode
  }
}

/** The command of the first word, or of the first two: `state list`. */
function find(args: readonly string[]): { readonly command: (typeof commands)[keyof typeof commands]; readonly rest: readonly string[] } {
  for (const words of [2, 1]) {
    const command = commands[args.slice(0, words).join(':') as keyof typeof commands] as (typeof commands)[keyof typeof commands] | undefined
    if (command) return { command, rest: args.slice(words) }
  }
  throw new TypeError(`no command: ${args.join(' ')}`)
}

function toCode(exit: typeof process.exitCode): number {
  return typeof exit === 'number' ? exit : 0
}

function toWrite(take: (text: string) => void): typeof process.stdout.write {
  return (text: string | Uint8Array, ...rest: readonly unknown[]) => {
    take(typeof text === 'string' ? text : Buffer.from(text).toString())
    const done = rest.findLast((each) => typeof each === 'function') as (() => void) | undefined
    done?.()
    return true
  }
}

/** Gives what puts the former value back. */
function replace<T extends object, K extends keyof T>(thing: T, key: K, value: T[K]): () => void {
  const own = Object.getOwnPropertyDescriptor(thing, key)
  Object.defineProperty(thing, key, { value, configurable: true, writable: true })
  return () => {
    if (own) Object.defineProperty(thing, key, own)
    else Reflect.deleteProperty(thing, key)
  }
}
