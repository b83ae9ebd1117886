// Reading a stream in a check: to its end or to a checkpoint, and what a store would know afterwards.
import { compileJsonata } from '../../expressions/jsonata.js'
import { canonicalJson } from '../../kernel/json.js'
import type { Change, Json, OpenSource, ReadRequest, StreamSpec } from '../../plugins/sdk.js'
import type { SourceBench } from './bench.js'
import type { TestStream } from './setup.js'

export interface Stream extends TestStream {
  readonly spec?: StreamSpec
}

/** The streams that the checks read. */
export async function streamsOf(bench: SourceBench, open: OpenSource = bench.open()): Promise<readonly Stream[]> {
  const found = await open.discover()
  const named: readonly TestStream[] = bench.setup.streams ?? found.filter((each) => each.optional !== true).map(({ name }) => ({ name }))
  return named.map((each) => {
    const spec = found.find(({ name }) => name === each.name)
    return spec ? { ...fromSpec(spec), ...each, spec } : each
  })
}

function fromSpec({ key, cursor, deletedWhen }: StreamSpec): Partial<TestStream> {
  return { ...(key === undefined ? {} : { key }), ...(cursor === undefined ? {} : { cursor }), ...(deletedWhen === undefined ? {} : { deletedWhen }) }
}

/** A change, and whose it is: the value of the stream's key, which may be any JSONata. */
export interface Seen {
  readonly change: Change
  readonly key: string | undefined
}

export interface Reading {
  readonly changes: readonly Seen[]
  /** Each with how many changes came before it: those are durable. */
  readonly checkpoints: readonly { readonly value: Json; readonly after: number }[]
  /** The key of each record between `begins` and `ends`, where the source told that it gives everything. */
  readonly everything?: ReadonlySet<string>
}

export interface ReadOptions {
  readonly checkpoint?: Json | undefined
  /** Stops, as a kill does, after so many checkpoints. */
  readonly killAfter?: number
}

export async function read(open: OpenSource, stream: Stream, { checkpoint, killAfter = Number.POSITIVE_INFINITY }: ReadOptions = {}): Promise<Reading> {
  const toSeen = seer(stream)
  const changes: Seen[] = []
  const checkpoints: { readonly value: Json; readonly after: number }[] = []
  let begun: number | undefined
  let everything: ReadonlySet<string> | undefined
  for await (const part of open.read(requestOf(stream, checkpoint))) {
    if ('records' in part) for (const each of part.records) changes.push(await toSeen(each))
    else if ('everything' in part && part.everything === 'begins') begun = changes.length
    else if ('everything' in part) everything = new Set(changes.slice(begun).flatMap(({ key }) => key ?? []))
    else if ('checkpoint' in part) {
      checkpoints.push({ value: part.checkpoint, after: changes.length })
      if (checkpoints.length >= killAfter) break
    }
  }
  return { changes, checkpoints, ...(everything ? { everything } : {}) }
}

function requestOf({ name, config = {}, cursor, fields }: Stream, checkpoint: Json | undefined): ReadRequest {
  // A store keeps checkpoints as text.
  const kept = checkpoint === undefined ? {} : { checkpoint: JSON.parse(JSON.stringify(checkpoint)) as Json }
  return { stream: name, config, ...(cursor === undefined ? {} : { cursor }), ...(fields === undefined ? {} : { fields }), ...kept }
}

function seer({ key: written }: Stream): (change: Change) => Promise<Seen> {
  const key = written === undefined ? undefined : compileJsonata(written)
  return async (change) => {
    switch (change.op) {
      case 'upsert': return { change, key: key ? toKey(await key.evaluate(change.record)) : canonicalJson(change.record) }
      case 'delete':
      case 'merge': return { change, key: change.key }
      case 'unreadable': return { change, key: undefined }
    }
  }
}

function toKey(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** What is known after the changes: each record's text, or why it is gone. */
export function toKnown(changes: readonly Seen[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>()
  for (const { change, key } of changes) {
    if (key !== undefined) known.set(key, change.op === 'upsert' ? canonicalJson(change.record) : change.op === 'merge' ? `merged into ${change.into}` : 'deleted')
  }
  return known
}

/** The keys that one has and the other has not, or differently. */
export function missingFrom(known: ReadonlyMap<string, string>, all: ReadonlyMap<string, string>): readonly string[] {
  return [...all].filter(([key, text]) => known.get(key) !== text).map(([key]) => key)
}

/** A few of many, for a message. */
export function some(keys: readonly string[]): string {
  const shown = keys.slice(0, 3).map((each) => (each.length > 60 ? `${each.slice(0, 60)}…` : each)).join(', ')
  return keys.length > 3 ? `${shown} and ${String(keys.length - 3)} more` : shown
}
