// The destination of the connector `marketo`: audiences become static lists, of people whom Marketo knows already.
import type { Audience, BatchResult, CheckResult, ConnectorContext, DeliveryRequest, DestinationConnector, Item, ItemResult, MatchResult, MemberRef, OpenDestination } from '@cdpkit/core/sdk'
import { type Created, createPeople } from './audience/create-people.js'
import { type Match, PeopleFinder } from './audience/find-people.js'
import { type FoundList, type Outcome, StaticLists } from './audience/static-list.js'
import { checkAccess } from './check-access.js'
import { MarketoClient } from './client/client.js'
import { asText } from './client/wire.js'
import { accountOf, limits, limitsOf, maxBatch } from './limits.js'
import { type DestinationOptions, destinationSchema, readDestinationOptions } from './options.js'

export const marketoDestination: DestinationConnector = {
  // Nothing of a profile leaves but its e-mail address and ECID, and those only as identities: the payload is empty.
  capabilities: { identities: ['email', 'ecid'], maxBatch, usualBatch: maxBatch, asyncJobs: false, idempotent: true, createsMissing: false, readBack: 'members', limits, defaultPayload: '{}' },
  // Marketo finds people by these; the ECID itself stays here.
  governance: { party: 'third', marketingActions: ['emailTargeting'], identities: ['email', 'ecid'] },
  configSchema: destinationSchema,
  accountOf,
  limitsOf,
  creates: ({ create }) => create === true,
  open: (context) => new MarketoDestination(context, readDestinationOptions(context.config)),
}

const notFound = '1004'
const notInList = '1015'

class MarketoDestination implements OpenDestination {
  readonly #client: MarketoClient
  readonly #people: PeopleFinder
  readonly #lists: StaticLists

  constructor(context: ConnectorContext, private readonly options: DestinationOptions) {
    this.#client = new MarketoClient(context, options)
    this.#people = new PeopleFinder(this.#client, options)
    this.#lists = new StaticLists(this.#client, options.folder)
  }

  check(): Promise<CheckResult> {
    return checkAccess(this.#client)
  }

  ensureAudience({ list }: Audience): Promise<{ readonly remoteId: string; readonly created: boolean }> {
    return this.#lists.ensure(list)
  }

  findAudience(list: string): Promise<FoundList | undefined> {
    return this.#lists.find(list)
  }

  async upsert({ audience, items }: DeliveryRequest): Promise<BatchResult> {
    const listId = await this.listOf(audience)
    const first = await this.add(listId, items)
    // Somebody whom we remembered may be gone, or merged into another: asked for once more.
    const gone = items.filter(({ key }) => first.get(key)?.code === `marketo/${notFound}`)
    this.#people.forget(gone)
    const second = gone.length === 0 ? first : new Map([...first, ...(await this.add(listId, gone))])
    return { items: items.map(({ key }) => second.get(key) ?? { key, status: 'retry', code: 'marketo/no-result' }) }
  }

  async remove({ audience, items }: DeliveryRequest): Promise<BatchResult> {
    const listId = await this.listOf(audience)
    const matches = await this.#people.find(items)
    // All of several people with one identity leave: which of them was put in may have been another one then.
    const idsOf = ({ key }: Item): readonly number[] => { const match = matches.get(key); return match?.is === 'one' ? match.all : match?.is === 'several' ? match.ids : [] }
    const outcomes = await this.#lists.change(listId, 'remove', items.flatMap(idsOf))
    return { items: items.map((item) => toRemoved(item.key, idsOf(item).map((id) => outcomes.get(id)))) }
  }

  async *members(audience: Audience): AsyncIterable<readonly MemberRef[]> {
    for await (const page of this.#lists.members(await this.listOf(audience))) {
      yield page.map((each) => {
        const email = asText(each['email']).trim().toLowerCase()
        return { identities: email === '' ? {} : { email }, sourceKey: `${asText(each['id'])}@${this.options.munchkinId}.Marketo` }
      })
    }
  }

  async match(items: readonly Item[]): Promise<readonly MatchResult[]> {
    const matches = await this.#people.find(items)
    return items.map(({ key }) => ({ key, match: matches.get(key)?.is ?? 'none' }))
  }

  private async add(listId: string, items: readonly Item[]): Promise<ReadonlyMap<string, ItemResult>> {
    const matches = await this.#people.find(items)
    const unknown = items.filter(({ key }) => matches.get(key)?.is === 'none')
    const created: ReadonlyMap<string, Created> = this.options.create && unknown.length > 0 ? await createPeople(this.#client, unknown) : new Map()
    const idOf = (key: string): number | undefined => { const match = matches.get(key); const made = created.get(key); return match?.is === 'one' ? match.id : made && 'id' in made ? made.id : undefined }
    if (created.size > 0) this.#people.forget(unknown)
    const outcomes = await this.#lists.change(listId, 'add', items.flatMap(({ key }) => idOf(key) ?? []))
    return new Map(items.map(({ key }) => {
      const id = idOf(key)
      return [key, id === undefined ? toUnmatched(key, matches.get(key), created.get(key)) : toAdded(key, outcomes.get(id))]
    }))
  }

  private async listOf({ remoteId, list }: Audience): Promise<string> {
    return remoteId ?? (await this.#lists.ensure(list)).remoteId
  }
}

function toUnmatched(key: string, match: Match | undefined, created: Created | undefined): ItemResult {
  if (created && 'exists' in created) return { key, status: 'retry', code: 'marketo/1005', message: 'somebody made this person at the same time' }
  if (created && 'refused' in created) return { key, status: 'rejected', code: created.code, message: created.refused }
  if (match?.is === 'several') return { key, status: 'rejected', code: 'marketo/several', message: `Marketo has several people with this identity: ${match.ids.join(', ')}. Merge them there, or set onDuplicate.` }
  return { key, status: 'unmatched', code: 'marketo/no-match', message: `Not in Marketo: ${match?.is === 'none' ? match.why : 'no answer'}.` }
}

function toAdded(key: string, outcome: Outcome | undefined): ItemResult {
  if (outcome === undefined) return { key, status: 'retry', code: 'marketo/no-result' }
  // Whether somebody who is in already is told as added or as member is not documented: both are done.
  if (outcome.status === 'added') return { key, status: 'ok' }
  if (outcome.status === 'memberof') return { key, status: 'noop' }
  return { key, status: outcome.code === notFound ? 'unmatched' : 'rejected', code: `marketo/${outcome.code ?? 'skipped'}`, message: outcome.message ?? 'Marketo skipped this person' }
}

// Whoever is not in the list, or not in Marketo, is out of the list.
function toRemoved(key: string, outcomes: readonly (Outcome | undefined)[]): ItemResult {
  const failed = outcomes.find((each) => each === undefined || (each.status !== 'removed' && each.code !== notInList && each.code !== notFound))
  if (outcomes.length > 0 && failed !== undefined) return { key, status: 'rejected', code: `marketo/${failed.code ?? 'skipped'}`, message: failed.message ?? 'Marketo skipped this person' }
  if (outcomes.includes(undefined)) return { key, status: 'retry', code: 'marketo/no-result' }
  return { key, status: outcomes.some((each) => each?.status === 'removed') ? 'ok' : 'noop' }
}
