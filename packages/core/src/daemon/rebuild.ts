// After an apply: what was stored with another mapping, schema or identity rule is made again from the raw records,
// without reading any source. What it was made with is remembered by digest, after the work, so that a kill repeats it.
import type { Applied, AppliedResource } from '../2-plan/applied.js'
import type { Source, Stream } from '../1-project/project.js'
import { forgetSource, rebuildParts } from '../4-ingest/index.js'
import { digest, toJson } from '../kernel/json.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Store } from '../stores/store.js'
import { builtFromTable } from '../stores/tables.js'
import type { RunRequest } from './run.js'

interface Built {
  readonly source: number
  readonly stream: string
  readonly digest: string
}

/** Maps changed streams again and forgets removed ones; true when the profiles must be stitched from the beginning. */
export async function rebuildWhatChanged(request: RunRequest): Promise<boolean> {
  const { store, applied } = request
  const built = await store.rows<{ what: string; source: number; stream: string; digest: string }>(sqlText`select what, source, stream, digest from built_from`)
  const streams = built.filter((each) => each.what === 'stream')
  await forgetRemoved(request, streams)
  for (const source of Object.values(applied.sources)) await remapChanged(request, source, streams)
  const stitched = built.find((each) => each.what === 'profiles')
  const wanted = stitchDigest(applied)
  if (stitched?.digest === wanted) return false
  await remember(store, { what: 'profiles', source: 0, stream: '', digest: wanted })
  return stitched !== undefined
}

async function forgetRemoved({ store, applied }: RunRequest, built: readonly Built[]): Promise<void> {
  const live = new Map(Object.values(applied.sources).map(({ uid, spec }) => [uid, new Set(spec.streams.map((each) => each.name))]))
  for (const each of built.filter(({ source, stream }) => live.get(source)?.has(stream) !== true)) {
    await forgetSource({ source: each.source, stream: each.stream, entities: applied.entities, store })
    await store.transaction(async (tx) => {
      await tx.run(sqlText`delete from built_from where what = ${param('stream')} and source = ${param(each.source)} and stream = ${param(each.stream)}`)
    })
  }
}

async function remapChanged(request: RunRequest, source: AppliedResource<Source>, built: readonly Built[]): Promise<void> {
  const { store, applied, clock } = request
  for (const stream of source.spec.streams) {
    const wanted = mappingDigest(applied, source.spec, stream)
    const before = built.find((each) => each.source === source.uid && each.stream === stream.name)
    if (before?.digest === wanted) continue
    if (before) await rebuildParts({ source, stream, sources: Object.values(applied.sources), entities: applied.entities, vars: applied.sandbox.vars, limits: applied.guardrails.limits, store, clock })
    await remember(store, { what: 'stream', source: source.uid, stream: stream.name, digest: wanted })
  }
}

async function remember(store: Store, row: { readonly what: string; readonly source: number; readonly stream: string; readonly digest: string }): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.run(sqlText`delete from built_from where what = ${param(row.what)} and source = ${param(row.source)} and stream = ${param(row.stream)}`)
    await tx.append(builtFromTable, [[row.what, row.source, row.stream, row.digest]])
  })
}

/** Everything that decides what a raw record becomes. */
function mappingDigest(applied: Applied, source: Source, stream: Stream): string {
  const fields = Object.fromEntries(Object.entries(applied.entities[stream.entity]?.fields ?? {}).map(([name, { labels: _labels, description: _description, ...field }]) => [name, field]))
  const made = { instance: source.instance, type: source.type, entity: stream.entity, key: stream.key, map: stream.map, deletedWhen: stream.deletedWhen ?? null, fields }
  const { 'record-size': size, 'row-fields': rowFields } = applied.guardrails.limits
  const vars = Object.values(stream.map).some((each) => each.includes('$vars')) ? applied.sandbox.vars : {}
  return digest(toJson({ ...made, vars, size, rowFields }))
}

const identityGuardrails = ['graph-size', 'links-per-identity', 'ids-per-record', 'ecid-format', 'id-length', 'id-banned', 'unique-namespace'] as const

/** Everything that decides who is who and which value wins. */
function stitchDigest(applied: Applied): string {
  const rules = Object.values(applied.entities).map(({ name, namespace, identities, mergePolicy }) => ({ name, namespace, identities, mergePolicy }))
  const limits = identityGuardrails.map((each) => applied.guardrails.limits[each] ?? null)
  return digest(toJson([rules, limits]))
}
