// "Did you mean": the known name closest to what was written, or none when nothing is close. The only importer of fastest-levenshtein.
import { distance } from 'fastest-levenshtein'

/** @example findClosest('expresion', ['expression', 'entity']) // 'expression' */
export function findClosest(written: string, known: readonly string[]): string | undefined {
  const ranked = known.map((name) => ({ name, far: distance(plain(written), plain(name)) })).sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
  const [best] = ranked
  return best && best.far <= Math.max(1, Math.floor(Math.max(written.length, best.name.length) / 3)) ? best.name : undefined
}

// snake_case, kebab-case and capitals are the usual ways to be wrong about a name.
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, '')
}
