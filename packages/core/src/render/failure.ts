// Profiles on which an expression failed, in a line.
import type { Failure } from '../daemon/preview-segment.js'
import { thousands } from './numbers.js'

export function renderFailure({ code, count, example, stopped }: Failure): string {
  const becomes = stopped ? 'stopped, the others were not looked at, and members stay as they are' : 'they are not members'
  return `! ${code} on ${thousands(count)}${example === undefined ? '' : `, such as ${example}`}: ${becomes}`
}
