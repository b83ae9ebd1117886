// Random projects as documents: sources, schemas, segments that read each other, destinations, sandboxes, all of them valid.
import fc from 'fast-check'
import type { Json, JsonObject } from '../../packages/core/src/kernel/json.js'

export type Documents = readonly JsonObject[]

const segmentNames = ['alpha', 'beta', 'gamma', 'delta'] as const
const conditions = [
  'person.title = "CEO"', 'person.scores.fit >= 50', 'person.scores.fit >= $vars.least', '$contains(person.title, /^C/)', '$count(accounts[employees > 100]) > 0',
  '$exists(accounts) and person.scores.fit < 80', '$count(events[timestamp > $daysAgo(7)]) > 0', 'person.nps > 6',
] as const

const destination = (name: string): fc.Arbitrary<JsonObject> =>
  fc.record({ folder: fc.constantFrom('out', 'audiences'), dryRun: fc.boolean(), protect: fc.constant(false) }).map(({ folder, dryRun, protect }) => ({ kind: 'Destination', name, connector: 'files', config: { folder }, dryRun, protect }))

const source: fc.Arbitrary<JsonObject> = fc.record({ title: fc.constantFrom('title', '$uppercase(title)'), withAccounts: fc.boolean(), schedule: fc.constantFrom('0 * * * *', '30 5 * * *') }).map(({ title, withAccounts, schedule }) => ({
  kind: 'Source', name: 'crm', connector: 'files', schedule,
  streams: [
    { name: 'contacts', entity: 'person', key: 'id', config: { path: 'contacts.csv', optional: true }, map: { email: 'email', title } },
    ...(withAccounts ? [{ name: 'accounts', entity: 'account', key: 'id', config: { path: 'accounts.csv', optional: true }, map: { name: 'name' } }] : []),
  ],
}))

const schema: fc.Arbitrary<JsonObject> = fc.record({ highest: fc.constantFrom(10, 100), label: fc.boolean() }).map(({ highest, label }) => ({
  kind: 'Schema', name: 'person', extends: 'b2b/person', fields: { nps: { type: 'integer', maximum: highest, ...(label ? { labels: ['C2'] } : {}) } },
}))

interface DrawnSegment {
  readonly name: (typeof segmentNames)[number]
  readonly condition: string
  readonly reads: boolean
  readonly files: boolean
  readonly list: string | null
  readonly renamed: boolean
}

const segments: fc.Arbitrary<readonly JsonObject[]> = fc
  .subarray([...segmentNames])
  .chain((names) => fc.tuple(...names.map((name) => fc.record<DrawnSegment>({ name: fc.constant(name), condition: fc.constantFrom(...conditions), reads: fc.boolean(), files: fc.boolean(), list: fc.constantFrom(null, 'List'), renamed: fc.boolean() }))))
  .map((drawn) => drawn.map((each, index) => toSegment(each, drawn[index - 1]?.name)))

// A segment may read the one before it, so that there are chains and no circles.
function toSegment({ name, condition, reads, files, list, renamed }: DrawnSegment, before: string | undefined): JsonObject {
  return {
    kind: 'Segment', name, expression: reads && before !== undefined ? `${condition} and $exists(segments.${before})` : condition,
    ...(files ? { activate: [{ destination: 'first', ...(list === null ? {} : { list: `${list} ${name}` }) }] } : {}),
    ...(renamed ? { renamedFrom: [`old-${name}`] } : {}),
  }
}

/** The sandbox `dev` of project `acme`. */
export const arbitraryProject: fc.Arbitrary<Documents> = fc
  .record({ least: fc.constantFrom(10, 60), exit: fc.constantFrom(null, 20, 50), timezone: fc.constantFrom('UTC', 'Europe/Madrid'), override: fc.boolean(), source, schema: fc.option(schema), first: destination('first'), second: fc.option(destination('second')), segments })
  .map(({ least, exit, timezone, override, ...parts }): Documents => [
    {
      kind: 'Project', name: 'acme', include: ['files/*.yaml'], defaults: { sandbox: 'dev', timezone },
      ...(exit === null ? {} : { safety: { maxExitPercent: exit } }), ...(override ? { guardrails: { overrides: { 'streaming-audiences': { limit: 600, reason: 'sized for it' } } } } : {}),
    },
    { kind: 'Sandbox', name: 'dev', vars: { least } },
    parts.source,
    // Segments may read the field nps: without a schema of its own the project has one that says nothing else.
    parts.schema ?? { kind: 'Schema', name: 'person', extends: 'b2b/person', fields: { nps: { type: 'integer' } } },
    parts.first,
    ...(parts.second ? [parts.second] : []),
    ...parts.segments,
  ])

/** The same documents in another order, their keys in another order, split over files in another way. */
export function shuffled(documents: Documents, seed: number): readonly Documents[] {
  const random = fc.sample(fc.array(fc.nat(1_000_000), { minLength: 2000, maxLength: 2000 }), { seed, numRuns: 1 })[0] ?? []
  let next = 0
  const draw = (): number => random[next++ % random.length] ?? 0
  const shuffle = <T>(list: readonly T[]): readonly T[] => list.map((each) => [draw(), each] as const).sort((a, b) => a[0] - b[0]).map(([, each]) => each)
  const mixed = (value: Json): Json => {
    if (Array.isArray(value)) return (value as readonly Json[]).map(mixed)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(shuffle(Object.entries(value as JsonObject)).map(([key, each]) => [key, mixed(each)]))
  }
  const files: JsonObject[][] = [[], [], []]
  for (const each of shuffle(documents)) files[draw() % files.length]?.push(mixed(each) as JsonObject)
  return files.filter((each) => each.length > 0)
}
