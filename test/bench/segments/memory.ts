// Memory and writing of this process, as Linux counts them; zero elsewhere.
import { readFileSync, writeFileSync } from 'node:fs'

/** From here on the peak counts anew. Linux only; elsewhere nothing happens. */
export function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // Then the peak is that of the whole process, which is no less.
  }
}

/** The most memory that the process had since it was last forgotten, in MB. */
export function peakMegabytes(): number {
  return figure('/proc/self/status', /VmHWM:\s+(\d+)/) / 1024
}

/** Bytes that the process has written to files and pipes so far. */
export function bytesWritten(): number {
  return figure('/proc/self/io', /wchar:\s+(\d+)/)
}

function figure(path: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
