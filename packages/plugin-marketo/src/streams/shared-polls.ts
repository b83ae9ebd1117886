// Polls that several streams live on, asked once for all of them: lead changes, and the activities that tell of merges, opportunities,
// programs and lists. Each stream still has its own checkpoint; what is kept here is only as good as a poll of its own would be.
import type { JsonObject } from '@cdpkit/core/sdk'
import type { MarketoClient } from '../client/client.js'
import { type TokenOf, dateToken, datePages } from '../client/pages.js'
import { asId, asList, asObject, asText, chunksOf } from '../client/wire.js'

/** Activities that streams live on which are not about activities. */
const livesOn: Readonly<Record<string, readonly number[]>> = { people: [32], opportunities: [34, 35, 36], 'opportunity-roles': [34, 35, 36], 'program-members': [104], 'list-members': [24, 25] }
/** A call takes ten types. */
const typesAtOnce = 10
/** Every poll looks back ten minutes: what came since an answer that is two minutes old, the next one has. */
const freshMs = 120_000
/** More than this is not kept: each stream asks for itself then. */
const mostKept = 20_000

export interface PollQuestion {
  readonly stream: string
  /** All streams of the run. */
  readonly streams: readonly string[]
  readonly from: string
}

export interface ChangedFields {
  readonly fields: readonly string[]
  /** What other streams of the run will ask for. */
  readonly others: readonly string[]
  /** All fields of the instance. */
  readonly known: { has(field: string): boolean }
}

interface Kept {
  readonly from: string
  readonly atMs: number
  /** Types or fields that were asked for. */
  readonly of: ReadonlySet<number | string>
  readonly records: readonly JsonObject[]
  /** Streams that have it; one that asks again wants news. */
  readonly given: Set<string>
}

export class SharedPolls {
  #activities: Kept | undefined
  #changes: Kept | undefined
  #token: { readonly from: string; readonly atMs: number; readonly token: Promise<string> } | undefined

  constructor(private readonly client: MarketoClient) {}

  /** Activities of these types since an instant, as REST gives them. */
  async *activities(types: readonly number[], question: PollQuestion): AsyncIterable<readonly JsonObject[]> {
    const together = [...new Set(question.streams.flatMap((each) => livesOn[each] ?? []))].sort((a, b) => a - b)
    const shared = types.filter((each) => together.includes(each))
    if (shared.length > 0) {
      const wanted = (page: readonly JsonObject[]): readonly JsonObject[] => page.filter((each) => shared.includes(Number(each['activityTypeId'])))
      const known = this.take(this.#activities, shared, question)
      if (known) yield wanted(known)
      else {
        const keeping = new Keeping(together, question, this.client.context.clock.nowMs())
        for await (const page of this.pages(together, question.from)) yield wanted(keeping.add(page))
        this.#activities = keeping.kept
      }
    }
    for (const chunk of chunksOf(types.filter((each) => !together.includes(each)), typesAtOnce)) yield* this.pages(chunk, question.from)
  }

  /** Ids of people who are new, or of whom one of these fields has changed. */
  async changedLeads({ fields, others, known }: ChangedFields, question: PollQuestion): Promise<Set<number>> {
    let records = this.take(this.#changes, fields, question)
    if (!records) {
      const all = [...new Set([...fields, ...others])]
      const keeping = new Keeping(all, question, this.client.context.clock.nowMs())
      const found: JsonObject[] = []
      for await (const page of datePages(this.client, { path: '/rest/v1/activities/leadchanges.json', query: { fields: all.join(',') } }, question.from, this.tokenOf)) found.push(...keeping.add(page.map(toChange)))
      this.#changes = keeping.kept
      records = found
    }
    const own = new Set(fields)
    // A name that the instance does not know may be any field's.
    const concerns = (each: JsonObject): boolean => { const names = asList(each['names']).map(asText); return names.length === 0 || names.some((name) => own.has(name) || !known.has(name)) }
    return new Set(records.filter(concerns).flatMap((each) => asId(each['leadId']) ?? []).filter((each) => each !== 0))
  }

  /** Who was deleted, page by page. */
  deleted({ from }: PollQuestion): AsyncIterable<readonly JsonObject[]> {
    return datePages(this.client, { path: '/rest/v1/activities/deletedleads.json' }, from, this.tokenOf)
  }

  private pages(types: readonly number[], from: string): AsyncIterable<readonly JsonObject[]> {
    return datePages(this.client, { path: '/rest/v1/activities.json', query: { activityTypeIds: types.join(',') } }, from, this.tokenOf)
  }

  private take(kept: Kept | undefined, wanted: readonly (number | string)[], { stream, from }: PollQuestion): readonly JsonObject[] | undefined {
    if (!kept || kept.from > from || !this.isFresh(kept.atMs) || kept.given.has(stream) || !wanted.every((each) => kept.of.has(each))) return undefined
    kept.given.add(stream)
    return kept.records
  }

  // A token that was just given for an instant belongs to no parameters yet.
  private readonly tokenOf: TokenOf = (since) => {
    if (this.#token?.from === since && this.isFresh(this.#token.atMs)) return this.#token.token
    const token = dateToken(this.client, since)
    this.#token = { from: since, atMs: this.client.context.clock.nowMs(), token }
    token.catch(() => { this.#token = undefined })
    return token
  }

  private isFresh(atMs: number): boolean {
    return Math.abs(this.client.context.clock.nowMs() - atMs) <= freshMs
  }
}

class Keeping {
  #records: JsonObject[] | undefined = []

  constructor(private readonly of: readonly (number | string)[], private readonly question: PollQuestion, private readonly atMs: number) {}

  add(page: readonly JsonObject[]): readonly JsonObject[] {
    this.#records?.push(...page)
    if (this.#records !== undefined && this.#records.length > mostKept) this.#records = undefined
    return page
  }

  /** Undefined when there is too much to keep. */
  get kept(): Kept | undefined {
    const { from, stream } = this.question
    return this.#records && { from, atMs: this.atMs, of: new Set(this.of), records: this.#records, given: new Set([stream]) }
  }
}

/** New people have no names of fields. */
function toChange(each: JsonObject): JsonObject {
  return { leadId: each['leadId'] ?? null, names: asList(each['fields']).map((field) => asText(asObject(field)['name'])) }
}
