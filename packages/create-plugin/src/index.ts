// A name and a kind → the files of a new plugin. Reads the template, writes nothing.
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const kinds = ['both', 'source', 'destination'] as const
export type Kind = (typeof kinds)[number]

export interface NewPlugin {
  /** The connector's name, what people write under `connector:`. */
  readonly name: string
  /** The npm scope, with its `@`. */
  readonly scope?: string
  readonly kind: Kind
}

const template = new URL('../template/', import.meta.url)
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }

/** `my-thing`, `@acme/my-thing`; undefined when it is no name of a package. */
export function readName(written: string): Omit<NewPlugin, 'kind'> | undefined {
  const [, scope, name] = /^(?:(@[a-z0-9][a-z0-9._-]*)\/)?([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/.exec(written) ?? []
  if (name === undefined || written.length > 100) return undefined
  return { name, ...(scope === undefined ? {} : { scope }) }
}

/** What plugins are called on npm: `cdpkit-plugin-my-thing`, `@acme/plugin-my-thing`. */
export function toPackageName({ name, scope }: NewPlugin): string {
  return scope === undefined ? `cdpkit-plugin-${name}` : `${scope}/plugin-${name}`
}

/** Path → text, for the files of the plugin. */
export function toFiles(plugin: NewPlugin): ReadonlyMap<string, string> {
  const files = readdirSync(template, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  const named = files.map((each) => join(each.parentPath, each.name)).map((file) => ({ file, path: pathInPlugin(relative(fileURLToPath(template), file).replaceAll('\\', '/')) }))
  const wanted = named.filter(({ path }) => isWanted(path, plugin.kind)).sort((one, other) => (one.path < other.path ? -1 : 1))
  return new Map(wanted.map(({ file, path }) => [path, fill(readFileSync(file, 'utf8'), plugin)]))
}

// npm publishes no .gitignore as it is, and tools should not take the template's code for cdpkit's own: it ends with .txt.
function pathInPlugin(path: string): string {
  return path === 'gitignore' ? '.gitignore' : path.replace(/\.txt$/, '')
}

const filesOf: Readonly<Record<string, Kind>> = { 'src/source.ts': 'source', 'src/destination.ts': 'destination' }

function isWanted(path: string, kind: Kind): boolean {
  // A destination alone has nobody to send without a file of people.
  if (path === 'example/people.csv') return kind === 'destination'
  const of = filesOf[path]
  return of === undefined || kind === 'both' || kind === of
}

/** A line that ends with `//+source` is for plugins with a source, one with `//+only-source` for those with nothing else. */
const marked = /^(.*?) *\/\/\+(source|destination|only-source|only-destination|both)$/

function fill(text: string, plugin: NewPlugin): string {
  const lines = text.split('\n').flatMap((line) => {
    const [, content = '', condition] = marked.exec(line) ?? []
    if (condition === undefined) return [line]
    return holds(condition, plugin.kind) ? [content] : []
  })
  return Object.entries(wordsOf(plugin)).reduce((filled, [word, value]) => filled.replaceAll(`{{${word}}}`, value), lines.join('\n'))
}

function holds(condition: string, kind: Kind): boolean {
  if (condition.startsWith('only-')) return condition === `only-${kind}`
  return condition === kind || (kind === 'both' && condition !== 'both')
}

function wordsOf(plugin: NewPlugin): Readonly<Record<string, string>> {
  const title = plugin.name.split('-').map((each) => each.charAt(0).toUpperCase() + each.slice(1)).join(' ')
  return { name: plugin.name, package: toPackageName(plugin), title, type: title.replaceAll(' ', ''), variable: `${plugin.name.replaceAll('-', '_').toUpperCase()}_TOKEN`, core: `^${version}` }
}
