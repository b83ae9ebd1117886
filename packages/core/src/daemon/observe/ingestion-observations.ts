// What passes brought, by their number and their size. A batch is what a pass took of one stream, if anything changed; what is read as a
// stream (Marketo's changes, the collection of events) comes in no batches.
import type { RunTimeGuardrail } from '../../1-project/project.js'
import { standardEntities } from '../../entities/standard-entities.js'
import { param, sqlText } from '../../kernel/sql-text.js'
import { instantFromMs } from '../../kernel/clock.js'
import { type Observation, type ObservationContext, type Observed, dayMs, kept } from './observation.js'

const ofProfiles = (entity: string): boolean => entity === 'person' || entity === 'event'
const ofB2B = (entity: string): boolean => Object.hasOwn(standardEntities, entity) && !ofProfiles(entity)

export const ingestionObservations: readonly Observation[] = [
  { id: 'profile-batches-day', kind: 'state', find: async (context, limit) => most(new Map([['person and event', sum([...(await batchesOfDay(context))].filter(([entity]) => ofProfiles(entity)).map(([, batches]) => batches))]]), limit) },
  { id: 'b2b-batches-day', kind: 'state', find: async (context, limit) => most(new Map([...(await batchesOfDay(context))].filter(([entity]) => ofB2B(entity))), limit) },
  { id: 'dim-batches-day', kind: 'state', find: async (context, limit) => most(new Map([...(await batchesOfDay(context))].filter(([entity]) => !ofB2B(entity) && !ofProfiles(entity))), limit) },
  { id: 'upsert-batch', kind: 'moment', find: ({ batches }, limit) => Promise.resolve(most(new Map(batches.filter((each) => each.entity !== 'event').map((each) => [`${each.source}/${each.stream}`, each.changed])), limit)) },
  { id: 'array-card-profile', kind: 'moment', find: (context) => Promise.resolve(exceeded(context, 'array-card-profile')) },
  { id: 'array-card-event', kind: 'moment', find: (context) => Promise.resolve(exceeded(context, 'array-card-event')) },
]

/** Those beyond the limit. */
function most(found: ReadonlyMap<string, number>, limit: number): Observed {
  const beyond = [...found].filter(([, size]) => size > limit).sort(([, a], [, b]) => b - a)
  const [worst] = beyond
  return worst ? { count: beyond.length, worst: worst[1], sample: worst[0] } : kept
}

/** What ingestion noted while it mapped. */
function exceeded({ batches }: ObservationContext, id: RunTimeGuardrail): Observed {
  const noted = batches.flatMap((each) => each.exceeded.filter(({ guardrail }) => guardrail === id)).sort((a, b) => b.worst - a.worst)
  const [worst] = noted
  return worst ? { count: sum(noted.map((each) => each.count)), worst: worst.worst, sample: worst.sample } : kept
}

/** Batches of the last 24 hours by entity. */
async function batchesOfDay({ tx, nowMs }: ObservationContext): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.rows<{ summary: string }>(sqlText`select summary from run where summary is not null and started_at > ${param(instantFromMs(nowMs - dayMs))}::timestamp`)
  const found = new Map<string, number>()
  for (const { summary } of rows) {
    const { batches = {} } = JSON.parse(summary) as { readonly batches?: Readonly<Record<string, number>> }
    for (const [entity, count] of Object.entries(batches)) found.set(entity, (found.get(entity) ?? 0) + count)
  }
  return found
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0)
}
