// Whether JavaScript's own regex engine, which backtracks, certainly ends soon on a short text: at most one unbounded repetition,
// nothing repeated that has choices in it, and few ways to match the rest.

const fewWays = 16
const tokens = /\\[kK1-9]|\(\?<?[=!]|\\u[0-9a-fA-F]{4}|\\c[A-Za-z]|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?::|<[^>]*>))?|\)|\||[*+?]\??|\{\d+(?:,\d*)?\}\??|[^]/g

interface Group {
  hasChoice: boolean
}

export function isHarmless(source: string): boolean {
  const open: Group[] = [{ hasChoice: false }]
  let ways = 1
  let unbounded = 0
  let last: Group | undefined
  for (const [token] of source.matchAll(tokens)) {
    const group = open.at(-1)
    if (!group) return false
    if (/^(?:\\[kK1-9]|\(\?<?[=!])/.test(token)) return false
    const most = quantified(token)
    if (most !== undefined) {
      if (last?.hasChoice && most !== 1) return false
      if (most === Infinity) unbounded++
      else ways *= most + 1
      group.hasChoice = true
    } else if (token.startsWith('(')) {
      open.push({ hasChoice: false })
    } else if (token === '|') {
      group.hasChoice = true
    }
    last = token === ')' ? open.pop() : undefined
    if (last?.hasChoice) for (const each of open) each.hasChoice = true
  }
  return unbounded <= 1 && ways <= fewWays
}

/** How often at most, undefined for what is no quantifier. */
function quantified(token: string): number | undefined {
  if (token.startsWith('*') || token.startsWith('+')) return Infinity
  if (token === '?' || token === '??') return 1
  const braces = /^\{(\d+)(,(\d*))?\}/.exec(token)
  if (!braces) return undefined
  const [, least = '', comma, most = ''] = braces
  // An exact count has one way to match.
  if (comma === undefined) return 0
  return most === '' ? Infinity : Number(most) - Number(least)
}
