// The product's source files and what each imports, for the architecture tests.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

export interface SourceFile {
  /** Relative to the scanned folder, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

export interface Import {
  /** For a relative import the path of the file, else the package name. */
  readonly to: string
  readonly isRelative: boolean
}

export function readSourceFiles(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && each.name.endsWith('.ts') && !each.name.endsWith('.test.ts'))
    .map((each) => toSourceFile(folder, relative(folder, join(each.parentPath, each.name)).replaceAll('\\', '/')))
}

function toSourceFile(folder: string, path: string): SourceFile {
  const text = readFileSync(join(folder, path), 'utf8')
  const found = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|import\('([^']+)'\)/g)]
  return { path, text, imports: found.map((match) => toImport(path, match[1] ?? match[2] ?? match[3] ?? '')) }
}

function toImport(from: string, written: string): Import {
  if (!written.startsWith('.')) return { to: packageName(written), isRelative: false }
  return { to: normalize(join(dirname(from), written)).replaceAll('\\', '/').replace(/\.js$/, '.ts'), isRelative: true }
}

function packageName(written: string): string {
  const [scope = '', name = ''] = written.split('/')
  return written.startsWith('@') ? `${scope}/${name}` : scope
}
