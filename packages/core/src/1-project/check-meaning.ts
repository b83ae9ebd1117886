// What a segment's expression means, held against the schemas: mistakes and traps, each at its place in the file, but the
// warnings that the segment switches off with `lint.off`.
import { check } from '../expressions/checks/check.js'
import type { Expression } from '../expressions/expression.js'
import type { RootShape } from '../expressions/root-shape.js'
import { checkCodes } from '../kernel/codes/checks.js'
import type { DiagnosticLog } from '../kernel/diagnostic.js'
import type { JsonObject } from '../kernel/json.js'
import { findNearest } from '../kernel/suggest.js'
import type { Placed } from './placed.js'
import type { WrittenSegment } from './written.js'

export interface MeaningScope {
  readonly shape: RootShape
  readonly vars: JsonObject
  readonly streams: boolean
  readonly log: DiagnosticLog
}

const warnings: readonly string[] = Object.entries(checkCodes).flatMap(([code, { severity }]) => (severity === 'warning' ? [code] : []))

export function checkMeaning(placed: Placed<WrittenSegment>, { tree, text }: Expression, { shape, vars, streams, log }: MeaningScope): void {
  const off = switchedOff(placed, log)
  for (const { code, range, params } of check({ tree, text, shape, vars, streams })) {
    if (!off.has(code)) log.add([{ code, severity: checkCodes[code].severity, params, at: placed.spanInText(['expression'], range) }])
  }
}

function switchedOff(placed: Placed<WrittenSegment>, log: DiagnosticLog): ReadonlySet<string> {
  const codes = placed.value.lint?.off ?? []
  for (const [index, code] of codes.entries()) {
    if (warnings.includes(code)) continue
    const nearest = findNearest(code, warnings) ?? warnings.find((each) => each === `expression/${code}`)
    log.report('expression/unknown-check', { code, suggestion: nearest === undefined || code in checkCodes ? '' : `Did you mean "${nearest}"?` }, placed.spanOf(['lint', 'off', index]))
  }
  return new Set(codes.filter((each) => warnings.includes(each)))
}
