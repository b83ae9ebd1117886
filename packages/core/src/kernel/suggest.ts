// "Did you mean …?": the known name that is nearest to a written one. The only importer of fastest-levenshtein.
import { distance } from 'fastest-levenshtein'

/** Undefined when nothing is near: more than about a third of the letters differ. */
export function findNearest(written: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined
  let least = Math.ceil(written.length / 3) + 1
  for (const each of known) {
    const found = distance(written.toLowerCase(), each.toLowerCase())
    if (found < least) [nearest, least] = [each, found]
  }
  return nearest
}

/** ` Did you mean "x"?`, or the list of what is known when it is short, or nothing. */
export function suggestion(written: string, known: readonly string[]): string {
  const nearest = findNearest(written, known)
  if (nearest !== undefined) return `Did you mean "${nearest}"?`
  return known.length > 0 && known.length <= 12 ? `Known: ${[...known].sort().join(', ')}.` : ''
}
