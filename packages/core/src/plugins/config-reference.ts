// A configuration's JSON Schema → a row for each value that people may write, in the order of the schema.
import { type Json, type JsonObject, isJsonArray, isJsonObject, toText } from '../kernel/json.js'

export interface ConfigOption {
  /** `auth.basic.password`; `keys[].name` of the items of a list. */
  readonly path: string
  /** As people say it: `integer, 1 to 1000`, `POST | PUT`, `list of text`. */
  readonly type: string
  /** `with-parent`: where what it belongs to is written. `one-of`: of several forms, one is chosen. */
  readonly needed: 'always' | 'with-parent' | 'one-of' | 'no'
  /** It must be a reference: fromEnv or fromFile. */
  readonly isSecret: boolean
  readonly default?: Json
  readonly description: string
}

/** @example toConfigOptions({ type: 'object', properties: { url: { type: 'string' } } }) // [{ path: 'url', type: 'text', … }] */
export function toConfigOptions(schema: JsonObject): readonly ConfigOption[] {
  return optionsInside(schema, '', 'always')
}

/** `whenRequired`: what the `required` of this schema means for the whole. */
function optionsInside(schema: JsonObject, prefix: string, whenRequired: ConfigOption['needed']): readonly ConfigOption[] {
  const { properties = {}, required = [], items } = schema
  const own = Object.entries(properties as JsonObject).flatMap(([name, each]) => {
    const isRequired = isJsonArray(required) && required.includes(name)
    return isJsonObject(each) ? optionsOf(each, prefix === '' ? name : `${prefix}.${name}`, isRequired ? whenRequired : 'no') : []
  })
  const forms = formsOf(schema)
  const ofForms = forms.flatMap((form) => optionsInside(form, prefix, forms.length > 1 ? 'one-of' : whenRequired))
  const ofItems = items !== undefined && isJsonObject(items) ? optionsInside(items, `${prefix}[]`, 'with-parent') : []
  return [...own, ...ofForms, ...ofItems]
}

function optionsOf(schema: JsonObject, path: string, needed: ConfigOption['needed']): readonly ConfigOption[] {
  const { description, default: usual } = schema
  const option = { path, type: describeType(schema), needed, isSecret: schema['x-secret'] === true, ...(usual === undefined ? {} : { default: usual }), description: toText(description) }
  return [option, ...optionsInside(schema, path, needed === 'always' ? 'always' : 'with-parent')]
}

function formsOf(schema: JsonObject): readonly JsonObject[] {
  const forms = schema['oneOf'] ?? schema['anyOf']
  return forms !== undefined && isJsonArray(forms) ? forms.filter(isJsonObject) : []
}

const words: Readonly<Record<string, string>> = { string: 'text', object: 'map', boolean: 'true or false', array: 'list' }

function describeType(schema: JsonObject): string {
  const { type, enum: values, const: value, items } = schema
  if (schema['x-secret'] === true) return 'secret'
  if (schema['x-jsonata'] === true) return 'JSONata'
  if (value !== undefined) return toText(value)
  if (values !== undefined && isJsonArray(values)) return values.map(toText).join(' | ')
  const forms = formsOf(schema)
  if (forms.length > 0 && type === undefined) return [...new Set(forms.map(describeType))].join(' or ')
  if (type === 'array') return items !== undefined && isJsonObject(items) ? `list of ${describeType(items)}` : 'list'
  const names = (isJsonArray(type ?? null) ? (type as readonly Json[]) : [type ?? 'any value']).map((each) => words[toText(each)] ?? toText(each))
  return [names.join(' or '), ...boundsOf(schema)].join(', ')
}

function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonObject): readonly string[] {
  if (minimum !== undefined && maximum !== undefined) return [`${toText(minimum)} to ${toText(maximum)}`]
  return [
    ...(minimum === undefined ? [] : [`at least ${toText(minimum)}`]),
    ...(exclusiveMinimum === undefined ? [] : [`above ${toText(exclusiveMinimum)}`]),
    ...(maximum === undefined ? [] : [`at most ${toText(maximum)}`]),
    ...(exclusiveMaximum === undefined ? [] : [`below ${toText(exclusiveMaximum)}`]),
  ]
}
