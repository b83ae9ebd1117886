// One read of one stream. Objects come as a list at first, and once a week again, for what vanished without a trace; between, what
// was modified is searched for. Ties between objects come whole once a day, because their changes leave no trace on the objects.
import type { Change, Json, JsonObject, ReadPart, ReadRequest } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import { type Tie, readTies, toCompanies } from './associations.js'
import { ties } from './mappings.js'
import { toChanges } from './rows.js'
import { search } from './search.js'
import type { Session } from './session.js'

interface Checkpoint {
  readonly properties: readonly string[]
  readonly upToMs?: number
  /** When everything was last read from its beginning. */
  readonly wholeMs?: number
  /** When the archive was last looked through. */
  readonly archivedMs?: number
  /** The list that goes on: where, and since when. */
  readonly after?: string
  readonly startedMs?: number
}

const version = 1
const dayMs = 86_400_000
const wholeEveryMs = 7 * dayMs
const tiesEveryMs = dayMs
const archiveEveryMs = dayMs
const listSize = 100
/** More names than these make an address too long: then objects are read by their ids. */
const longestNames = 4000

export class Reading {
  readonly #type: string
  readonly #tied: { readonly from: string; readonly to: string } | undefined
  #properties: readonly string[] = []
  #checkpoint: Checkpoint = { properties: [] }

  constructor(private readonly session: Session, private readonly request: ReadRequest) {
    this.#type = asText(request.config['object']) || request.stream
    const [, from, to] = ties.exec(this.#type) ?? []
    this.#tied = from === undefined || to === undefined ? undefined : { from, to }
  }

  async *read(): AsyncIterable<ReadPart> {
    if (!this.#tied) await this.chooseProperties()
    const known = readCheckpoint(this.request.checkpoint)
    // A property that was never read is missing in everything that was.
    const isComplete = known !== undefined && this.#properties.every((each) => known.properties.includes(each))
    this.#checkpoint = isComplete ? known : { properties: this.#properties }
    if (this.#tied) yield* this.readTied(this.#tied)
    else yield* this.readObjects()
  }

  private get modified(): string {
    return (this.#tied?.from ?? this.#type) === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate'
  }

  private get wantsCompany(): boolean {
    return this.#type === 'deals' && this.request.fields?.includes('companyId') !== false
  }

  private async chooseProperties(): Promise<void> {
    const answer = asObject(await this.session.get({ area: 'properties', path: this.#type }))
    const there = new Set(asList(answer['results']).map((each) => asText(each['name'])))
    const { fields, config } = this.request
    const added = Array.isArray(config['properties']) ? (config['properties'] as readonly Json[]).map((each) => asText(each)) : []
    this.#properties = [...new Set([...(fields ?? there), ...added, this.modified, 'hs_merged_object_ids'])].filter((each) => there.has(each)).sort()
  }

  // --- objects

  private async *readObjects(): AsyncIterable<ReadPart> {
    const { wholeMs, after } = this.#checkpoint
    // The first answer tells the server's time.
    if (wholeMs === undefined || after !== undefined || this.session.serverMs - wholeMs >= wholeEveryMs) yield* this.list()
    else yield* this.changes()
    yield* this.archived()
  }

  private async *list(): AsyncIterable<ReadPart> {
    const isWhole = this.#checkpoint.after === undefined && this.request.since === undefined
    const startedMs = this.#checkpoint.startedMs ?? this.session.serverMs
    if (isWhole) yield { everything: 'begins' }
    for (let after = this.#checkpoint.after; ; ) {
      const page = await this.listPage(after, false)
      if (page.objects.length > 0) yield { records: await this.toChanges(page.objects.filter((each) => this.isWanted(each))) }
      after = page.next
      if (after === undefined) break
      yield this.mark({ after, startedMs })
    }
    if (isWhole) yield { everything: 'ends' }
    const { after: _after, startedMs: _startedMs, ...rest } = this.#checkpoint
    this.#checkpoint = rest
    yield this.mark({ properties: this.#properties, upToMs: startedMs, wholeMs: startedMs })
  }

  private async listPage(after: string | undefined, archived: boolean): Promise<{ readonly objects: readonly JsonObject[]; readonly next: string | undefined }> {
    const names = archived ? '' : this.#properties.join(',')
    const isLong = names.length > longestNames
    const query = new URLSearchParams({ limit: String(listSize), archived: String(archived), ...(names === '' || isLong ? {} : { properties: names }), ...(after === undefined ? {} : { after }) })
    const answer = asObject(await this.session.get({ area: 'objects', path: `${this.#type}?${query.toString()}` }))
    const listed = asList(answer['results'])
    const next = asText(asObject(asObject(answer['paging'])['next'])['after'])
    return { objects: isLong ? await this.readByIds(listed.map((each) => asText(each['id']))) : listed, next: next === '' ? undefined : next }
  }

  private async readByIds(ids: readonly string[]): Promise<readonly JsonObject[]> {
    if (ids.length === 0) return []
    return asList(asObject(await this.session.get({ method: 'POST', area: 'objects', path: `${this.#type}/batch/read`, body: { properties: this.#properties, inputs: ids.map((id) => ({ id })) } }))['results'])
  }

  private async *changes(): AsyncIterable<ReadPart> {
    const { upToMs } = this.#checkpoint
    if (upToMs === undefined) return
    const toMs = this.session.serverMs
    const fromMs = upToMs - this.session.options.overlapMs
    if (toMs <= upToMs) return
    for await (const { objects, upToMs: seenMs } of search(this.session, { type: this.#type, modified: this.modified, fromMs, toMs, properties: this.#properties })) {
      yield { records: await this.toChanges(objects) }
      if (seenMs > (this.#checkpoint.upToMs ?? 0)) yield this.mark({ upToMs: seenMs })
    }
    yield this.mark({ properties: this.#properties, upToMs: toMs })
  }

  /** The archive cannot be asked for what is new in it, so it is looked through once a day. */
  private async *archived(): AsyncIterable<ReadPart> {
    const nowMs = this.session.serverMs
    const { archivedMs } = this.#checkpoint
    if (archivedMs !== undefined && nowMs - archivedMs < archiveEveryMs) return
    for (let after: string | undefined, isLast = false; !isLast; ) {
      const page = await this.listPage(after, true)
      if (page.objects.length > 0) yield { records: page.objects.map((each): Change => ({ op: 'delete', key: asText(each['id']) })) }
      after = page.next
      isLast = after === undefined
    }
    yield this.mark({ archivedMs: nowMs })
  }

  private async toChanges(objects: readonly JsonObject[]): Promise<readonly Change[]> {
    if (!this.wantsCompany || objects.length === 0) return objects.flatMap((each) => toChanges(each))
    const tied = await readTies(this.session, { from: this.#type, to: 'companies', ids: objects.map((each) => asText(each['id'])) })
    const companies = toCompanies(tied)
    return objects.flatMap((each) => toChanges(each, companies))
  }

  private isWanted(object: JsonObject): boolean {
    return this.request.since === undefined || asText(object['updatedAt']) >= this.request.since
  }

  // --- ties

  private async *readTied(tied: { readonly from: string; readonly to: string }): AsyncIterable<ReadPart> {
    const { wholeMs, upToMs } = this.#checkpoint
    const nowMs = await this.askTheTime(tied.from)
    if (wholeMs === undefined || nowMs - wholeMs >= tiesEveryMs) yield* this.allTied(tied, nowMs)
    else yield* this.changedTied(tied, (upToMs ?? wholeMs) - this.session.options.overlapMs, nowMs)
  }

  private async askTheTime(type: string): Promise<number> {
    await this.session.get({ area: 'objects', path: `${type}?limit=1` })
    return this.session.serverMs
  }

  private async *allTied({ from, to }: { readonly from: string; readonly to: string }, nowMs: number): AsyncIterable<ReadPart> {
    yield { everything: 'begins' }
    for (let after = ''; ; ) {
      const query = new URLSearchParams({ limit: String(listSize), ...(after === '' ? {} : { after }) })
      const answer = asObject(await this.session.get({ area: 'objects', path: `${from}?${query.toString()}` }))
      const ids = asList(answer['results']).map((each) => asText(each['id']))
      yield { records: (await readTies(this.session, { from, to, ids })).map(toTieChange) }
      after = asText(asObject(asObject(answer['paging'])['next'])['after'])
      if (after === '') break
    }
    yield { everything: 'ends' }
    yield this.mark({ upToMs: nowMs, wholeMs: nowMs })
  }

  /** Ties that are new on objects that changed; those that went are found by the next read of all. */
  private async *changedTied({ from, to }: { readonly from: string; readonly to: string }, fromMs: number, toMs: number): AsyncIterable<ReadPart> {
    for await (const { objects } of search(this.session, { type: from, modified: this.modified, fromMs, toMs, properties: [this.modified] })) {
      yield { records: (await readTies(this.session, { from, to, ids: objects.map((each) => asText(each['id'])) })).map(toTieChange) }
    }
    yield this.mark({ upToMs: toMs })
  }

  private mark(parts: Partial<Checkpoint>): ReadPart {
    this.#checkpoint = { ...this.#checkpoint, ...parts }
    return { checkpoint: { version, ...this.#checkpoint } as unknown as Json }
  }
}

function toTieChange({ fromId, toId, labels, isPrimary }: Tie): Change {
  return { op: 'upsert', record: { id: `${fromId}-${toId}`, fromId, toId, labels, isPrimary } }
}

function readCheckpoint(value: Json | undefined): Checkpoint | undefined {
  const found = asObject(value)
  return found['version'] === version && Array.isArray(found['properties']) ? (found as unknown as Checkpoint) : undefined
}
