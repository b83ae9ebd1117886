// The resolved resource at an address, as JSON.
import { type Address, parseAddress } from '../kernel/address.js'
import type { Json } from '../kernel/json.js'
import type { Project } from './project.js'

export function projectSpec(project: Project, address: Address): Json | undefined {
  const { kind, name } = parseAddress(address) ?? { kind: undefined, name: '' }
  switch (kind) {
    case 'Source':
      return toJson(project.sources.find((each) => each.name === name))
    case 'Segment':
      return toJson(project.segments.find((each) => each.name === name))
    case 'Destination':
      return toJson(project.destinations.find((each) => each.name === name))
    case 'Policy':
      return toJson(project.policies.find((each) => each.name === name))
    case 'Schema':
      return toJson(project.entities[name])
    case undefined:
      return undefined
  }
}

function toJson(spec: object | undefined): Json | undefined {
  return spec === undefined ? undefined : (JSON.parse(JSON.stringify(spec)) as Json)
}
