// Where a character of a YAML scalar's value stands in the file: plain, quoted, literal and folded scalars alike. The value
// and its source are walked side by side; folding, indentation and escapes are what the source has more of.

export interface ScalarSource {
  /** The scalar as it stands in the file, from its first content character on. */
  readonly text: string
  readonly offset: number
  readonly quote: 'none' | 'single' | 'double'
}

/** For each UTF-16 unit of the value its offset in the file, and one more for its end. */
export function scalarOffsets(value: string, { text, offset, quote }: ScalarSource): Int32Array {
  const offsets = new Int32Array(value.length + 1)
  let at = 0
  let index = 0
  while (index < value.length) {
    at = skipToMatch(text, at, value.charAt(index))
    const escape = quote === 'none' ? undefined : findEscape(text, at, quote)
    offsets[index] = offset + at
    // One escape may stand for two units (an emoji written as \U0001F600).
    const units = escape?.units ?? 1
    for (let extra = 1; extra < units; extra++) offsets[index + extra] = offset + at
    index += units
    at += escape?.length ?? 1
  }
  offsets[value.length] = offset + at
  return offsets
}

// Indentation, line ends of folded text, and escaped line ends have no counterpart in the value.
function skipToMatch(text: string, from: number, wanted: string): number {
  let at = from
  while (at < text.length && text.charAt(at) !== wanted && /\s/.test(text.charAt(at)) && !isFoldFor(text, at, wanted)) at++
  if (text.charAt(at) === '\\' && text.charAt(at + 1) === '\n') return skipToMatch(text, at + 2, wanted)
  return at
}

/** A line end that became a space, with no space of its own before the next word. */
function isFoldFor(text: string, at: number, wanted: string): boolean {
  return wanted === ' ' && text.charAt(at) === '\n' && !/^\n[ \t]/.test(text.slice(at, at + 2))
}

interface Escape {
  readonly length: number
  readonly units: number
}

function findEscape(text: string, at: number, quote: 'single' | 'double'): Escape | undefined {
  if (quote === 'single') return text.startsWith("''", at) ? { length: 2, units: 1 } : undefined
  if (text.charAt(at) !== '\\') return undefined
  const digits = { x: 2, u: 4, U: 8 }[text.charAt(at + 1)] ?? 0
  const units = digits === 8 && Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1
  return { length: 2 + digits, units }
}
