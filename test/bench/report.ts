// A section of docs/benchmarks.md, replaced by each run of its benchmark.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

export interface Section {
  readonly name: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly notes: string
}

const file = 'docs/benchmarks.md'
const heading = `# Benchmarks

Made by \`npm run bench\`. Trust ratios, not digits: each table compares with a baseline of the same run on the same machine.
`

export function writeSection({ name, header, rows, notes }: Section): void {
  const machine = `${String(cpus().length)} cores, ${String(Math.round(totalmem() / 1e9))} GB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const text = [`## ${name}`, '', row(header), row(header.map(() => '---')), ...rows.map(row), '', `${notes} ${machine}.`, ''].join('\n')
  const before = existsSync(file) ? readFileSync(file, 'utf8') : heading
  const [top = heading, ...sections] = before.split(/^(?=## )/m)
  const kept = sections.filter((each) => !each.startsWith(`## ${name}\n`))
  writeFileSync(file, [top.trimEnd(), '', ...[...kept, text].map((each) => each.trimEnd() + '\n')].join('\n'))
  process.stdout.write(`${text}\nwritten to ${file}\n`)
}
