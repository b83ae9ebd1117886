// Where a part of a segment's expression stands in its file. The project keeps the place of the whole expression; places inside
// it need the file, which is read again.
import { join } from 'node:path'
import { toAddress } from '../kernel/address.js'
import { DiagnosticLog } from '../kernel/diagnostic.js'
import { type Json, isJsonArray, isJsonObject } from '../kernel/json.js'
import type { Span } from '../kernel/span.js'
import type { Project, Segment } from './project.js'
import { type Path, type SourceDocument, parseDocuments, readText } from './read.js'

/** The place of a range of its text; undefined when the file has changed since it was read. */
export type ExpressionPlaces = (range: { readonly from: number; readonly to: number }) => Span | undefined

export async function loadExpressionPlaces(project: Project, segment: Segment): Promise<ExpressionPlaces> {
  const at = project.places[toAddress('Segment', segment.name)]?.fields['/expression']
  const log = new DiagnosticLog()
  const text = at && (await readText(join(project.folder, at.file), at.file, log))
  if (!at || text === undefined) return () => undefined
  const found = parseDocuments({ file: at.file, text }, log).flatMap((document) => scalarsAt(document, at)).find(({ value }) => value === segment.expression)
  return (range) => found?.document.spanInText(found.path, range)
}

interface Scalar {
  readonly document: SourceDocument
  readonly path: Path
  readonly value: Json
}

/** The expression of the segment's own document, or of a sandbox that puts another one over it. */
function scalarsAt(document: SourceDocument, at: Span): readonly Scalar[] {
  const texts = textsOf(document.value).filter(([path]) => path.at(-1) === 'expression')
  return texts.filter(([path]) => isSame(document.spanOf(path), at)).map(([path, value]) => ({ document, path, value }))
}

function textsOf(value: Json, path: Path = []): readonly (readonly [Path, Json])[] {
  if (isJsonArray(value)) return value.flatMap((each, index) => textsOf(each, [...path, index]))
  if (isJsonObject(value)) return Object.entries(value).flatMap(([key, each]) => textsOf(each, [...path, key]))
  return [[path, value]]
}

function isSame(a: Span, b: Span): boolean {
  return a.from.line === b.from.line && a.from.column === b.from.column
}
