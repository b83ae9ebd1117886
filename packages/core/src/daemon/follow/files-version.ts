// Which version of the files is there: the commit of a git work tree, else the YAML files with their sizes and times. Looked at rather
// than waited for: not every file system tells of changes, and those that containers are given seldom do.
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { digest } from '../../kernel/json.js'

/** Texts that are equal mean that nothing was changed. `commit:…` or `files:…`. */
export async function findFilesVersion(folder: string): Promise<string> {
  const gitFolder = await findGitFolder(resolve(folder))
  return gitFolder === undefined ? `files:${await fingerprint(folder)}` : `commit:${await readHead(gitFolder)}`
}

async function findGitFolder(folder: string): Promise<string | undefined> {
  const path = join(folder, '.git')
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) return path
  // A work tree beside its repository has a file that says where its own folder is.
  if (found?.isFile() === true) return resolve(folder, (await readFile(path, 'utf8')).replace(/^gitdir:\s*/, '').trim())
  return dirname(folder) === folder ? undefined : findGitFolder(dirname(folder))
}

async function readHead(gitFolder: string): Promise<string> {
  const head = (await readFile(join(gitFolder, 'HEAD'), 'utf8')).trim()
  const [, ref] = /^ref:\s*(\S+)$/.exec(head) ?? []
  if (ref === undefined) return head
  const common = await readText(join(gitFolder, 'commondir'))
  const shared = common === undefined ? gitFolder : resolve(gitFolder, common)
  const loose = await readText(join(shared, ref))
  if (loose !== undefined) return loose
  const packed = await readText(join(shared, 'packed-refs'))
  return packed?.split('\n').find((line) => line.endsWith(` ${ref}`))?.split(' ', 1)[0] ?? 'none yet'
}

async function readText(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text?.trim()
}

async function fingerprint(folder: string): Promise<string> {
  const lines: string[] = []
  for await (const path of yamlFiles(folder)) {
    // What vanishes between two looks is seen by the next.
    const found = await stat(path).catch(() => undefined)
    if (found) lines.push(`${path} ${String(found.size)} ${String(found.mtimeMs)}`)
  }
  return digest(lines.sort().join('\n'))
}

async function* yamlFiles(folder: string): AsyncIterable<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) yield* yamlFiles(path)
    } else if (/\.ya?ml$/.test(entry.name)) yield path
  }
}
