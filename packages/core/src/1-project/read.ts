// Files → YAML documents that know their places. The only importer of yaml besides format.ts. Everything that is wrong is
// reported; a broken file never hides what is wrong in another.
import { readFile, stat } from 'node:fs/promises'
import { type Document, LineCounter, type Node, type YAMLError, isAlias, isCollection, isMap, isPair, isScalar, parseAllDocuments, visit } from 'yaml'
import type { DiagnosticLog } from '../kernel/diagnostic.js'
import type { Json } from '../kernel/json.js'
import type { Position, Span } from '../kernel/span.js'
import { type ScalarNode, scalarOffsets, unitLength } from './scalar-offsets.js'

export type Path = readonly (string | number)[]

/** One document of a file: its value, and where everything in it is written. */
export interface SourceDocument {
  readonly file: string
  readonly value: Json
  /** The value at a path, or the nearest thing around it that is written. */
  spanOf(path: Path): Span
  /** The key at a path: `expression` of `expression: …`. */
  keySpanOf(path: Path): Span
  /** A range of the text of a scalar: the place of a mistake inside an expression. */
  spanInText(path: Path, range: { readonly from: number; readonly to: number }): Span
}

export interface SourceFile {
  readonly file: string
  readonly text: string
}

const maxFileBytes = 1_000_000
const maxAliases = 100

export async function readText(path: string, file: string, log: DiagnosticLog): Promise<string | undefined> {
  const at: Span = { file, from: { line: 1, column: 1 }, to: { line: 1, column: 1 } }
  try {
    if ((await stat(path)).size > maxFileBytes) {
      log.report('project/unreadable-file', { file, reason: 'it is larger than 1 MB' }, at)
      return undefined
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (error) {
    log.report('project/unreadable-file', { file, reason: reasonOf(error) }, at)
    return undefined
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: string }
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8 text'
  return code ?? 'it cannot be read'
}

export function parseDocuments({ file, text }: SourceFile, log: DiagnosticLog): readonly SourceDocument[] {
  const lines = new LineCounter()
  const parsed = parseAllDocuments(text, { lineCounter: lines, version: '1.2', schema: 'core', uniqueKeys: true, strict: true, prettyErrors: false })
  const documents = 'empty' in parsed ? [] : parsed
  const places = new Places(file, text, lines)
  if (documents.every((each) => each.contents === null) && documents.every((each) => each.errors.length === 0)) {
    log.report('project/empty-file', { file }, places.span(0, 0))
    return []
  }
  return documents.flatMap((document) => toSourceDocument(document, places, log))
}

function toSourceDocument(document: Document.Parsed, places: Places, log: DiagnosticLog): readonly SourceDocument[] {
  // A first syntax error often makes others behind it; those of their own kind are told all the same.
  const isOwnKind = (error: YAMLError): boolean => error.code === 'DUPLICATE_KEY' || error.code === 'TAG_RESOLVE_FAILED'
  const firstSyntax = document.errors.find((each) => !isOwnKind(each))
  for (const error of document.errors) if (isOwnKind(error) || error === firstSyntax) reportSyntax(error, places, log)
  for (const warning of document.warnings) reportSyntax(warning, places, log)
  const { explicit, version } = document.directives.yaml
  if (explicit === true && version !== '1.2') log.report('project/yaml-syntax', { reason: `Project files are YAML 1.2, not ${version}.`, hint: 'Remove the %YAML line.' }, places.span(0, 5))
  if (document.errors.length > 0 || document.warnings.length > 0 || document.contents === null) return []
  try {
    const value: unknown = document.toJS({ maxAliasCount: maxAliases })
    const parsed = new ParsedDocument(document, value as Json, places)
    const strange = findNonJson(value)
    for (const { path, problem } of strange) log.report('project/bad-value', { key: String(path.at(-1) ?? 'document'), problem }, parsed.spanOf(path))
    return strange.length === 0 ? [parsed] : []
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    if (message.startsWith('Unresolved alias')) log.report('project/yaml-syntax', { reason: firstSentence(message), hint: syntaxHint('BAD_ALIAS') }, places.node(findUnresolved(document) ?? document.contents))
    else log.report('project/too-many-aliases', {}, places.node(document.contents))
    return []
  }
}

function findUnresolved(document: Document.Parsed): Node | undefined {
  let found: Node | undefined
  visit(document, { Alias: (_, node) => { if (!node.resolve(document)) found ??= node } })
  return found
}

/** What YAML can say and JSON cannot: infinite numbers, digits beyond 2^53, binary. */
function findNonJson(value: unknown, path: Path = []): readonly { readonly path: Path; readonly problem: string }[] {
  if (typeof value === 'number' && !Number.isFinite(value)) return [{ path, problem: 'is no finite number' }]
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) return [{ path, problem: 'has more digits than a number keeps; quote it' }]
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap((each, index) => findNonJson(each, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  if (Object.getPrototypeOf(value) !== Object.prototype) return [{ path, problem: 'is no text, number, list or map' }]
  return Object.entries(value).flatMap(([key, each]) => findNonJson(each, [...path, key]))
}

const scalarStyles: Readonly<Record<string, ScalarNode['style']>> = { QUOTE_SINGLE: 'single', QUOTE_DOUBLE: 'double', BLOCK_LITERAL: 'literal', BLOCK_FOLDED: 'folded' }

function styleOf(type: string | null | undefined): ScalarNode['style'] {
  return scalarStyles[type ?? ''] ?? 'plain'
}

function reportSyntax(error: YAMLError, places: Places, log: DiagnosticLog): void {
  const [from, to] = error.pos
  const at = places.span(from, Math.max(to, from + 1))
  if (error.code === 'DUPLICATE_KEY') log.report('project/duplicate-key', { key: places.word(from) }, at)
  else if (error.code === 'TAG_RESOLVE_FAILED') log.report('project/unknown-tag', { tag: places.word(from) }, at)
  else log.report('project/yaml-syntax', { reason: firstSentence(error.message), hint: syntaxHint(error.code) }, at)
}

function firstSentence(message: string): string {
  const line = message.split('\n', 1)[0] ?? message
  return /[.!?]$/.test(line) ? line : `${line}.`
}

const syntaxHints: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Align the keys of one map below each other.',
  MISSING_CHAR: 'A quote, bracket or brace that was opened is never closed, or a colon is missing.',
  BLOCK_AS_IMPLICIT_KEY: 'Quote the text, or write it as a block: key: |-',
  MULTILINE_IMPLICIT_KEY: 'Quote the text, or write it as a block: key: |-',
  BAD_ALIAS: 'An alias (*name) needs its anchor (&name) earlier in the same document.',
}

function syntaxHint(code: YAMLError['code']): string {
  return syntaxHints[code] ?? 'A YAML-aware editor shows the place while you type.'
}

/** Offsets of one file → lines and columns. */
class Places {
  constructor(readonly file: string, readonly text: string, private readonly lines: LineCounter) {}

  span(from: number, to: number): Span {
    return { file: this.file, from: this.position(from), to: this.position(Math.max(from, to)) }
  }

  node(node: Node | null | undefined): Span {
    const [from = 0, to = 0] = node?.range ?? []
    return this.span(from, this.trimmed(from, to))
  }

  word(from: number): string {
    return /^[^\s:,\]}]+/.exec(this.text.slice(from))?.[0] ?? ''
  }

  // The range of a block ends behind its last line break.
  private trimmed(from: number, to: number): number {
    return from + this.text.slice(from, to).trimEnd().length
  }

  private position(offset: number): Position {
    const { line, col } = this.lines.linePos(Math.min(offset, this.text.length))
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
}

class ParsedDocument implements SourceDocument {
  readonly file: string

  constructor(private readonly document: Document.Parsed, readonly value: Json, private readonly places: Places) {
    this.file = places.file
  }

  spanOf(path: Path): Span {
    return this.places.node(this.find(path) ?? this.document.contents)
  }

  keySpanOf(path: Path): Span {
    const parent = this.resolve(path.slice(0, -1))
    if (isMap(parent)) {
      const pair = parent.items.find((each) => isScalar(each.key) && String(each.key.value) === String(path.at(-1)))
      if (isPair(pair)) return this.places.node(pair.key as Node)
    }
    return this.spanOf(path)
  }

  spanInText(path: Path, range: { readonly from: number; readonly to: number }): Span {
    const node = this.resolve(path)
    if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return this.spanOf(path)
    const scalar: ScalarNode = { text: this.places.text, from: node.range[0], to: node.range[1], style: styleOf(node.type), value: node.value }
    const offsets = scalarOffsets(scalar)
    if (!offsets) return this.spanOf(path)
    const at = (offset: number): number => offsets[Math.min(offset, offsets.length - 1)] ?? scalar.from
    // The end is behind the last character, not where the next one starts: that may be lines below.
    const last = at(range.to - 1)
    return this.places.span(at(range.from), range.to > range.from ? last + unitLength(scalar, last) : at(range.from))
  }

  /** The node at a path, or the last one on the way to it. */
  private find(path: Path): Node | undefined {
    for (let length = path.length; length >= 0; length--) {
      const node = this.resolve(path.slice(0, length))
      if (node) return node
    }
    return undefined
  }

  private resolve(path: Path): Node | undefined {
    let node: unknown = this.document.contents
    for (const key of path) {
      if (isAlias(node)) node = node.resolve(this.document)
      if (!isCollection(node)) return undefined
      node = node.get(isMap(node) ? key : Number(key), true)
    }
    return (isAlias(node) ? node : (node as Node | undefined)) ?? undefined
  }
}
