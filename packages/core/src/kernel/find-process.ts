// What this machine tells of one of its processes: its command line, and whether somebody stopped it (Ctrl-Z).
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface FoundProcess {
  readonly pid: number
  readonly command: string
  /** It holds what it holds, and does nothing until it is continued. */
  readonly isStopped: boolean
}

/** Undefined when there is no such process. */
export function findProcess(pid: number): FoundProcess | undefined {
  if (pid <= 0 || !isAlive(pid)) return undefined
  return { pid, ...(readProc(pid) ?? askPs(pid) ?? { command: '', isStopped: false }) }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { readonly code?: string }).code === 'EPERM'
  }
}

/** Linux: `/proc/12/stat` is `12 (name) T …`; the name may hold anything. */
function readProc(pid: number): Pick<FoundProcess, 'command' | 'isStopped'> | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    const command = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0').join(' ').trim()
    return { command, isStopped: isStopped(stat.slice(stat.lastIndexOf(')') + 2)) }
  } catch {
    return undefined
  }
}

function askPs(pid: number): Pick<FoundProcess, 'command' | 'isStopped'> | undefined {
  try {
    const [state = '', ...command] = execFileSync('ps', ['-o', 'state=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim().split(/\s+/)
    return { command: command.join(' '), isStopped: isStopped(state) }
  } catch {
    return undefined
  }
}

function isStopped(state: string): boolean {
  return /^[Tt]/.test(state)
}
