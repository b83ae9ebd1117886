// The command `npm create @cdpkit/plugin`: makes the folder of a new plugin and says what to do next.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Kind, type NewPlugin, kinds, readName, toFiles, toPackageName } from './index.js'

const usage = [
  'npm create @cdpkit/plugin <name> [folder] [-- --kind both|source|destination]',
  '',
  '  name    my-thing, or @acme/my-thing: small letters, digits and hyphens. People write it under "connector:".',
  '  folder  where the plugin goes; a folder of that name unless told. It must be empty or not there.',
  '  --kind  what the connector is: both unless told.',
].join('\n')

/** Gives the exit code: 0 done, 1 the folder is in use, 64 wrong usage. */
export function main(args: readonly string[], cwd: string): number {
  const wanted = readWanted(args)
  if ('problem' in wanted) {
    process.stderr.write(`${wanted.problem === '' ? '' : `${wanted.problem}\n\n`}${usage}\n`)
    return wanted.problem === '' ? 0 : 64
  }
  const { plugin, folder: shown } = wanted
  const folder = resolve(cwd, shown)
  const inTheWay = existsSync(folder) ? readdirSync(folder).find((each) => each !== '.git') : undefined
  if (inTheWay !== undefined) {
    process.stderr.write(`${shown} already has ${inTheWay}. Choose another folder: npm create @cdpkit/plugin ${plugin.name} <folder>\n`)
    return 1
  }
  const files = toFiles(plugin)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  process.stdout.write(`${[...[...files.keys()].map((each) => `  + ${join(shown, each)}`), '', `${toPackageName(plugin)} in ${shown}. Next:`, `  cd ${shown}`, '  npm install', '  npm test', '', 'docs/guide/write-a-plugin.md of cdpkit goes on from there.'].join('\n')}\n`)
  return 0
}

type Wanted = { readonly plugin: NewPlugin; readonly folder: string } | { readonly problem: string }

function readWanted(args: readonly string[]): Wanted {
  const parsed = parse(args)
  if (typeof parsed === 'string') return { problem: parsed }
  const { positionals, values } = parsed
  const [written, folder, ...more] = positionals
  if (values.help) return { problem: '' }
  if (written === undefined) return { problem: 'The name of the plugin is missing.' }
  if (more.length > 0) return { problem: `One name and one folder, please; what is ${more.join(' ')}?` }
  const name = readName(written)
  if (!name) return { problem: `"${written}" is no name for a plugin.` }
  const kind = kinds.find((each): each is Kind => each === values.kind)
  if (!kind) return { problem: `A connector is both, source or destination, not "${values.kind}".` }
  return { plugin: { ...name, kind }, folder: folder ?? name.name }
}

function parse(args: readonly string[]): { readonly positionals: readonly string[]; readonly values: { readonly kind: string; readonly help: boolean } } | string {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { kind: { type: 'string', default: 'both' }, help: { type: 'boolean', short: 'h', default: false } } })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
