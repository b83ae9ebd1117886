// The `*.test.yaml` files of a project, as documents of the one kind that they may hold.
import { join } from 'node:path'
import type { DiagnosticLog } from '../../kernel/diagnostic.js'
import { type JsonObject, isJsonObject, toText } from '../../kernel/json.js'
import { suggestion } from '../../kernel/suggest.js'
import { nameOf } from '../check-shape.js'
import { listTestFiles } from '../load-documents.js'
import { Placed } from '../placed.js'
import { type SourceDocument, parseDocuments, readText } from '../read.js'

export async function loadTestDocuments(folder: string, log: DiagnosticLog): Promise<readonly Placed[]> {
  const files = await listTestFiles(folder)
  const loaded = await Promise.all(files.map(async (file) => {
    const text = await readText(join(folder, file), file, log)
    return text === undefined ? [] : parseDocuments({ file, text }, log).flatMap((each) => toTestDocument(each, log) ?? [])
  }))
  return loaded.flat()
}

const testKind = 'SegmentTest'

function toTestDocument(document: SourceDocument, log: DiagnosticLog): Placed | undefined {
  const { value } = document
  if (!isJsonObject(value)) {
    log.report('project/not-a-map', { found: nameOf(value) }, document.spanOf([]))
    return undefined
  }
  const kind = value['kind']
  if (kind === testKind) return new Placed<JsonObject>(document, value)
  const [first] = Object.keys(value)
  if (kind === undefined) log.report('project/missing-kind', { known: testKind }, first === undefined ? document.spanOf([]) : document.keySpanOf([first]))
  else log.report('test/other-kind', { kind: toText(kind), suggestion: nearKind(toText(kind)) }, document.spanOf(['kind']))
  return undefined
}

function nearKind(kind: string): string {
  const near = suggestion(kind, [testKind])
  return near.startsWith('Did') ? near : ''
}
