// What the demonstrations of the examples share: headings, commands of the real command line, and checks; one that fails makes
// the whole demonstration fail.
import { spawn } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cdp = fileURLToPath(new URL('../packages/core/bin/cdp.js', import.meta.url))

export interface Output {
  readonly code: number
  readonly stdout: string
}

export interface HowToRun {
  /** Says nothing of it. */
  readonly quiet?: boolean
}

export class Demonstration {
  #failed = false

  /** `env`: what the commands see, asked before each. */
  constructor(private readonly env: () => Readonly<Record<string, string>>) {}

  say(text = ''): void {
    process.stdout.write(`${text}\n`)
  }

  heading(text: string): void {
    this.say(`\n── ${text} ${'─'.repeat(Math.max(3, 90 - text.length))}`)
  }

  check(ok: boolean, text: string): void {
    if (!ok) this.#failed = true
    this.say(`  ${ok ? '✓' : '✗'} ${text}`)
  }

  checkAudience(list: string, { got, wanted, countedIn }: { readonly got: readonly string[]; readonly wanted: readonly string[]; readonly countedIn: string }): void {
    const isSame = JSON.stringify([...got].sort()) === JSON.stringify([...wanted].sort())
    this.check(isSame, `${list.padEnd(26)} delivered ${String(got.length).padStart(3)}   counted in ${countedIn} ${String(wanted.length).padStart(3)}`)
  }

  run(folder: string, args: readonly string[], { quiet = false }: HowToRun = {}): Promise<Output> {
    if (!quiet) this.say(`\n$ cdp ${args.join(' ')}`)
    const child = spawn(process.execPath, [cdp, ...args], { cwd: folder, env: { ...process.env, ...this.env() }, stdio: ['ignore', 'pipe', 'inherit'] })
    return new Promise((resolve, reject) => {
      let stdout = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text
        if (!quiet) process.stdout.write(text)
      })
      child.on('error', reject)
      child.on('close', (code) => { resolve({ code: code ?? 1, stdout }) })
    })
  }

  /** A command that has to succeed; gives what it said. */
  async must(folder: string, args: readonly string[], how?: HowToRun): Promise<string> {
    const { code, stdout } = await this.run(folder, args, how)
    if (code !== 0) throw new Error(`cdp ${args.join(' ')} ended with exit code ${String(code)}`)
    return stdout
  }

  /** Nothing is left behind, unless somebody wants to look at the project: KEEP=1. */
  async remove(base: string, project = base): Promise<void> {
    if (process.env['KEEP'] === '1') this.say(`\nKept in ${project}`)
    else await rm(base, { recursive: true, force: true })
  }

  /** The last line, and the exit code. */
  end(more = ''): void {
    this.say(`\n${this.#failed ? '✗ Something differs.' : '✓ Everything agrees.'}${more}`)
    process.exitCode = this.#failed ? 1 : 0
  }
}

/** Changes a file's text, as somebody with an editor would. */
export async function edit(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, 'utf8')))
}

/** The sandbox `dev` of a template, with the addresses of simulators, which run on this machine. */
export async function pointToSimulators(folder: string, change: (text: string) => string): Promise<void> {
  await edit(join(folder, 'sandboxes/dev.yaml'), (text) => change(text).replace('vars:', 'network: { allow: [loopback] }\nvars:'))
}
