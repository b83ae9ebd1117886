// Static lists: found by id or name, made where there is none, filled and emptied 300 people at a time, and read back.
import { type JsonObject, connectorError } from '@cdpkit/core/sdk'
import { type Answer, type MarketoClient, objectsOf, toError } from '../client/client.js'
import { positionPages } from '../client/pages.js'
import { asId, asList, asObject, asText, chunksOf } from '../client/wire.js'
import { maxBatch } from '../limits.js'

/** What became of one person: Marketo's word, and its code when it skipped them. */
export interface Outcome {
  readonly status: string
  readonly code?: string
  readonly message?: string
}

export interface FoundList {
  readonly remoteId: string
  readonly name: string
}

/** The folder that Marketo itself puts lists in. */
const usualFolder = 'Group Lists'
const nameTaken = '709'

export class StaticLists {
  constructor(private readonly client: MarketoClient, private readonly folder: string | undefined) {}

  /** By its id (`1001`, or `ST1001A1` as the address of the page has it), else by its name. */
  find(list: string): Promise<FoundList | undefined> {
    const id = idIn(list)
    return id === undefined ? this.findByName(list) : this.findById(id)
  }

  async ensure(list: string): Promise<{ readonly remoteId: string; readonly created: boolean }> {
    const known = await this.find(list)
    if (known) return { remoteId: known.remoteId, created: false }
    const id = idIn(list)
    if (id !== undefined) throw connectorError('config', { reason: `Marketo has no static list ${id}`, hint: 'Correct the list of the activation: an id of a static list, or the name that a list should have.' })
    return this.make(list)
  }

  /** The outcome for each person, by id. */
  change(listId: string, operation: 'add' | 'remove', ids: readonly number[]): Promise<ReadonlyMap<number, Outcome>> {
    return this.inChunks([...new Set(ids)], (chunk) => this.client.ask({ method: operation === 'add' ? 'POST' : 'DELETE', path: `/rest/v1/lists/${listId}/leads.json`, json: { input: chunk.map((id) => ({ id })) } }))
  }

  async *members(listId: string): AsyncIterable<readonly JsonObject[]> {
    yield* positionPages(this.client, { path: `/rest/v1/lists/${listId}/leads.json`, query: { fields: 'id,email', batchSize: String(maxBatch) } })
  }

  private async findById(id: string): Promise<FoundList | undefined> {
    const answer = await this.client.ask({ path: `/rest/v1/lists/${id}.json` })
    if (!answer.ok && answer.code !== '1013') throw toError(answer)
    return answer.ok && answer.result.length > 0 ? { remoteId: id, name: asText(asObject(answer.result[0])['name']) } : undefined
  }

  private async findByName(name: string): Promise<FoundList | undefined> {
    for await (const page of positionPages(this.client, { path: '/rest/v1/lists.json', query: { name, batchSize: String(maxBatch) } })) {
      const found = page.find((each) => each['name'] === name)
      if (found) return { remoteId: asText(found['id']), name }
    }
    return undefined
  }

  private async make(name: string): Promise<{ readonly remoteId: string; readonly created: boolean }> {
    const folder = JSON.stringify({ id: await this.folderId(), type: 'Folder' })
    const answer = await this.client.ask({ method: 'POST', path: '/rest/asset/v1/staticLists.json', form: { name, folder } })
    if (answer.ok) return { remoteId: asText(asObject(answer.result[0])['id']), created: true }
    // Somebody was faster, or a time-out hid that we were.
    const known = answer.code === nameTaken ? await this.findByName(name) : undefined
    if (known === undefined) throw toError(answer)
    return { remoteId: known.remoteId, created: false }
  }

  private async folderId(): Promise<number> {
    const name = this.folder ?? usualFolder
    const { result } = await this.client.get({ path: '/rest/asset/v1/folder/byName.json', query: { name } })
    const id = asId(asObject(result[0])['id'])
    if (id === undefined) throw connectorError('config', { reason: `Marketo has no folder ${name} to make a static list in`, hint: 'Set folder in the config of the destination to a folder of lists.' })
    return id
  }

  // What Marketo cannot do in one piece it may do in halves.
  private async inChunks(ids: readonly number[], send: (chunk: readonly number[]) => Promise<Answer>): Promise<ReadonlyMap<number, Outcome>> {
    const outcomes = new Map<number, Outcome>()
    for (const chunk of chunksOf(ids, maxBatch)) for (const [id, outcome] of await this.sendOrSplit(chunk, send)) outcomes.set(id, outcome)
    return outcomes
  }

  private async sendOrSplit(ids: readonly number[], send: (chunk: readonly number[]) => Promise<Answer>): Promise<readonly (readonly [number, Outcome])[]> {
    const answer = await send(ids)
    if (answer.ok) return objectsOf(answer.result).map((each, index) => [asId(each['id']) ?? ids[index] ?? 0, toOutcome(each)])
    if (!['413', '604', '611'].includes(answer.code) || ids.length === 1) throw toError(answer)
    const middle = Math.ceil(ids.length / 2)
    return [...(await this.sendOrSplit(ids.slice(0, middle), send)), ...(await this.sendOrSplit(ids.slice(middle), send))]
  }
}

function idIn(list: string): string | undefined {
  return /^(?:ST)?(\d+)(?:A\d+)?$/.exec(list.trim())?.[1]
}

function toOutcome(record: JsonObject): Outcome {
  const reason = asObject(asList(record['reasons'])[0])
  const code = asText(reason['code'])
  return { status: asText(record['status']), ...(code === '' ? {} : { code, message: asText(reason['message']) }) }
}
