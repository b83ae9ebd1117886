// A JavaScript pattern for an RE2 engine inside the store, where matching means the same: for every text, or for those
// without characters outside ASCII, or not at all (docs/reference of RE2 syntax; JSONata's patterns have the flags i and m only).
import { findRegexProblem } from '../regex-engine.js'
import { toLinearPattern } from '../regex-dialect.js'

export interface SqlPattern {
  readonly pattern: string
  /** Text is counted in UTF-16 units by JavaScript and in characters by RE2, which shows where a pattern counts or negates. */
  readonly exactFor: 'all text' | 'ascii'
}

/** Undefined where the pattern has no form in RE2 that finds the same. */
export function toSqlPattern(source: string, flags: string): SqlPattern | undefined {
  if (findRegexProblem(new RegExp(source, flags)) !== undefined) return undefined
  // Lines end at more characters in JavaScript than in RE2.
  if (flags.includes('m') && /[$^]/.test(source.replaceAll(/\\.|\[\^/g, ''))) return undefined
  const pattern = withoutNames(toLinearPattern(source))
  const exactFor = countsCharacters(source) ? 'ascii' : 'all text'
  if (!flags.includes('i')) return { pattern, exactFor }
  // Ignoring case, RE2 also takes the Kelvin sign for k and the long s for s; spelled out, it does not.
  if (isPlainAscii(source)) return hasWideRange(source) ? undefined : { pattern: spellOutCases(pattern), exactFor }
  return /\\[uxcpPkQE]|[\u017f\u212a]/.test(source) || hasWideRange(source) ? undefined : { pattern: `(?i)${pattern}`, exactFor: 'ascii' }
}

/** Groups need no names here, and RE2 writes them in another way. */
function withoutNames(pattern: string): string {
  return pattern.replaceAll(/\\.|\(\?<[^>=!]+>/gs, (token) => (token.startsWith('\\') ? token : '(?:'))
}

/** A range in a class that is not of letters of one case, or of digits. */
function hasWideRange(source: string): boolean {
  const ranges = [...source.matchAll(/\[(?:\\.|[^\]\\])*\]/g)].flatMap((match) => [...match[0].matchAll(/(\\?[^\\[])-(\\?[^\]])/g)])
  return ranges.some(([range]) => !/^(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9])$/.test(range))
}

function isPlainAscii(source: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(source) && !/\\[uxcpPkQE]/.test(source)
}

/** `.`, negated classes and the like match one unit or one character; only repeated without limit it is all the same. */
function countsCharacters(source: string): boolean {
  const withoutEscapes = source.replaceAll(/\\[^DSWuxc]/g, 'x')
  return /\\[DSWuxc]/.test(withoutEscapes) || /(?<!\\)\.(?![*+](?!\?))|\[\^/.test(withoutEscapes) || /[\ud800-\udfff]/.test(source)
}

const tokens = /\\x\{[^}]*\}|\\.|\[\^?|\]|[A-Za-z]-[A-Za-z]|[A-Za-z]|\(\?:|[^]/g

function spellOutCases(pattern: string): string {
  let inClass = false
  return pattern.replaceAll(tokens, (token) => {
    if (token.startsWith('[') && !inClass) inClass = true
    else if (token === ']') inClass = false
    if (/^[A-Za-z]-[A-Za-z]$/.test(token) && inClass) return `${token}${swapCase(token)}`
    if (/^[A-Za-z]-[A-Za-z]$/.test(token)) return `${spell(token[0] ?? '', false)}-${spell(token[2] ?? '', false)}`
    return /^[A-Za-z]$/.test(token) ? spell(token, inClass) : token
  })
}

function spell(letter: string, inClass: boolean): string {
  const both = `${letter.toLowerCase()}${letter.toUpperCase()}`
  return inClass ? both : `[${both}]`
}

// Only ranges of one case are swapped; others have both cases already or lie across punctuation.
function swapCase(range: string): string {
  const [from = '', , to = ''] = [...range]
  const isLower = /[a-z]/.test(from) && /[a-z]/.test(to)
  const isUpper = /[A-Z]/.test(from) && /[A-Z]/.test(to)
  return isLower ? range.toUpperCase() : isUpper ? range.toLowerCase() : ''
}
