// The real command line, killed when it is told to be, and how much memory it held.
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

export interface Ended {
  /** Null when it was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The most that it held (VmHWM), where the system tells it; 0 elsewhere. */
  readonly peakMegabytes: number
}

const cdp = resolve('packages/core/bin/cdp.js')
const lookEveryMs = 50

export function runCdp(folder: string, args: readonly string[], isTime?: () => boolean): Promise<Ended> {
  return runNode(folder, [cdp, ...args], isTime)
}

/** Killed without warning as soon as `isTime` says so. */
export async function runNode(folder: string, args: readonly string[], isTime?: () => boolean): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, CDP_CLOCK: '2026-11-23T06:00:00.000Z', SECRET: 'secret', CLIENT: 'client' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr, peakMegabytes] = ['', '', 0]
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  const watch = setInterval(() => {
    void peakOf(child.pid ?? 0).then((each) => { peakMegabytes = Math.max(peakMegabytes, each) })
    if (isTime?.() === true) child.kill('SIGKILL')
  }, lookEveryMs)
  const code = await new Promise<number | null>((done) => child.on('close', done))
  clearInterval(watch)
  return { code, stdout, stderr, peakMegabytes }
}

async function peakOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024
}
