// Case files → profiles and segments. What is wrong with a file is said with its path and line.
import { readFileSync, readdirSync } from 'node:fs'
import { type Json, type JsonObject, isJsonObject } from '../../packages/core/src/kernel/json.js'

/** A file of cases, or a question about them, that cannot be used. The message says where and why. */
export class UnusableCases extends Error {}

export interface ProfileCase {
  readonly id: string
  /** As text: every evaluation of the reference gets a copy of its own. */
  readonly text: string
}

export type SegmentClass = 'streaming' | 'batch'

export interface SegmentCase {
  readonly id: string
  readonly expression: string
  readonly expectedClass: SegmentClass | undefined
  readonly expected: Expectation
}

export interface Expectation {
  /** Ids of the profiles that match. */
  readonly ids: readonly string[]
  readonly errorCodes: readonly string[]
  /** Ids of the profiles on which the expression fails; undefined when the file does not list them. */
  readonly errorIds: readonly string[] | undefined
}

interface Line {
  readonly where: string
  readonly text: string
  readonly value: JsonObject
}

export function readProfiles(path: string): readonly ProfileCase[] {
  const profiles = readLines(path).map(({ where, text, value }) => {
    if (!isJsonObject(value['person'])) throw new UnusableCases(`${where}: a profile needs a "person" (an object)`)
    return { where, id: textOf(value, 'id', where, 'profile'), text }
  })
  refuseDuplicates(profiles)
  return profiles
}

export function readSegments(path: string): readonly SegmentCase[] {
  const segments = readLines(path).map(({ where, value }) => ({ where, ...toSegment(value, where) }))
  refuseDuplicates(segments)
  return segments
}

/** Whether the file and the folder can be used; the suite itself reads them. */
export function checkJsonataCases(path: string, datasetsFolder: string): void {
  const datasets = new Set(readFolder(datasetsFolder).map((file) => file.replace(/\.json$/, '')))
  for (const { where, value } of readLines(path)) {
    const id = textOf(value, 'id', where, 'case')
    if (typeof value['expr'] !== 'string') throw new UnusableCases(`${where}: case ${id} needs an "expr" (a text)`)
    if (!isJsonObject(value['expected'])) throw new UnusableCases(`${where}: case ${id} needs "expected" (an object)`)
    const dataset = value['dataset']
    if (dataset !== undefined && !(typeof dataset === 'string' && datasets.has(dataset))) throw new UnusableCases(`${where}: case ${id} wants the dataset ${JSON.stringify(dataset)}, which is not in ${datasetsFolder}`)
  }
}

function toSegment(value: JsonObject, where: string): SegmentCase {
  const id = textOf(value, 'id', where, 'segment')
  const found = value['class']
  if (found !== undefined && found !== 'streaming' && found !== 'batch') throw new UnusableCases(`${where}: the class of ${id} is ${JSON.stringify(found)}; known are "streaming" and "batch"`)
  const errorIds = value['errorIds'] === undefined ? undefined : textsOf(value, 'errorIds', where, id)
  return {
    id,
    expression: textOf(value, 'expr', where, 'segment'),
    expectedClass: found,
    expected: { ids: textsOf(value, 'expected', where, id), errorCodes: toCodes(value['mayError'], where, id), errorIds },
  }
}

function toCodes(value: Json | undefined, where: string, id: string): readonly string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [value]
  if (isTexts(value)) return value
  throw new UnusableCases(`${where}: "mayError" of ${id} is a code or a list of codes`)
}

function readLines(path: string): readonly Line[] {
  const lines = readText(path).split('\n').flatMap((text, index) => (text.trim() === '' ? [] : [{ where: `${path}:${String(index + 1)}`, text }]))
  if (lines.length === 0) throw new UnusableCases(`${path}: the file is empty`)
  return lines.map((line) => ({ ...line, value: parseObject(line.text, line.where) }))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a folder; a file of JSON lines is wanted' : String(cause)
    throw new UnusableCases(`${path}: ${reason}`, { cause })
  }
}

function readFolder(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch (cause) {
    throw new UnusableCases(`${path}: there is no such folder`, { cause })
  }
}

function parseObject(text: string, where: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new UnusableCases(`${where}: not JSON (${cause instanceof Error ? cause.message : String(cause)})`, { cause })
  }
  if (!isJsonObject(value)) throw new UnusableCases(`${where}: each line is one JSON object`)
  return value
}

function textOf(value: JsonObject, key: string, where: string, what: string): string {
  const found = value[key]
  if (typeof found !== 'string' || found === '') throw new UnusableCases(`${where}: a ${what} needs an "${key}" (a text)`)
  return found
}

function textsOf(value: JsonObject, key: string, where: string, id: string): readonly string[] {
  const found = value[key]
  if (isTexts(found)) return found
  throw new UnusableCases(`${where}: "${key}" of ${id} ${found === undefined ? 'is missing' : 'is wrong'}; it is a list of profile ids`)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function refuseDuplicates(cases: readonly { readonly where: string; readonly id: string }[]): void {
  const seen = new Map<string, string>()
  for (const { where, id } of cases) {
    const before = seen.get(id)
    if (before !== undefined) throw new UnusableCases(`${where}: the id ${id} was used before, at ${before}`)
    seen.set(id, where)
  }
}
