// The real command line for the journeys: a child process, its output, its exit code.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const cdp = resolve('packages/core/bin/cdp.js')
export const clock = '2026-11-23T06:00:00.000Z'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

export function runCli(args: readonly string[], { folder, env }: CliOptions): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cdp, ...args], { cwd: folder, encoding: 'utf8', env: environment(env), input: '' })
  return { code: status, stdout, stderr }
}

/** The same without blocking this process, for tests that run a receiver. With `killAfterMs` it is killed if it still runs then. */
export function startCli(args: readonly string[], { folder, env, killAfterMs }: CliOptions & { readonly killAfterMs?: number }): Promise<Ended> {
  const child = spawn(process.execPath, [cdp, ...args], { cwd: folder, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] })
  const killer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  return new Promise((done) => {
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
    child.on('close', (code) => { clearTimeout(killer); done({ code, stdout, stderr }) })
  })
}

/** `CDP_CLOCK` empty: the time that it is. */
export function environment(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: '/home/test', CDP_CLOCK: clock, NO_COLOR: '1', ...env }
}

export function temporaryFolder(from?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cdp-journey-'))
  if (from !== undefined) cpSync(resolve(from), folder, { recursive: true, filter: (source) => !/[\\/](\.cdp|out)([\\/]|$)/.test(source) })
  return folder
}

export interface Served {
  /** Where events come in. */
  readonly url: string
  readonly pid: number
  /** Everything that it has told so far. */
  told(): string
  /** Ends it with a signal; gives its exit code. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** `cdp serve`, on a port that is free. */
export async function serveCli(args: readonly string[], { folder, env }: CliOptions): Promise<Served> {
  const child = spawn(process.execPath, [cdp, 'serve', '--collect', '127.0.0.1:0', ...args], { cwd: folder, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  const ended = new Promise<number | null>((done) => { child.on('close', done) })
  const url = await new Promise<string>((done, fail) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        told += text
        const found = /Events: (\S+)/.exec(told)?.[1]
        if (found !== undefined) done(found)
      })
    }
    void ended.then((code) => { fail(new Error(`cdp serve ended with ${String(code)}: ${told}`)) })
  })
  return { url, pid: child.pid ?? 0, told: () => told, stop: (signal = 'SIGTERM') => { child.kill(signal); return ended } }
}

/** The demonstration of an example, which has to succeed: how many checks it made. A slow machine's progress on stderr is no failure. */
export function runExample(name: string): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `examples/${name}/demo.ts`], { encoding: 'utf8' })
  assert.deepEqual([status, stdout.includes('✗')], [0, false], `${stdout}${stderr}`)
  return stdout.match(/^ {2}✓/gm)?.length ?? 0
}
