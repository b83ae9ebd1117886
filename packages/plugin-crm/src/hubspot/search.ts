// Objects that were modified in a window of time, oldest first. A search gives no more than 10,000 results, so it starts again
// from the last time seen; and where that many have one time, it goes on by their ids.
import type { Json, JsonObject } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import type { Session } from './session.js'

export interface SearchWindow {
  readonly type: string
  /** The property that moves with each change. */
  readonly modified: string
  readonly fromMs: number
  readonly toMs: number
  readonly properties: readonly string[]
}

const pageSize = 200
const mostResults = 10_000

type Filter = { readonly propertyName: string; readonly operator: string; readonly value: string }

/** Gives pages with the time up to which everything has come. */
export async function* search(session: Session, window: SearchWindow): AsyncIterable<{ readonly objects: readonly JsonObject[]; readonly upToMs: number }> {
  const { modified, toMs } = window
  for (let fromMs = window.fromMs; ; ) {
    const filters = [{ propertyName: modified, operator: 'GTE', value: String(fromMs) }, { propertyName: modified, operator: 'LTE', value: String(toMs) }]
    let upToMs = fromMs
    let isCut = false
    for await (const page of pages(session, window, { filters, sort: modified })) {
      upToMs = Math.max(upToMs, timeOf(page.objects.at(-1), modified))
      isCut = page.isCut
      // The last time may have more than what came.
      yield { objects: page.objects, upToMs: upToMs - 1 }
    }
    if (!isCut) return
    if (upToMs > fromMs) fromMs = upToMs
    else {
      yield* sameTime(session, window, fromMs)
      fromMs++
    }
  }
}

async function* sameTime(session: Session, window: SearchWindow, atMs: number): AsyncIterable<{ readonly objects: readonly JsonObject[]; readonly upToMs: number }> {
  for (let lastId = '0'; ; ) {
    const filters = [{ propertyName: window.modified, operator: 'EQ', value: String(atMs) }, { propertyName: 'hs_object_id', operator: 'GT', value: lastId }]
    let isCut = false
    for await (const page of pages(session, window, { filters, sort: 'hs_object_id' })) {
      lastId = asText(page.objects.at(-1)?.['id']) || lastId
      isCut = page.isCut
      yield { objects: page.objects, upToMs: atMs - 1 }
    }
    if (!isCut) return
  }
}

async function* pages(session: Session, { type, properties }: SearchWindow, { filters, sort }: { readonly filters: readonly Filter[]; readonly sort: string }): AsyncIterable<{ readonly objects: readonly JsonObject[]; readonly isCut: boolean }> {
  for (let after = ''; ; ) {
    const body: Json = { filterGroups: [{ filters }], sorts: [{ propertyName: sort, direction: 'ASCENDING' }], properties, limit: pageSize, ...(after === '' ? {} : { after }) }
    const answer = asObject(await session.get({ method: 'POST', area: 'objects', path: `${type}/search`, body }))
    const objects = asList(answer['results'])
    after = asText(asObject(asObject(answer['paging'])['next'])['after'])
    const isCut = after !== '' && Number(after) + pageSize > mostResults
    if (objects.length > 0) yield { objects, isCut }
    if (after === '' || isCut) return
  }
}

function timeOf(object: JsonObject | undefined, modified: string): number {
  const text = asText(asObject(object?.['properties'])[modified])
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text)
}
