// A connector's configuration against its schema. Secrets must be references; a reference may stand wherever text is wanted.
import type { DiagnosticLog } from '../kernel/diagnostic.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../kernel/json.js'
import { withStandIns, withoutPatterns } from '../plugins/current-config.js'
import { checkShape } from './check-shape.js'
import { checkExpression } from './check-expression.js'
import type { Placed } from './placed.js'
import { type SecretReference, isSecretReference } from './project.js'
import type { Path } from './read.js'

export interface ConfigCheck {
  readonly schema: JsonObject
  readonly config: JsonObject
  readonly at: Path
  readonly what: string
  readonly secrets: { has(reference: SecretReference): boolean }
}

export function checkConfig(placed: Placed<unknown>, check: ConfigCheck, log: DiagnosticLog): void {
  const { schema, config, at, what, secrets } = check
  for (const { path, value } of findMarked(schema, config, 'x-secret')) {
    if (typeof value === 'string') log.report('project/secret-literal', { key: String(path.at(-1)) }, placed.spanOf([...at, ...path]))
  }
  for (const { path, value } of findMarked(schema, config, 'x-jsonata')) {
    if (typeof value === 'string') checkExpression(placed, [...at, ...path], value, log)
  }
  for (const { path, reference } of findReferences(config)) {
    if (!secrets.has(reference)) log.report('project/secret-not-set', { reference: 'fromEnv' in reference ? `Environment variable ${reference.fromEnv}` : `File ${reference.fromFile}` }, placed.spanOf([...at, ...path]))
  }
  checkShape(placed, { schema: withoutPatterns(schema, config), value: withStandIns(config), at, what }, log)
}

interface Marked {
  readonly path: Path
  readonly value: Json
}

/** Values whose schema carries a mark, in whichever of several forms it stands. */
function findMarked(schema: Json | undefined, value: Json | undefined, mark: string, path: Path = []): readonly Marked[] {
  if (!isJsonObject(schema ?? null) || value === undefined) return []
  const own = schema as JsonObject
  if (own[mark] === true) return [{ path, value }]
  const forms = [own['oneOf'], own['anyOf'], own['allOf']].flatMap((each) => (isJsonArray(each ?? null) ? (each as readonly Json[]) : []))
  const properties = isJsonObject(own['properties'] ?? null) ? (own['properties'] as JsonObject) : {}
  const inside = isJsonObject(value) ? Object.entries(value).flatMap(([key, each]) => findMarked(properties[key], each, mark, [...path, key])) : []
  const found = [...forms.flatMap((form) => findMarked(form, value, mark, path)), ...inside]
  return found.filter((each, index) => found.findIndex((other) => other.path.join('/') === each.path.join('/')) === index)
}

function findReferences(value: Json, path: Path = []): readonly { readonly path: Path; readonly reference: SecretReference }[] {
  if (isSecretReference(value)) return [{ path, reference: value }]
  if (isJsonArray(value)) return value.flatMap((each, index) => findReferences(each, [...path, index]))
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, each]) => findReferences(each, [...path, key])) : []
}
