// An expression in a YAML scalar: parsed, and every problem placed in the file.
import type { Expression, ExpressionProblem } from '../expressions/expression.js'
import { libraryFunctionNames } from '../expressions/jsonata.js'
import { parseOnce } from '../expressions/parse-once.js'
import { type ParseOptions, parseExpression } from '../expressions/parse.js'
import type { DiagnosticLog } from '../kernel/diagnostic.js'
import { suggestion } from '../kernel/suggest.js'
import type { Placed } from './placed.js'
import type { Path } from './read.js'

/** The expression, or undefined after its problems were reported. */
export function checkExpression(placed: Placed<unknown>, path: Path, text: string, log: DiagnosticLog, options?: ParseOptions): Expression | undefined {
  const parsed = options ? parseExpression(text, options) : parseOnce(text)
  if (parsed.ok) return parsed.expression
  for (const problem of parsed.problems) reportProblem(problem, placed, path, text, log)
  return undefined
}

function reportProblem({ code, message, range }: ExpressionProblem, placed: Placed<unknown>, path: Path, text: string, log: DiagnosticLog): void {
  const at = placed.spanInText(path, range)
  const written = text.slice(range.from, range.to)
  switch (code) {
    case 'unknown-function': {
      const known = [...libraryFunctionNames, 'daysAgo', 'hoursAgo']
      const near = suggestion(written.slice(1), known)
      log.report('expression/unknown-function', { name: written, suggestion: near.replace('"', '"$') }, at)
      return
    }
    case 'unknown-variable':
      log.report('expression/unknown-variable', { name: written }, at)
      return
    case 'too-deep':
      log.report('expression/too-deep', { reason: message }, at)
      return
    case 'regex-unsupported':
      log.report('expression/regex-unsupported', { reason: message }, at)
      return
    default:
      log.report('expression/syntax', { reason: message, jsonata: code }, at)
  }
}
