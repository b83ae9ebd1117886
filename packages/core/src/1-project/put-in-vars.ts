// `${{ vars.name }}` in the values of a document → the sandbox's value. A whole-value reference keeps its type; inside a text
// the value becomes text. Expressions are left alone: `$` belongs to JSONata, which has `$vars`.
import type { DiagnosticLog } from '../kernel/diagnostic.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../kernel/json.js'
import { suggestion } from '../kernel/suggest.js'
import type { Placed } from './placed.js'
import type { Path } from './read.js'

export interface VarScope {
  readonly sandbox: string
  readonly vars: JsonObject
  readonly log: DiagnosticLog
}

const reference = /\$\{\{(.*?)\}\}/g
const varName = /^\s*vars\.([A-Za-z_][\w-]*)\s*$/
/** Keys whose values are JSONata. */
export const expressionKeys: ReadonlySet<string> = new Set(['expression', 'map', 'key', 'deletedWhen', 'body'])

export function putInVars(placed: Placed, scope: VarScope): Placed {
  const put = (value: Json, path: Path): Json => {
    if (typeof value === 'string') return putInText(value, path, placed, scope)
    if (isJsonArray(value)) return value.map((each, index) => put(each, [...path, index]))
    if (!isJsonObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, expressionKeys.has(key) ? each : put(each, [...path, key])]))
  }
  return placed.with(put(placed.value, []) as JsonObject)
}

function putInText(text: string, path: Path, placed: Placed, scope: VarScope): Json {
  const found = [...text.matchAll(reference)]
  if (found.length === 0) return text
  const values = found.map((match) => valueOf(match, path, placed, scope))
  const [only] = values
  if (found.length === 1 && found[0]?.[0] === text.trim()) return only ?? text
  let index = 0
  return text.replaceAll(reference, (written) => {
    const value = values[index++]
    return value === undefined ? written : typeof value === 'string' ? value : JSON.stringify(value)
  })
}

function valueOf(match: RegExpExecArray | RegExpMatchArray, path: Path, placed: Placed, { sandbox, vars, log }: VarScope): Json | undefined {
  const from = match.index ?? 0
  const at = placed.spanInText(path, { from, to: from + match[0].length })
  const name = varName.exec(match[1] ?? '')?.[1]
  if (name === undefined) {
    log.report('project/bad-reference-syntax', { text: match[0] }, at)
    return undefined
  }
  if (!Object.hasOwn(vars, name)) {
    log.report('project/unknown-var', { name, sandbox, suggestion: suggestion(name, Object.keys(vars)) }, at)
    return undefined
  }
  return vars[name]
}
