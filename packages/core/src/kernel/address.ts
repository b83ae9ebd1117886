// The name of a resource across the project: `Kind/name`. Moving a file changes no address.

export const resourceKinds = ['Source', 'Schema', 'Policy', 'Segment', 'Destination'] as const
export type ResourceKind = (typeof resourceKinds)[number]
/** Kinds that people may write; Project and Sandbox shape the rest and are no resources of a sandbox. */
export const documentKinds = ['Project', 'Sandbox', ...resourceKinds] as const
export type DocumentKind = (typeof documentKinds)[number]

export type Address = `${ResourceKind}/${string}`
/** Whatever has a place in the files. */
export type PlacedAddress = Address | `Project/${string}` | `Sandbox/${string}`

export function toAddress(kind: ResourceKind, name: string): Address {
  return `${kind}/${name}`
}

/** Kind and name of an address text, any letter case in the kind (`segment/hot` is read too); undefined when it is none. */
export function parseAddress(text: string): { readonly kind: ResourceKind; readonly name: string } | undefined {
  const slash = text.indexOf('/')
  const written = text.slice(0, slash).toLowerCase()
  const kind = resourceKinds.find((each) => each.toLowerCase() === written)
  const name = text.slice(slash + 1)
  return slash > 0 && kind && name ? { kind, name } : undefined
}
