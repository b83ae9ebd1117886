// Who decided about the members of a segment, in a few words.
import type { HowMatched } from '../matching/match.js'
import { counted } from './numbers.js'

/** `wholly in SQL`, `in SQL, 12 profiles by the closure` */
export function renderHow({ ran, undecided }: HowMatched): string {
  switch (ran) {
    case 'sql':
      return 'wholly in SQL'
    case 'guarded':
      return `in SQL, ${undecided === 0 ? 'no profile' : counted(undecided, 'profile')} by the closure`
    case 'closure':
      return 'by the closure for every profile'
  }
}
