// Segments over profiles by every evaluator. As given: against what the file expects. In the store: against what the
// reference gives on the documents as they come back from it.
import { type EventReads, findEventReads } from '../../packages/core/src/expressions/event-reads.js'
import type { Bindings, Expression, Reads } from '../../packages/core/src/expressions/expression.js'
import { lower } from '../../packages/core/src/expressions/lowering/lower.js'
import { type RootShape, toRootShape } from '../../packages/core/src/expressions/root-shape.js'
import type { Json, JsonObject } from '../../packages/core/src/kernel/json.js'
import { type Answers, type Documents, type Ours, askOurs, askReference, countErrors, deeplyFrozen, documentsOf, findDifferences, idsWhere, parseOurs, someOf } from './answers.js'
import { type SqlAnswer, askSql } from './ask-sql.js'
import { type LoadedStore, loadProfiles } from './load-profiles.js'
import { readModel } from './model.js'
import { onlyRecentEvents, onlyWhatIsRead } from './only-what-is-read.js'
import type { Expectation, ProfileCase, SegmentCase, SegmentClass } from './read-cases.js'
import { type StoredForm, toStoredForm } from './stored-form.js'

export const rowNames = ['given: reference', 'given: closure', 'stored: reference', 'stored: closure', 'stored: SQL', 'reads', 'class'] as const
export type RowName = (typeof rowNames)[number]

/** `declined`: the evaluator left the expression to the reference, or the file expects nothing to compare with. */
export type RowResult = { readonly is: 'agree' } | { readonly is: 'declined' } | { readonly is: 'disagree'; readonly how: string }

export interface SegmentReport {
  readonly id: string
  readonly rows: Readonly<Record<RowName, RowResult>>
  readonly lane: SegmentClass | undefined
  readonly reads: ReadsShown
  readonly sql: SqlAnswer['how']
  /** The answer depends on the order in which the file has the events. */
  readonly dependsOnEventOrder: boolean
}

/** What is known of the fields that an expression reads. */
export interface ReadsShown {
  readonly roots: readonly string[]
  readonly columns: readonly string[]
  /** Absent when no event is read. */
  readonly events?: EventReads
}

export interface CheckRequest {
  readonly profiles: readonly ProfileCase[]
  readonly segments: readonly SegmentCase[]
  readonly nowMs: number
}

export function isPassed({ rows }: SegmentReport): boolean {
  return rowNames.every((each) => rows[each].is !== 'disagree')
}

export async function checkSegments({ profiles, segments, nowMs }: CheckRequest): Promise<readonly SegmentReport[]> {
  const form = toStoredForm(profiles, readModel())
  const loaded = await loadProfiles(form, nowMs)
  try {
    const sides = toSides(profiles, form, loaded)
    const sql = await askSql({ loaded, expressions: segments.map((each) => each.expression), nowMs })
    const reports: SegmentReport[] = []
    for (const [index, segment] of segments.entries()) reports.push(await checkSegment(segment, sides, sql[index] ?? unanswered, nowMs))
    return reports
  } finally {
    await loaded.store.close()
  }
}

const unanswered: SqlAnswer = { is: 'failed', message: 'no answer', how: undefined }

/** The same profiles as given and as stored, for evaluators that read only and for those that need copies. */
interface Sides {
  readonly shape: RootShape
  readonly ids: readonly string[]
  readonly given: Documents
  readonly stored: Documents
  readonly givenFrozen: readonly Json[]
  readonly storedFrozen: readonly Json[]
  /** Profiles whose events do not stand in the store's order, with the file's order. */
  readonly reordered: { readonly places: readonly number[]; readonly documents: Documents }
}

function toSides(profiles: readonly ProfileCase[], form: StoredForm, { documents, entities }: LoadedStore): Sides {
  const places = form.profiles.flatMap(({ eventPlaces }, index) => (eventPlaces.every((place, at) => place === at) ? [] : [index]))
  const reordered = places.map((index) => JSON.stringify(inGivenOrder(documents[index] ?? {}, form.profiles[index]?.eventPlaces ?? [])))
  return {
    shape: toRootShape(entities, 'person'),
    ids: profiles.map((each) => each.id),
    given: documentsOf(profiles.map((each) => each.text)),
    stored: documentsOf(documents.map((each) => JSON.stringify(each))),
    givenFrozen: profiles.map((each) => deeplyFrozen(JSON.parse(each.text) as Json)),
    storedFrozen: documents.map(deeplyFrozen),
    reordered: { places, documents: documentsOf(reordered) },
  }
}

function inGivenOrder(document: JsonObject, eventPlaces: readonly number[]): JsonObject {
  const events: Json[] = []
  for (const [at, place] of eventPlaces.entries()) events[place] = (document['events'] as readonly Json[])[at] ?? null
  return { ...document, events }
}

async function checkSegment({ id, expression, expected, expectedClass }: SegmentCase, sides: Sides, sql: SqlAnswer, nowMs: number): Promise<SegmentReport> {
  const ours = parseOurs(expression)
  const bindings: Bindings = { nowMs, vars: {} }
  const [given, stored] = [await askReference(expression, sides.given, nowMs), await askReference(expression, sides.stored, nowMs)]
  const inFileOrder = await askReference(expression, sides.reordered.documents, nowMs)
  const lane = ours.is === 'accepted' ? toLane(ours.expression.reads) : undefined
  return {
    id,
    rows: {
      'given: reference': toResult(againstFile(given, expected, sides.ids)),
      'given: closure': await closureResult(ours, sides.givenFrozen, bindings, (answers) => againstFile(answers, expected, sides.ids)),
      'stored: reference': await guardedResult(ours, sides, stored, bindings),
      'stored: closure': await closureResult(ours, sides.storedFrozen, bindings, (answers) => findDifferences(answers, stored, sides.ids)),
      'stored: SQL': toResult(againstStored(sql, stored, sides.ids)),
      'reads': ours.is === 'refused' ? { is: 'declined' } : toResult(await findUnread(ours.expression, sides, stored, bindings)),
      'class': expectedClass === undefined ? { is: 'declined' } : toResult(lane === expectedClass ? undefined : `${lane ?? 'not accepted'}, not ${expectedClass}`),
    },
    lane,
    reads: ours.is === 'accepted' ? toReadsShown(ours.expression.reads, eventReadsOf(ours.expression, sides, bindings)) : { roots: [], columns: [] },
    sql: sql.how,
    dependsOnEventOrder: sides.reordered.places.some((place, index) => !isSame(stored[place], inFileOrder[index])),
  }
}

/** Our own reference: jsonata with guards and linear-time regular expressions. */
async function guardedResult(ours: Ours, sides: Sides, wanted: Answers, bindings: Bindings): Promise<RowResult> {
  if (ours.is === 'refused') return { is: 'disagree', how: `not accepted (${ours.code})` }
  return toResult(findDifferences(await askOurs((document) => ours.expression.reference(document, bindings), sides.storedFrozen), wanted, sides.ids))
}

// What closures decline is evaluated all the same, by what the product falls back to; that has to agree as well.
async function closureResult(ours: Ours, documents: readonly Json[], bindings: Bindings, compare: (answers: Answers) => string | undefined): Promise<RowResult> {
  if (ours.is === 'refused') return { is: 'disagree', how: `not accepted (${ours.code})` }
  const result = toResult(compare(await askOurs((document) => ours.expression.evaluate(document, bindings), documents)))
  return result.is === 'agree' && ours.expression.evaluatedBy === 'reference' ? { is: 'declined' } : result
}

async function findUnread(expression: Expression, sides: Sides, wanted: Answers, bindings: Bindings): Promise<string | undefined> {
  const events = eventReadsOf(expression, sides, bindings)
  const documents = sides.storedFrozen.map((each) => onlyRecentEvents(onlyWhatIsRead(each as JsonObject, { ...expression.reads, paths: [...expression.reads.paths, ...(events ? [{ path: 'events.timestamp', as: 'value' as const, range: { from: 0, to: 0 } }] : [])] }), events))
  return findDifferences(await askOurs((document) => expression.evaluate(document, bindings), documents), wanted, sides.ids)
}

function eventReadsOf(expression: Expression, { shape }: Sides, bindings: Bindings): EventReads | undefined {
  const { tree, text } = expression
  return findEventReads(lower({ tree, text, shape, bindings }), { tree, text })
}

function toResult(how: string | undefined): RowResult {
  return how === undefined ? { is: 'agree' } : { is: 'disagree', how }
}

function againstFile(answers: Answers, { ids: wanted, errorCodes, errorIds }: Expectation, ids: readonly string[]): string | undefined {
  const found = idsWhere(answers, ids, 'in')
  const codes = Object.keys(countErrors(answers)).map((each) => (each === 'D9001' ? 'JS' : each))
  const problems = [
    ...listDifferences(found, wanted, 'matches'),
    ...listDifferences(codes, errorCodes, 'fails with'),
    ...(errorIds === undefined && errorCodes.length > 0 ? [] : listDifferences(idsWhere(answers, ids, 'error'), errorIds ?? [], 'fails')),
  ]
  return problems.length === 0 ? undefined : someOf(problems)
}

function listDifferences(found: readonly string[], wanted: readonly string[], what: string): readonly string[] {
  const [has, needs] = [new Set(found), new Set(wanted)]
  return [...found.filter((each) => !needs.has(each)).map((each) => `${what} ${each} too`), ...wanted.filter((each) => !has.has(each)).map((each) => `not: ${what} ${each}`)]
}

function againstStored(sql: SqlAnswer, wanted: Answers, ids: readonly string[]): string | undefined {
  if (sql.is === 'failed') return sql.message
  const found = listDifferences(sql.places.map((each) => ids[each] ?? `#${String(each)}`), idsWhere(wanted, ids, 'in'), 'matches')
  const [errors, wantedErrors] = [JSON.stringify(sql.errors), JSON.stringify(countErrors(wanted))]
  const problems = errors === wantedErrors ? found : [...found, `errors ${errors}, not ${wantedErrors}`]
  return problems.length === 0 ? undefined : someOf(problems)
}

const streamingRoots: ReadonlySet<string> = new Set(['id', 'person', 'events', 'segments'])

function toLane({ roots }: Reads): SegmentClass {
  return roots.every((each) => streamingRoots.has(each.name)) ? 'streaming' : 'batch'
}

function toReadsShown({ roots, columns }: Reads, events: EventReads | undefined): ReadsShown {
  return { roots: roots.map((each) => each.name), columns, ...(events ? { events } : {}) }
}

function isSame(a: Answers[number] | undefined, b: Answers[number] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
