// Which segments hang together because one reads the other.

interface Reader {
  readonly name: string
  readonly readsSegments: readonly string[]
}

/** The names, and those of the rules that read one of them, directly or through others. */
export function withReaders(names: Iterable<string>, rules: readonly Reader[]): ReadonlySet<string> {
  return grow(names, (known) => rules.filter((each) => each.readsSegments.some((other) => known.has(other))).map((each) => each.name))
}

/** The names, and all that are linked to them by reading, whoever reads whom. */
export function withLinked(names: Iterable<string>, rules: readonly Reader[]): ReadonlySet<string> {
  const links = rules.map((each) => [each.name, ...each.readsSegments])
  return grow(names, (known) => links.filter((each) => each.some((name) => known.has(name))).flat())
}

function grow(names: Iterable<string>, near: (known: ReadonlySet<string>) => readonly string[]): ReadonlySet<string> {
  const known = new Set(names)
  for (let before = -1; before < known.size; ) {
    before = known.size
    for (const each of near(known)) known.add(each)
  }
  return known
}
