// A mapping expression as a function of the source record. Plain paths (`Amount`, `address.city`), most of them, are read
// directly; everything else runs on the JSONata evaluator and gives the same.
import type { Bindings, Outcome } from '../expressions/expression.js'
import { type ParseOptions, parseExpression } from '../expressions/parse.js'
import { type Json, type JsonObject, isJsonObject } from '../kernel/json.js'

export type FieldReader = (record: JsonObject, bindings: Bindings) => Outcome | Promise<Outcome>

const plainPath = /^(?:[A-Za-z_]\w*|`[^`]+`)(?:\.(?:[A-Za-z_]\w*|`[^`]+`))*$/
const keywords: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function'])

export function toFieldReader(expression: string, options: ParseOptions): FieldReader {
  const evaluate = toEvaluator(expression, options)
  const path = findPlainPath(expression)
  return path ? (record, bindings) => readPath(record, path) ?? evaluate(record, bindings) : evaluate
}

export function findPlainPath(expression: string): readonly string[] | undefined {
  const text = expression.trim()
  if (!plainPath.test(text)) return undefined
  const names = [...text.matchAll(/`([^`]+)`|(\w+)/g)].map((match) => match[1] ?? match[2] ?? '')
  return names.some((each) => keywords.has(each)) ? undefined : names
}

/** Undefined where the path crosses a list: what JSONata does then is not plain. */
function readPath(record: JsonObject, path: readonly string[]): Outcome | undefined {
  let value: Json | undefined = record
  for (const name of path) {
    if (Array.isArray(value)) return undefined
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return { ok: true, value: undefined }
    value = value[name]
  }
  return { ok: true, value }
}

function toEvaluator(text: string, options: ParseOptions): FieldReader {
  const parsed = parseExpression(text, options)
  if (parsed.ok) return (record, bindings) => parsed.expression.evaluate(record, bindings)
  const [problem] = parsed.problems
  return () => ({ ok: false, code: problem?.code ?? 'S0500', message: problem?.message ?? 'cannot be parsed' })
}
