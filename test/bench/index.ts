// npm run bench -- <name> [--people N]
import { benchIngest } from './ingest.js'

const [name = 'ingest', ...rest] = process.argv.slice(2)
const people = Number(rest[rest.indexOf('--people') + 1] ?? 1_000_000)

switch (name) {
  case 'ingest':
    await benchIngest(rest.includes('--people') ? people : 1_000_000)
    break
  default:
    process.stderr.write(`There is no benchmark "${name}". Known: ingest.\n`)
    process.exitCode = 64
}
