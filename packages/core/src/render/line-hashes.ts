// A hash per line that goes with the line when lines above it come and go, as GitHub's code scanning computes it
// (`primaryLocationLineHash`; github/codeql-action, src/fingerprints.ts). A hash of another make would be warned of at each upload.

const windowLength = 100
const factor = 37n
const mask = (1n << 64n) - 1n
const endOfFile = 65_535

/** `<hash>:<n>` per line, n counting the lines that have the same: of the first 100 characters from the line on, blanks left out. */
export function lineHashes(text: string): readonly string[] {
  const { codes, starts } = significant(text)
  const at = (index: number): bigint => BigInt(codes[index] ?? 0)
  const highest = factor ** BigInt(windowLength) & mask
  const hashes = new Map<number, bigint>()
  const wanted = new Set(starts)
  let hash = 0n
  for (let end = 0; end < codes.length + windowLength; end++) {
    hash = (hash * factor + at(end) - highest * (end < windowLength ? 0n : at(end - windowLength))) & mask
    const start = end - windowLength + 1
    if (wanted.has(start)) hashes.set(start, hash)
  }
  const seen = new Map<string, number>()
  return starts.map((start) => {
    const written = (hashes.get(start) ?? 0n).toString(16)
    const count = (seen.get(written) ?? 0) + 1
    seen.set(written, count)
    return `${written}:${String(count)}`
  })
}

/** Code units without blanks, every line break as one line feed, and where in them each line starts. */
function significant(text: string): { readonly codes: readonly number[]; readonly starts: readonly number[] } {
  const codes: number[] = []
  const starts: number[] = []
  let atStart = true
  for (const each of [...text.replaceAll(/\r\n?/g, '\n').replaceAll(/[ \t]/g, '').split('').map((one) => one.charCodeAt(0)), endOfFile]) {
    if (atStart) starts.push(codes.length)
    codes.push(each)
    atStart = each === 10
  }
  return { codes, starts }
}
