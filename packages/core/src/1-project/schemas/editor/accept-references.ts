// A connector's configuration as it is written: secrets are references and nothing else; a reference may stand for any text.
import type { JsonObject } from '../../../kernel/json.js'
import { changeParts, oneOfForms } from './schema-parts.js'

const references: readonly JsonObject[] = [
  reference('fromEnv', 'Environment variable that holds it, where cdp runs.'),
  reference('fromFile', 'File that holds it, where cdp runs.'),
]

function reference(key: string, description: string): JsonObject {
  return { type: 'object', additionalProperties: false, required: [key], properties: { [key]: { type: 'string', minLength: 1, description } } }
}

export function acceptReferences(schema: JsonObject): JsonObject {
  const { 'x-secret': isSecret, 'x-jsonata': isExpression, ...plain } = schema
  if (isSecret === true) return { ...(plain['description'] === undefined ? {} : { description: plain['description'] }), anyOf: [...references] }
  const inside = changeParts(plain, acceptReferences)
  return inside['type'] === 'string' && isExpression !== true ? oneOfForms(inside, ...references) : inside
}
