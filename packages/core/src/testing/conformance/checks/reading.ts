// What a source tells of its streams, and whether their records are as told.
import { standardEntities } from '../../../entities/standard-entities.js'
import { findShapeProblems } from '../../../kernel/shape.js'
import type { StreamSpec } from '../../../plugins/sdk.js'
import type { SourceBench } from '../bench.js'
import { type ConformanceCheck, type Outcome, failed, notApplicable, outcomeOf } from '../check.js'
import { type Reading, type Stream, read, some, streamsOf } from '../reading.js'
import type { TestRecord } from '../setup.js'
import { findCompileMistake, isExpression } from './declaration.js'

const hourMs = 3_600_000

export const readingChecks: readonly ConformanceCheck[] = [
  { id: 'source/discover', of: 'source', shows: 'describes its streams: schemas compile, names are unique, mappings and keys fit', run: async (bench) => outcomeOf(findStreamMistakes(await bench.open().discover(), bench)) },
  { id: 'source/reads', of: 'source', shows: 'reads records from every stream', run: (bench) => onEachStream(bench, (stream, { changes }) => (changes.some(({ change }) => change.op === 'upsert') ? [] : [`${stream.name} gives no record, so that nothing is shown of it`])) },
  { id: 'source/schema', of: 'source', shows: 'gives records that match the schemas of their streams', run: (bench) => onEachStream(bench, findMismatches) },
  { id: 'source/keys', of: 'source', shows: 'gives each record its key, and no key twice in one read', run: (bench) => onEachStream(bench, findKeyMistakes) },
  { id: 'source/odd-values', of: 'source', shows: 'gives texts as they are: none, foreign letters, quotes and line breaks, very long ones', run: readsOddTexts },
]

const oddTexts: readonly (readonly [what: string, text: string])[] = [['no text', ''], ['foreign letters', 'Zoë 田中 👩‍💻'], ['quotes and line breaks', 'a "quoted", text;\nof two lines'], ['a very long text', 'ü'.repeat(5000)]]

async function readsOddTexts(bench: SourceBench): Promise<Outcome> {
  const { server } = bench.setup
  if (!server?.addText) return notApplicable('the setup has no server.addText')
  const added: (TestRecord & { readonly what: string; readonly text: string })[] = []
  for (const [what, text] of oddTexts) added.push({ what, text, ...(await server.addText(text)) })
  // Some sources leave what is very young to the next read.
  bench.clock.advance(hourMs)
  const open = bench.open()
  const wrong: string[] = []
  for (const stream of await streamsOf(bench, open)) {
    const own = added.filter((each) => each.stream === stream.name)
    const { changes } = own.length === 0 ? { changes: [] } : await read(open, stream)
    for (const { what, text, key } of own) {
      const records = changes.flatMap((each) => (each.key === key && each.change.op === 'upsert' ? [each.change.record] : []))
      if (records.length === 0) wrong.push(`${stream.name}: the record with ${what} does not come`)
      else if (text !== '' && !records.some((each) => Object.values(each).includes(text))) wrong.push(`${stream.name}: ${what}: not as it was typed`)
    }
  }
  return outcomeOf(wrong)
}

/** Reads each stream once, from its beginning to its end. */
export async function onEachStream(bench: SourceBench, findWrong: (stream: Stream, reading: Reading) => readonly string[] | Promise<readonly string[]>): Promise<Outcome> {
  const open = bench.open()
  const streams = await streamsOf(bench, open)
  if (streams.length === 0) return bench.setup.streams ? notApplicable('the setup names no stream to read') : failed('it has no streams')
  const wrong: string[] = []
  for (const stream of streams) wrong.push(...(await findWrong(stream, await read(open, stream))))
  return outcomeOf(wrong)
}

function findStreamMistakes(specs: readonly StreamSpec[], bench: SourceBench): readonly string[] {
  const names = specs.map((each) => each.name)
  const undescribed = (bench.side.streamsOf?.(bench.setup.config) ?? []).filter((each) => each.optional !== true && !names.includes(each.name))
  return [
    ...names.filter((each, index) => names.indexOf(each) !== index).map((each) => `there are several streams ${each}`),
    ...undescribed.map(({ name }) => `streamsOf has a stream ${name} that discover has not`),
    ...specs.flatMap((each) => findSpecMistakes(each).map((mistake) => `${each.name}: ${mistake}`)),
  ]
}

function findSpecMistakes({ schema, key, entity, map = {}, deletedWhen }: StreamSpec): readonly string[] {
  const mistake = findCompileMistake(schema)
  const known = entity === undefined ? undefined : Object.entries(standardEntities).find(([name]) => name === entity)?.[1]
  return [
    ...(mistake === undefined ? [] : [`its schema: ${mistake}`]),
    ...(key?.trim() === '' ? ['its key is empty'] : []),
    ...(entity === undefined || known ? [] : [`there is no entity ${entity}`]),
    ...Object.entries(map).flatMap(([field, expression]) => [...(isExpression(expression) ? [] : [`the mapping of ${field} is no JSONata`]), ...(known && !(field in known.fields) ? [`${entity ?? ''} has no field ${field}`] : [])]),
    ...(deletedWhen === undefined || isExpression(deletedWhen) ? [] : ['deletedWhen is no JSONata']),
  ]
}

function findMismatches({ name, spec }: Stream, { changes }: Reading): readonly string[] {
  if (!spec) return []
  const problems = changes.flatMap(({ change }) => (change.op === 'upsert' ? findShapeProblems(spec.schema, change.record).map(({ path, message }) => `/${path.join('/')} ${message}`) : []))
  return [...new Set(problems)].slice(0, 3).map((each) => `${name}: ${each}`)
}

function findKeyMistakes(stream: Stream, { changes }: Reading): readonly string[] {
  const keys = changes.flatMap(({ change, key }) => (change.op === 'upsert' ? [key] : []))
  const twice = keys.filter((each, index) => each !== undefined && keys.indexOf(each) !== index).map(String)
  const without = keys.filter((each) => each === undefined || each === '').length
  return [
    ...(without === 0 ? [] : [`${stream.name}: ${String(without)} record(s) without their key ${stream.key ?? ''}`]),
    ...(twice.length === 0 ? [] : [`${stream.name}: several records with the key ${some([...new Set(twice)])}`]),
  ]
}
