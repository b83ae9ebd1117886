// The project file and everything that it includes, as documents by kind, each checked for the shape of its kind.
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type DocumentKind, documentKinds } from '../kernel/address.js'
import type { DiagnosticLog } from '../kernel/diagnostic.js'
import { type JsonObject, isJsonObject, toText } from '../kernel/json.js'
import { globToRegExp } from '../kernel/match-glob.js'
import { suggestion } from '../kernel/suggest.js'
import { nameOf } from './check-shape.js'
import type { FoundProject } from './find.js'
import { Placed } from './placed.js'
import { type SourceDocument, parseDocuments, readText } from './read.js'

export interface KindDocument {
  readonly kind: DocumentKind
  readonly placed: Placed
}

export async function loadDocuments(found: FoundProject, log: DiagnosticLog): Promise<readonly KindDocument[]> {
  const projectFile = toName(found.folder, found.file)
  const own = await loadFile(found.folder, projectFile, log)
  const projects = own.filter((each) => each.kind === 'Project')
  if (projects.length === 0 && !log.hasErrors) log.report('project/no-project-document', { file: projectFile }, { file: projectFile, from: { line: 1, column: 1 }, to: { line: 1, column: 1 } })
  const files = (await includedFiles(found, projects, log)).filter((each) => each !== projectFile)
  const included = await Promise.all(files.map((each) => loadFile(found.folder, each, log)))
  return [...own, ...included.flat()]
}

/** Files of the project, the project file first, then those that it includes, then the tests; relative to the folder. */
export async function listProjectFiles(found: FoundProject, documents: readonly KindDocument[], log: DiagnosticLog): Promise<readonly string[]> {
  const projectFile = toName(found.folder, found.file)
  const files = await includedFiles(found, documents.filter((each) => each.kind === 'Project'), log)
  return [projectFile, ...files.filter((each) => each !== projectFile), ...(await listTestFiles(found.folder))]
}

/** Test files are read by `cdp test` and formatted by `cdp fmt`; everything else leaves them alone. */
export function isTestFile(file: string): boolean {
  return /\.test\.ya?ml$/.test(file)
}

const projectFileName = /(^|\/)cdp\.(ya?ml|json)$/

/** Test files anywhere in the folder, by name, without those of projects that lie inside it. */
export async function listTestFiles(folder: string): Promise<readonly string[]> {
  const all = await listFiles(folder)
  const inner = all.filter((each) => projectFileName.test(each) && each.includes('/')).map((each) => each.slice(0, each.lastIndexOf('/') + 1)).filter((each) => each !== '.config/')
  return all.filter((each) => isTestFile(each) && !inner.some((start) => each.startsWith(start))).sort()
}

async function includedFiles(found: FoundProject, projects: readonly KindDocument[], log: DiagnosticLog): Promise<readonly string[]> {
  const all = (await listFiles(found.folder)).filter((each) => !isTestFile(each))
  const matched = projects.flatMap(({ placed }) => {
    const patterns = placed.value['include']
    if (!Array.isArray(patterns)) return []
    return (patterns as readonly unknown[]).flatMap((pattern, index) => {
      const expression = globToRegExp(String(pattern))
      const files = all.filter((each) => expression.test(each))
      if (files.length === 0) log.report('project/include-matches-nothing', { pattern: String(pattern) }, placed.spanOf(['include', index]))
      return files
    })
  })
  return [...new Set(matched)].sort()
}

const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.cdp'])

async function listFiles(folder: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => [])
  const nested = await Promise.all(entries.map((each): Promise<readonly string[]> => {
    const path = below === '' ? each.name : `${below}/${each.name}`
    if (each.isDirectory()) return skippedFolders.has(each.name) ? Promise.resolve([]) : listFiles(folder, path)
    return Promise.resolve(/\.(ya?ml|json)$/.test(each.name) ? [path] : [])
  }))
  return nested.flat()
}

async function loadFile(folder: string, file: string, log: DiagnosticLog): Promise<readonly KindDocument[]> {
  const text = await readText(join(folder, file), file, log)
  if (text === undefined) return []
  return parseDocuments({ file, text }, log).flatMap((document) => toKindDocument(document, log) ?? [])
}

function toKindDocument(document: SourceDocument, log: DiagnosticLog): KindDocument | undefined {
  const { value } = document
  if (!isJsonObject(value)) {
    log.report('project/not-a-map', { found: nameOf(value) }, document.spanOf([]))
    return undefined
  }
  const written = value['kind']
  if (written === undefined) {
    const first = Object.keys(value)[0]
    log.report('project/missing-kind', { known: documentKinds.join(', ') }, first === undefined ? document.spanOf([]) : document.keySpanOf([first]))
    return undefined
  }
  const kind = documentKinds.find((each) => each === written)
  if (written === 'SegmentTest') {
    log.report('test/outside-test-file', { file: document.file }, document.spanOf(['kind']))
    return undefined
  }
  if (!kind) {
    log.report('project/unknown-kind', { kind: toText(written), suggestion: suggestion(toText(written), documentKinds) }, document.spanOf(['kind']))
    return undefined
  }
  return { kind, placed: new Placed<JsonObject>(document, value) }
}

function toName(folder: string, file: string): string {
  return relative(folder, file).replaceAll('\\', '/')
}
