// In a file, `${{ vars.name }}` may stand wherever a value may: it is put in before shapes are checked. A schema for the file as
// it is written takes it beside the value itself.
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../../../kernel/json.js'
import { expressionKeys } from '../../put-in-vars.js'
import { changeParts, oneOfForms } from './schema-parts.js'

export const variable: JsonObject = { type: 'string', pattern: '\\$\\{\\{.*\\}\\}', description: 'A variable of the sandbox: ${{ vars.name }}.' }

export function acceptVariables(schema: JsonObject, key?: string): JsonObject {
  if (key !== undefined && expressionKeys.has(key)) return schema
  const { anyOf } = schema
  if (anyOf !== undefined && isJsonArray(anyOf) && anyOf.every(isConstant)) return { ...schema, anyOf: [...anyOf, variable] }
  const inside = changeParts(schema, acceptVariables, key)
  return takesAnyText(schema) || isForm(schema) ? inside : oneOfForms(inside, variable)
}

/** One of a list of choices, with a description of its own. */
function isConstant(form: Json): boolean {
  return isJsonObject(form) && form['const'] !== undefined
}

function takesAnyText({ type, pattern, enum: values, const: value }: JsonObject): boolean {
  return type === 'string' && pattern === undefined && values === undefined && value === undefined
}

/** Only adds conditions, or is a choice of its own whose forms were changed. */
function isForm(schema: JsonObject): boolean {
  return schema['anyOf'] !== undefined || (schema['type'] === undefined && schema['enum'] === undefined && schema['const'] === undefined)
}
