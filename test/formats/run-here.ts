// A command without a process of its own, for tests that run very many: same code, same flags, its output and its exit code.
import { resolve } from 'node:path'
import { Config, Errors, flush } from '@oclif/core'
import { commands } from '../../packages/core/src/commands/index.js'
import { type CliOptions, type Ended, environment } from '../journeys/cli.js'

const loaded = Config.load(resolve('packages/core/package.json'))

export async function runHere(args: readonly string[], { folder, env }: CliOptions): Promise<Ended> {
  const [name = '', ...rest] = args
  const command = commands[name as keyof typeof commands]
  const before = { folder: process.cwd(), env: process.env, exitCode: process.exitCode }
  const output = { stdout: '', stderr: '' }
  const restore = (['stdout', 'stderr'] as const).map((stream) => capture(stream, (text) => { output[stream] += text }))
  try {
    process.chdir(folder)
    process.env = environment(env)
    process.exitCode = 0
    await command.run([...rest], await loaded).catch((error: unknown) => { if (!(error instanceof Errors.ExitError)) throw error; process.exitCode = error.oclif.exit ?? 1 })
    await flush()
    return { code: toCode(process.exitCode), ...output }
  } finally {
    for (const each of restore) each()
    process.chdir(before.folder)
    process.env = before.env
    process.exitCode = before.exitCode
  }
}

function toCode(exit: typeof process.exitCode): number {
  return typeof exit === 'number' ? exit : 0
}

function capture(stream: 'stdout' | 'stderr', take: (text: string) => void): () => void {
  const own = Object.getOwnPropertyDescriptor(process[stream], 'write')
  process[stream].write = (text: string | Uint8Array, ...rest: readonly unknown[]) => {
    take(typeof text === 'string' ? text : Buffer.from(text).toString())
    const done = rest.findLast((each) => typeof each === 'function') as (() => void) | undefined
    done?.()
    return true
  }
  return () => {
    if (own) Object.defineProperty(process[stream], 'write', own)
    else Reflect.deleteProperty(process[stream], 'write')
  }
}
