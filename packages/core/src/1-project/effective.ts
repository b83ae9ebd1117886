// Where each value of a resource comes from, for `cdp show --effective`: its file, an overlay, a sandbox variable.
import type { Address } from '../kernel/address.js'
import { type Json, isJsonArray, isJsonObject } from '../kernel/json.js'
import type { Project } from './project.js'
import { projectSpec } from './project-spec.js'

export interface EffectiveValue {
  readonly pointer: string
  readonly value: Json
  /** `segments/hot.yaml:4`, `sandboxes/dev.yaml:7 (overlay)`, or `default`. */
  readonly origin: string
}

export function describeEffective(project: Project, address: Address): readonly EffectiveValue[] {
  const spec = projectSpec(project, address)
  const places = project.places[address]
  if (spec === undefined) return []
  return leaves(spec).map(([pointer, value]) => {
    const at = places?.fields[pointer]
    const overlaid = at !== undefined && places !== undefined && at.file !== places.at.file
    return { pointer, value, origin: at ? `${at.file}:${String(at.from.line)}${overlaid ? ' (overlay)' : ''}` : 'default' }
  })
}

function leaves(value: Json, pointer = ''): readonly (readonly [string, Json])[] {
  if (isJsonArray(value) && value.length > 0) return value.flatMap((each, index) => leaves(each, `${pointer}/${String(index)}`))
  if (isJsonObject(value) && Object.keys(value).length > 0) return Object.entries(value).flatMap(([key, each]) => leaves(each, `${pointer}/${key}`))
  return [[pointer, value]]
}
