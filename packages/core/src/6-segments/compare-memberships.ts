// Before × after → who entered and who left. Pure.

export interface MembershipDelta {
  readonly entered: readonly number[]
  readonly left: readonly number[]
}

/** Ascending ids. With a scope, only profiles in it are compared: the matches say nothing about the others. */
export function compareMemberships(before: ReadonlySet<number>, matches: Iterable<number>, scope?: readonly number[]): MembershipDelta {
  const after = new Set(matches)
  const entered = [...after].filter((id) => !before.has(id))
  const compared = scope ? scope.filter((id) => before.has(id)) : [...before]
  const left = compared.filter((id) => !after.has(id))
  return { entered: entered.sort(ascending), left: left.sort(ascending) }
}

function ascending(a: number, b: number): number {
  return a - b
}
