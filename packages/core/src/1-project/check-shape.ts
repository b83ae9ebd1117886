// A document against the JSON Schema of its kind, or a configuration against its connector's: problems as sentences with places.
import { labelPattern } from '../entities/governance.js'
import type { DiagnosticLog } from '../kernel/diagnostic.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject, toText } from '../kernel/json.js'
import { type ShapeProblem, findShapeProblems } from '../kernel/shape.js'
import { suggestion } from '../kernel/suggest.js'
import type { Placed } from './placed.js'
import type { Path } from './read.js'

export interface ShapeCheck {
  readonly schema: JsonObject
  readonly value: Json
  /** Where in the document the value stands. */
  readonly at: Path
  /** What people call it: `a Segment`, `the config of connector http`. */
  readonly what: string
}

/** False when something is wrong. */
export function checkShape(placed: Placed<unknown>, { schema, value, at, what }: ShapeCheck, log: DiagnosticLog): boolean {
  // A text whose variable is unknown was told already; what it would have been nobody knows.
  const problems = essential(findShapeProblems(schema, value)).filter((each) => !toText(valueAt(value, each.path)).includes('${{'))
  for (const problem of problems) report(problem, { placed, schema, value, at, what, log })
  return problems.length === 0
}

// Where one of several forms is wanted, the complaints of each form say less than that none fits.
function essential(problems: readonly ShapeProblem[]): readonly ShapeProblem[] {
  const choices = problems.filter((each) => each.rule === 'oneOf' || each.rule === 'anyOf').map((each) => each.path.join('/'))
  return problems.filter((each) => each.rule === 'oneOf' || each.rule === 'anyOf' || !choices.some((choice) => each.path.join('/').startsWith(choice)))
}

interface Context extends ShapeCheck {
  readonly placed: Placed<unknown>
  readonly log: DiagnosticLog
}

function report({ path, rule, wants, message }: ShapeProblem, context: Context): void {
  const { placed, value, at, log } = context
  const whole = [...at, ...path]
  const key = keyName(path) ?? context.what
  const found = valueAt(value, path)
  switch (rule) {
    case 'additionalProperties': {
      const extra = String(wants['additionalProperty'])
      const where = path.length === 0 ? context.what : `"${path.join('.')}"`
      log.report('project/unknown-key', { key: extra, where, suggestion: suggestion(extra, knownKeys(context, path)) }, placed.keySpanOf([...whole, extra]))
      return
    }
    case 'required': {
      const where = path.length === 0 ? context.what : `"${path.join('.')}"`
      log.report('project/missing-key', { key: String(wants['missingProperty']), where }, whole.length === 0 ? placed.keySpanOf(['kind']) : placed.keySpanOf(whole))
      return
    }
    case 'type':
      log.report('project/wrong-type', { key, wanted: typeNames(wants['type']), found: nameOf(found) }, placed.spanOf(whole))
      return
    case 'enum':
    case 'const': {
      const allowed = rule === 'const' ? [String(wants['allowedValue'])] : (wants['allowedValues'] as readonly unknown[]).map(String)
      log.report('project/not-allowed', { key, value: nameOf(found), allowed: allowed.join(', '), suggestion: suggestion(toText(found), allowed) }, placed.spanOf(whole))
      return
    }
    default:
      log.report('project/bad-value', { key, problem: sentence(rule, wants, message) }, placed.spanOf(whole))
  }
}

/** What people call the last key of a path: items of a list by its name, `labels[0]`. */
export function keyName(path: Path): string | undefined {
  const from = path.findLastIndex((each) => !/^\d+$/.test(String(each)))
  const [name, ...indexes] = path.slice(from)
  return from < 0 || name === undefined ? undefined : `${String(name)}${indexes.map((each) => `[${String(each)}]`).join('')}`
}

function sentence(rule: string, wants: ShapeProblem['wants'], message: string): string {
  const limit = String(wants['limit'])
  switch (rule) {
    case 'minLength': return 'must not be empty'
    case 'minItems':
    case 'minProperties': return `needs at least ${limit}`
    case 'minimum': return `must be at least ${limit}`
    case 'exclusiveMinimum': return `must be more than ${limit}`
    case 'maximum': return `must be at most ${limit}`
    case 'maxLength': return `must not be longer than ${limit} characters`
    case 'uniqueItems': return 'has the same twice'
    case 'pattern': return patternSentence(String(wants['pattern']))
    case 'oneOf':
    case 'anyOf': return 'has none of the possible forms'
    default: return message
  }
}

function patternSentence(pattern: string): string {
  if (pattern.startsWith('^https?:')) return 'must be an address that starts with http:// or https://'
  if (pattern === '^[A-Za-z0-9][A-Za-z0-9._-]*$') return 'may have letters, digits, dots, dashes and underscores, and no spaces'
  if (pattern === labelPattern) return 'must be a label: C1 to C12, I1, I2, S1, S2, PSPD, RHD, or one of your own that starts with x-'
  if (pattern === '^[A-Z][0-9]{4}$') return 'must be a code of JSONata, such as T2010'
  return `does not have the right form (${pattern})`
}

function knownKeys({ schema }: Context, path: readonly string[]): readonly string[] {
  let node: Json | undefined = schema
  for (const key of path) node = isJsonObject(node ?? null) ? stepInto(node as JsonObject, key) : undefined
  const properties = isJsonObject(node ?? null) ? (node as JsonObject)['properties'] : undefined
  return isJsonObject(properties ?? null) ? Object.keys(properties as JsonObject) : []
}

function stepInto(schema: JsonObject, key: string): Json | undefined {
  const { properties, items, additionalProperties } = schema
  if (isJsonObject(properties ?? null) && Object.hasOwn(properties as JsonObject, key)) return (properties as JsonObject)[key]
  return /^\d+$/.test(key) ? items : additionalProperties
}

function valueAt(value: Json, path: readonly string[]): Json | undefined {
  let found: Json | undefined = value
  for (const key of path) found = isJsonArray(found ?? null) ? (found as readonly Json[])[Number(key)] : isJsonObject(found ?? null) ? (found as JsonObject)[key] : undefined
  return found
}

function typeNames(type: unknown): string {
  const names: Readonly<Record<string, string>> = { string: 'text', number: 'a number', integer: 'a whole number', boolean: 'true or false', object: 'a map', array: 'a list', null: 'nothing' }
  const list = Array.isArray(type) ? type.map(String) : [String(type)]
  return list.map((each) => names[each] ?? each).join(' or ')
}

export function nameOf(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing'
  if (isJsonArray(value)) return 'a list'
  if (isJsonObject(value)) return 'a map'
  const text = typeof value === 'string' ? `"${value.length > 40 ? `${value.slice(0, 37)}…` : value}"` : String(value)
  return typeof value === 'string' && /^(on|off|yes|no)$/i.test(value) ? `${text}, which is text in YAML 1.2` : text
}
