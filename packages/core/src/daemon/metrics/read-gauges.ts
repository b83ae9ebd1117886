// What a scrape asks of the store: sizes, ages and what waits.
import type { Applied } from '../../2-plan/applied.js'
import { sqlText } from '../../kernel/sql-text.js'
import type { Connection } from '../../stores/store.js'

export interface Gauges {
  readonly streams: readonly { readonly source: string; readonly stream: string; readonly readAtMs: number }[]
  readonly segments: readonly { readonly segment: string; readonly members: number; readonly evaluatedAtMs: number | undefined }[]
  /** Changes that wait for a destination, those that were given up not counted. */
  readonly backlog: readonly { readonly destination: string; readonly waiting: number }[]
  readonly identities: readonly { readonly graph: string; readonly count: number }[]
}

export async function readGauges(store: Connection, applied: Applied): Promise<Gauges> {
  const sources = namesByUid(applied.sources)
  const segments = namesByUid(applied.segments)
  const cursors = await store.rows<{ source: number; stream: string; at: string }>(sqlText`select source, stream, cursor.at as at from cursor`)
  const states = await store.rows<{ segment: number; members: number; at: string | null }>(sqlText`select segment, members, evaluated_at as at from segment_state`)
  const waiting = await store.rows<{ destination: number; count: number }>(sqlText`select destination, count(*) as count from outbox where state not in ('dead', 'skipped') group by destination`)
  const identities = await store.rows<{ graph: string; count: number }>(sqlText`select graph, count(*) as count from identity group by graph`)
  return {
    streams: cursors.flatMap(({ source, stream, at }) => known(sources.get(source), (name) => ({ source: name, stream, readAtMs: Date.parse(at) }))),
    segments: states.flatMap(({ segment, members, at }) => known(segments.get(segment), (name) => ({ segment: name, members, evaluatedAtMs: at === null ? undefined : Date.parse(at) }))),
    backlog: Object.entries(applied.destinations).map(([destination, { uid }]) => ({ destination, waiting: waiting.find((each) => each.destination === uid)?.count ?? 0 })),
    identities,
  }
}

function namesByUid(resources: Readonly<Record<string, { readonly uid: number }>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(resources).map(([name, { uid }]) => [uid, name]))
}

function known<T>(name: string | undefined, make: (name: string) => T): readonly T[] {
  return name === undefined ? [] : [make(name)]
}
