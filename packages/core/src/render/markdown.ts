// Text of others inside GitHub-flavored Markdown, so that it stays text: no markup, no link, no mention, no image, no HTML of it
// comes to life. In a code span or a fence nothing does.

const longest = 300

/** One line as a code span; a table may hold it too. */
export function codeSpan(text: string): string {
  const shown = cut(oneLine(harmless(text)), longest)
  const fence = '`'.repeat(longestRun(shown) + 1)
  // The renderer takes one blank away from each end, and needs one where the text itself begins or ends with a backtick.
  const edge = shown === '' || /^[ `]|[ `]$/.test(shown) ? ' ' : ''
  return `${fence}${edge}${shown}${edge}${fence}`
}

/** The same in a cell of a table, where a bar ends the cell even in a code span, and no escape is sure to hold. */
export function codeCell(text: string): string {
  return codeSpan(text.replaceAll('|', '¦'))
}

/** The lines of a text, for a block of code; nothing of an empty text. */
export function codeLines(text: string): readonly string[] {
  return text === '' ? [] : harmless(text).split(/\r\n|\n|\r/)
}

/** Lines (of `codeLines`) as a block of code. The fence is longer than every run of backticks in them. */
export function codeBlock(lines: readonly string[]): string {
  const fence = '`'.repeat(Math.max(3, ...lines.map((each) => longestRun(each) + 1)))
  return [`${fence}text`, ...lines, fence].join('\n')
}

// Control characters, and those that turn the direction of text around: they show something else than is there.
function harmless(text: string): string {
  return text.replaceAll(/[\u202a-\u202e\u2066-\u2069]|(?![\n\r\t])\p{Cc}/gu, '\ufffd')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

function cut(text: string, length: number): string {
  const points = [...text]
  return points.length > length ? `${points.slice(0, length - 1).join('')}…` : text
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((each) => each[0].length))
}
