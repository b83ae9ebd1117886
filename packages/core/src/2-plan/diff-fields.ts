// Two JSON values → the fields that differ. Lists of named things (streams, activations) are compared by name, not by place.
import { type Json, canonicalJson, isJsonArray, isJsonObject } from '../kernel/json.js'
import type { FieldChange } from './plan.js'

/** Fields that differ, in the order of the field's path: `streams[accounts].map.name`. */
export function diffFields(before: Json | undefined, after: Json | undefined, path = ''): readonly FieldChange[] {
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return []
  const left = findNamedParts(before, path)
  const right = findNamedParts(after, path)
  if (!left || !right) return [change(path, before, after)]
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort()
  return keys.flatMap((key) => diffPart(key, left.get(key), right.get(key)))
}

function diffPart(path: string, before: Json | undefined, after: Json | undefined): readonly FieldChange[] {
  if (before === undefined || after === undefined) return before === after ? [] : [change(path, before, after)]
  return diffFields(before, after, path)
}

function findNamedParts(value: Json | undefined, path: string): ReadonlyMap<string, Json> | undefined {
  if (isJsonObject(value)) return new Map(Object.entries(value).map(([key, each]) => [path === '' ? key : `${path}.${key}`, each]))
  if (value === undefined || !isJsonArray(value)) return undefined
  const named = value.map((each) => [findName(each), each] as const)
  const names = named.map(([name]) => name)
  if (names.includes(undefined) || new Set(names).size !== names.length) return undefined
  return new Map(named.map(([name, each]) => [`${path}[${String(name)}]`, each]))
}

function findName(value: Json): string | undefined {
  if (!isJsonObject(value)) return undefined
  const name = value['name'] ?? value['destination'] ?? value['field']
  return typeof name === 'string' ? name : undefined
}

function change(field: string, before: Json | undefined, after: Json | undefined): FieldChange {
  return { field, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
}
