// The text of a JavaScript pattern → the text that means the same to RE2. Left as they are: text counts in code points
// (an emoji is one character), and ignoring case also folds the Kelvin sign and the long s.

const space = String.raw`\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}\x{9}-\x{d}`
const notSpace = String.raw`\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`
const anything = String.raw`[\x{0}-\x{10ffff}]`
const nothing = String.raw`[^\x{0}-\x{10ffff}]`
const notLineEnd = String.raw`[^\n\r\x{2028}\x{2029}]`

const tokens = /\\u[0-9a-fA-F]{4}|\\c[A-Za-z]|\\.|\[\^?\]?|[\].]|[^\\[\].]+/gs

export function toLinearPattern(source: string): string {
  let inClass = false
  return source.replace(tokens, (token) => {
    if (token.startsWith('\\')) return toEscape(token, inClass)
    if (inClass) {
      if (token === ']') inClass = false
      return token.startsWith('[') ? inner(token, () => { inClass = false }) : token
    }
    if (token === '.') return notLineEnd
    if (token === '[]') return nothing
    if (token === '[^]') return anything
    if (token.startsWith('[')) inClass = true
    return token
  })
}

// Inside a class `[` is itself; RE2 would read `[:alpha:]`.
function inner(token: string, close: () => void): string {
  if (token.endsWith(']')) close()
  return `\\${token}`
}

const known = /^\\[dDwWbBfnrtvxk0-9]/

function toEscape(token: string, inClass: boolean): string {
  const [, letter = ''] = token
  if (letter === 's') return inClass ? space : `[${space}]`
  if (letter === 'S') return inClass ? notSpace : `[${notSpace}]`
  if (letter === 'b' && inClass) return String.raw`\x{8}`
  if (letter === 'u' && token.length > 2) return `\\x{${token.slice(2)}}`
  if (letter === 'c' && token.length > 2) return `\\x{${(token.charCodeAt(2) % 32).toString(16)}}`
  // To JavaScript any other escaped letter is that letter; to RE2 it may be an anchor or a class.
  return known.test(token) || !/[A-Za-z]/.test(letter) ? token : letter
}
