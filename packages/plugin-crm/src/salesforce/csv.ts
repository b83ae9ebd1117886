// CSV of the Bulk API, as it comes in: rows of texts, however the bytes are cut. Quotes are doubled inside quotes, line breaks
// may be inside them, and NUL bytes occur, which are nothing.

/** Gives rows in parts, each as many as one piece of the answer held. */
export async function* readCsv(pieces: AsyncIterable<Uint8Array>): AsyncIterable<readonly (readonly string[])[]> {
  const decoder = new TextDecoder('utf-8')
  const parser = new RowParser()
  for await (const piece of pieces) {
    const rows = parser.take(decoder.decode(piece, { stream: true }))
    if (rows.length > 0) yield rows
  }
  const rest = parser.end(decoder.decode())
  if (rest.length > 0) yield rest
}

class RowParser {
  #text = ''
  #row: string[] = []

  /** The rows that are complete; what may go on waits. */
  take(text: string, isLast = false): readonly (readonly string[])[] {
    this.#text += text.includes('\0') ? text.replaceAll('\0', '') : text
    const rows: (readonly string[])[] = []
    let at = 0
    for (;;) {
      const cell = this.#findCell(at, isLast)
      if (!cell) break
      this.#row.push(cell.value)
      at = cell.next
      if (cell.endsRow) {
        // A line without anything is no record.
        if (this.#row.length > 1 || this.#row[0] !== '') rows.push(this.#row)
        this.#row = []
      }
    }
    this.#text = this.#text.slice(at)
    return rows
  }

  end(text: string): readonly (readonly string[])[] {
    return this.take(text, true)
  }

  #findCell(from: number, isLast: boolean): { readonly value: string; readonly next: number; readonly endsRow: boolean } | undefined {
    const text = this.#text
    if (from >= text.length && !(isLast && this.#row.length > 0)) return undefined
    const quoted = text.charAt(from) === '"'
    const close = quoted ? findClosingQuote(text, from + 1) : from
    if (close === undefined) return undefined
    const end = quoted ? close + 1 : findCellEnd(text, from)
    // Whether a cell is complete shows in what follows it: a comma or a line end.
    if (end >= text.length && !isLast) return undefined
    const value = quoted ? text.slice(from + 1, close).replaceAll('""', '"') : text.slice(from, end)
    const separator = text.charAt(end)
    if (separator === '\r') {
      if (end + 1 >= text.length && !isLast) return undefined
      return { value, next: text.charAt(end + 1) === '\n' ? end + 2 : end + 1, endsRow: true }
    }
    return { value, next: end + 1, endsRow: separator !== ',' }
  }
}

/** Undefined while a quote may still be the first of two. */
function findClosingQuote(text: string, from: number): number | undefined {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charAt(at + 1) !== '"') return at
  }
  return undefined
}

function findCellEnd(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 44 || code === 10 || code === 13) return at
    at++
  }
  return at
}
