// JSON Schema checks. The only importer of Ajv. Gives what is wrong as data: where, which rule, what it wanted.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { JsonObject, Json } from './json.js'

export interface ShapeProblem {
  /** Keys and indexes from the root to the value. */
  readonly path: readonly string[]
  readonly rule: string
  readonly wants: Readonly<Record<string, unknown>>
  /** Ajv's own sentence, for rules that we have none for. */
  readonly message: string
}

const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, useDefaults: false, verbose: false })
ajv.addVocabulary(['x-secret', 'x-jsonata', 'markdownDescription'])

const compiled = new WeakMap<object, ValidateFunction>()

/** Everything that is wrong with a value; nothing when it has the shape. Throws when the schema itself is wrong. */
export function findShapeProblems(schema: JsonObject, value: Json): readonly ShapeProblem[] {
  const known = compiled.get(schema)
  const validate = known ?? ajv.compile(schema)
  if (!known) compiled.set(schema, validate)
  if (validate(value)) return []
  return (validate.errors ?? []).map(toProblem)
}

function toProblem({ instancePath, keyword, params, message }: ErrorObject): ShapeProblem {
  const path = instancePath.split('/').slice(1).map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'))
  return { path, rule: keyword, wants: params as Record<string, unknown>, message: message ?? '' }
}
