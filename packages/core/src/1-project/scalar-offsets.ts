// Where each character of a scalar's value stands in the file: an error at offset 40 of an expression becomes a line and a
// column, whatever quotes, escapes, folding, indentation or chomping lie between. Mirrors how YAML 1.2 makes the value.

export interface ScalarNode {
  /** The whole file. */
  readonly text: string
  /** Where the scalar stands in it: quotes and block header included. */
  readonly from: number
  readonly to: number
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded'
  readonly value: string
}

/** For each UTF-16 unit of the value its offset in the file, and one more for the end; undefined for a value that is not written here. */
export function scalarOffsets(node: ScalarNode): readonly number[] | undefined {
  const found = read(node)
  return found.text === node.value ? found.offsets : undefined
}

/** How many units of the file make the unit of the value that stands at an offset: an escape has several. */
export function unitLength({ text, style }: ScalarNode, offset: number): number {
  if (style === 'single' && text.startsWith("''", offset)) return 2
  return style === 'double' && text[offset] === '\\' ? escapeLength(text, offset) : 1
}

function read(node: ScalarNode): Found {
  const { text } = node
  switch (node.style) {
    case 'plain':
      return readLines(text, node.from, node.to, () => 1)
    case 'single':
      return readLines(text, node.from + 1, node.to - 1, (at) => (text.startsWith("''", at) ? 2 : 1))
    case 'double':
      return readDouble(text, node.from + 1, node.to - 1)
    case 'literal':
    case 'folded':
      return readBlock(node)
  }
}

/** The value as it grows, and the offset of each of its units. */
class Found {
  text = ''
  readonly #offsets: number[] = []
  #end = 0

  add(text: string, offset: number, step: 0 | 1 = 0): void {
    for (let index = 0; index < text.length; index++) this.#offsets.push(offset + index * step)
    this.text += text
  }

  endAt(offset: number): this {
    this.#end = offset
    return this
  }

  get offsets(): readonly number[] {
    return [...this.#offsets, this.#end]
  }
}

/** Plain and single-quoted: lines are trimmed and folded; one break is a space, more are one break less. */
function readLines(text: string, from: number, to: number, widthAt: (offset: number) => number): Found {
  const found = new Found()
  const lines = linesBetween(text, from, to)
  let breaks = 0
  let breakAt = from
  lines.forEach((line, index) => {
    const start = index === 0 ? line.from : skipBlank(text, line.from, line.to)
    const end = index === lines.length - 1 ? line.to : trimBlank(text, start, line.to)
    const isBlank = start >= end && index > 0 && index < lines.length - 1
    if (index > 0 && !isBlank) found.add(breaks > 1 ? '\n'.repeat(breaks - 1) : ' ', breakAt)
    if (!isBlank) {
      for (let at = start; at < end; at += widthAt(at)) found.add(text.charAt(at), at)
      breaks = 0
      breakAt = end
    }
    breaks += 1
  })
  return found.endAt(to)
}

interface Line {
  readonly from: number
  /** Without the line break. */
  readonly to: number
}

function linesBetween(text: string, from: number, to: number): readonly Line[] {
  const lines: Line[] = []
  let start = from
  for (let at = text.indexOf('\n', start); at >= 0 && at < to; at = text.indexOf('\n', start)) {
    lines.push({ from: start, to: text[at - 1] === '\r' && at > start ? at - 1 : at })
    start = at + 1
  }
  return [...lines, { from: start, to }]
}

const isBlankUnit = (unit: string | undefined): boolean => unit === ' ' || unit === '\t'

function skipBlank(text: string, from: number, to: number): number {
  let at = from
  while (at < to && isBlankUnit(text[at])) at += 1
  return at
}

function trimBlank(text: string, from: number, to: number): number {
  let at = to
  while (at > from && isBlankUnit(text[at - 1])) at -= 1
  return at
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0', a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', N: '\u0085', _: '\u00a0', L: '\u2028', P: '\u2029',
  ' ': ' ', '"': '"', '/': '/', '\\': '\\', '\t': '\t',
}
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

function escapeLength(text: string, offset: number): number {
  return 2 + (hexDigits[text.charAt(offset + 1)] ?? 0)
}

function readDouble(text: string, from: number, to: number): Found {
  const found = new Found()
  let at = from
  while (at < to) {
    const unit = text.charAt(at)
    if (unit === '\\') at = readEscape(text, at, to, found)
    else if (unit === '\n' || text.startsWith('\r\n', at)) at = readFold(text, at, to, found)
    else if (isBlankUnit(unit)) at = readBlanks(text, at, to, found)
    else found.add(unit, at++)
  }
  return found.endAt(to)
}

function readEscape(text: string, at: number, to: number, found: Found): number {
  const next = text.charAt(at + 1)
  const digits = hexDigits[next]
  if (digits !== undefined) {
    found.add(codePoint(text.slice(at + 2, at + 2 + digits)), at)
  } else if (next === '\n' || next === '\r') {
    // An escaped line break joins the lines without a space.
    return skipBlank(text, at + (next === '\r' ? 3 : 2), to)
  } else {
    found.add(escapes[next] ?? text.slice(at, at + 2), at)
  }
  return at + escapeLength(text, at)
}

// What is no code point was reported by the parser; here it must only not throw.
function codePoint(hex: string): string {
  const code = Number.parseInt(hex, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

function readFold(text: string, from: number, to: number, found: Found): number {
  let breaks = 0
  let at = from
  while (at < to && /[ \t\r\n]/.test(text.charAt(at))) if (text[at++] === '\n') breaks += 1
  found.add(breaks > 1 ? '\n'.repeat(breaks - 1) : ' ', from)
  return at
}

/** Blanks before a line break belong to the fold. */
function readBlanks(text: string, from: number, to: number, found: Found): number {
  const at = skipBlank(text, from, to)
  if (text[at] !== '\n' && !text.startsWith('\r\n', at)) found.add(text.slice(from, at), from, 1)
  return at
}

interface BlockLine {
  readonly from: number
  readonly indent: number
  readonly content: string
}

function readBlock(node: ScalarNode): Found {
  const { text } = node
  const header: readonly (string | undefined)[] = /^[|>]([^\s#]*)[^\n]*\n?/.exec(text.slice(node.from, node.to)) ?? ['', '']
  const chomp = /[-+]/.exec(header[1] ?? '')?.[0] ?? ''
  const indicator = Number(/[1-9]/.exec(header[1] ?? '')?.[0] ?? 0)
  const lines = linesBetween(text, node.from + (header[0] ?? '').length, node.to).map((line) => toBlockLine(text, line))
  // What follows the last line break is no line of its own.
  const body = lines.at(-1)?.indent === 0 && lines.at(-1)?.content === '' ? lines.slice(0, -1) : lines
  const indent = indicator > 0 ? parentIndent(node) + indicator : findIndent(body)
  const kept = lastContent(body, indent) + 1
  const found = new Found()
  if (node.style === 'literal') readLiteral(body.slice(0, kept), indent, found)
  else readFolded(body.slice(0, kept), indent, found)
  readChomped(body, kept, { chomp, indent, end: node.to }, found)
  return found.endAt(kept > 0 ? endOf(body[kept - 1]) : node.to)
}

/** An indentation indicator counts from the key that the block belongs to, behind the dashes of its list. */
function parentIndent({ text, from }: ScalarNode): number {
  const line = text.slice(text.lastIndexOf('\n', from - 1) + 1, from)
  return /^ *(?:- +)*/.exec(line)?.[0].length ?? 0
}

function toBlockLine(text: string, line: Line): BlockLine {
  const whole = text.slice(line.from, line.to)
  const indent = whole.length - whole.replace(/^ +/, '').length
  return { from: line.from, indent, content: whole.slice(indent) }
}

function findIndent(lines: readonly BlockLine[]): number {
  const first = lines.find((each) => each.content !== '')
  return first ? first.indent : Math.max(0, ...lines.map((each) => each.indent))
}

/** Blank lines with more spaces than the indentation are content, too. */
function lastContent(lines: readonly BlockLine[], indent: number): number {
  return lines.findLastIndex((each) => each.content !== '' || (each.indent > indent && lines.some((other) => other.content !== '')))
}

function endOf(line: BlockLine | undefined): number {
  return line ? line.from + line.indent + line.content.length : 0
}

/** What a line says behind the indentation of its block. */
function partOf(line: BlockLine, indent: number): { readonly text: string; readonly at: number } {
  const strip = Math.min(indent, line.indent)
  return { text: ' '.repeat(line.indent - strip) + line.content, at: line.from + strip }
}

function readLiteral(lines: readonly BlockLine[], indent: number, found: Found): void {
  lines.forEach((line, index) => {
    if (index > 0) found.add('\n', endOf(lines[index - 1]))
    const { text, at } = partOf(line, indent)
    found.add(text, at, 1)
  })
}

/** Breaks between lines of text fold; around more indented lines they stay; leading blank lines stay. */
function readFolded(lines: readonly BlockLine[], indent: number, found: Found): void {
  const first = lines.findIndex((each) => each.content !== '')
  lines.slice(0, Math.max(0, first)).forEach((line) => {
    found.add(`${partOf(line, indent).text}\n`, line.from)
  })
  let separator = ''
  let afterIndented = false
  let breakAt = 0
  for (const line of lines.slice(Math.max(0, first))) {
    const { text, at } = partOf(line, indent)
    const isIndented = line.indent > indent || line.content.startsWith('\t')
    if (isIndented) {
      if (separator === ' ') separator = '\n'
      else if (!afterIndented && separator === '\n') separator = '\n\n'
    }
    if (line.content === '' && !isIndented) {
      if (separator === '\n') found.add('\n', breakAt)
      else separator = '\n'
    } else {
      found.add(separator, breakAt)
      found.add(text, at, 1)
      separator = isIndented ? '\n' : ' '
      afterIndented = isIndented
    }
    breakAt = endOf(line)
  }
}

function readChomped(lines: readonly BlockLine[], kept: number, { chomp, indent, end }: { readonly chomp: string; readonly indent: number; readonly end: number }, found: Found): void {
  const at = kept > 0 ? endOf(lines[kept - 1]) : end
  if (chomp === '-') return
  if (kept > 0) found.add('\n', at)
  if (chomp !== '+') return
  for (const line of lines.slice(kept)) found.add(`${partOf(line, indent).text}\n`, line.from)
}
