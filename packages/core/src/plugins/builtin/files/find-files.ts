// The files that a stream's path means, in a fixed order, with what tells whether they changed.
import { readdir, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { globRoot, globToRegExp, isGlob } from '../../../kernel/match-glob.js'

export interface FoundFile {
  readonly path: string
  /** As written in checkpoints and messages: relative to the project, with forward slashes. */
  readonly name: string
  readonly bytes: number
  readonly changedMs: number
}

export async function findFiles(folder: string, paths: readonly string[]): Promise<readonly FoundFile[]> {
  const names = (await Promise.all(paths.map((path) => namesOf(folder, path)))).flat()
  const files = await Promise.all([...new Set(names)].sort().map((name) => toFile(folder, name)))
  return files.filter((each) => each !== undefined)
}

async function namesOf(folder: string, path: string): Promise<readonly string[]> {
  if (!isGlob(path)) return [path]
  const root = resolve(folder, globRoot(path))
  const pattern = globToRegExp(path)
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((each) => each.isFile()).map((each) => relative(folder, join(each.parentPath, each.name)).replaceAll('\\', '/')).filter((each) => pattern.test(each))
}

async function toFile(folder: string, name: string): Promise<FoundFile | undefined> {
  const path = resolve(folder, name)
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() === true ? { path, name, bytes: found.size, changedMs: Math.floor(found.mtimeMs) } : undefined
}
