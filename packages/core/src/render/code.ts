// What a code means, as text.
import type { CodeDescription } from '../kernel/codes/describe-code.js'
import type { Paint } from './paint.js'

const kinds = { error: 'an error in the project files', warning: 'a warning about the project files', failure: 'a failure of a command', block: 'it stops a plan', record: 'a reason for quarantine', evaluation: 'a failure of an expression' } as const

export function renderCode({ code, kind, summary, detail, help, exit }: CodeDescription, paint: Paint): string {
  return [
    `${paint.bold(code)}: ${summary}`,
    `  ${kinds[kind]}${exit === undefined ? '' : `; exit code ${String(exit)}`}`,
    ...(detail === '' ? [] : ['', `  ${detail}`]),
    ...(help === '' ? [] : [`  ${help}`]),
  ].join('\n')
}
