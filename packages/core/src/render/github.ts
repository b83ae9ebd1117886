// Remarks as workflow commands: lines that the runner of GitHub Actions takes from the log of a step and shows at the place in the
// pull request. How it reads them: actions/runner, src/Runner.Common/ActionCommand.cs.
import type { Remark } from './remark.js'

/** One line per remark. Errors stand first: GitHub shows ten of each kind per step and drops the rest. */
export function toWorkflowCommands(remarks: readonly Remark[]): readonly string[] {
  return [...remarks.filter((each) => each.severity === 'error'), ...remarks.filter((each) => each.severity === 'warning')].map(toCommand)
}

function toCommand({ code, severity, text, at }: Remark): string {
  const message = [`${text.summary}: ${text.detail}`, ...(text.help === '' ? [] : [text.help])].join('\n')
  return workflowCommand(severity, { ...(at ? place(at) : {}), title: code }, message)
}

// A place of several lines may not name columns (checks API of GitHub). The last column is part of the place, unlike in a span.
function place({ file, from, to }: NonNullable<Remark['at']>): Readonly<Record<string, string | number>> {
  const columns = from.line === to.line ? { col: from.column, endColumn: Math.max(from.column, to.column - 1) } : {}
  return { file, line: from.line, endLine: to.line, ...columns }
}

/** @example workflowCommand('error', { file: 'a,b.yaml', line: 3 }, '100 %') // '::error file=a%2Cb.yaml,line=3::100 %25' */
export function workflowCommand(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(String(value))}`)
  return `::${name}${written.length > 0 ? ` ${written.join(',')}` : ''}::${escapedData(message)}`
}

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
