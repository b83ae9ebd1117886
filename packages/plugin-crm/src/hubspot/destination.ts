// Memberships as static lists of contacts that are there: those that the profile was read from, else the one with its e-mail.
import { type Audience, type BatchResult, type CheckResult, type ConnectorContext, type DeliveryRequest, type Item, type ItemResult, type Json, type MatchResult, type MemberRef, type OpenDestination, toCheckResult } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import type { DestinationOptions } from './options.js'
import { Session } from './session.js'

interface Found {
  readonly item: Item
  readonly ids: readonly string[]
}

const idsAtOnce = 100
const membersOfPage = 250

export class HubspotDestination implements OpenDestination {
  /** Only where it is known whose records ours are: else a contact without an e-mail could not be told from a stranger. */
  readonly members?: (audience: Audience) => AsyncIterable<readonly MemberRef[]>
  readonly #session: Session

  constructor(context: ConnectorContext, private readonly options: DestinationOptions) {
    this.#session = new Session(context, options)
    const { instance } = options
    if (instance !== undefined) this.members = (audience) => this.readMembers(audience, instance)
  }

  check(): Promise<CheckResult> {
    return toCheckResult(() => this.#session.get({ method: 'POST', area: 'lists', path: 'search', body: { query: '', count: 1 } }), { '/url': this.options.url })
  }

  async ensureAudience({ list }: Audience): Promise<{ readonly remoteId: string; readonly created: boolean }> {
    const found = asList(asObject(await this.#session.get({ method: 'POST', area: 'lists', path: 'search', body: { query: list, processingTypes: ['MANUAL'], count: 500 } }))['lists'])
    const known = found.find((each) => asText(each['name']) === list)
    if (known) return { remoteId: asText(known['listId']), created: false }
    const made = asObject(await this.#session.get({ method: 'POST', area: 'lists', path: '', body: { name: list, objectTypeId: '0-1', processingType: 'MANUAL' } }))
    return { remoteId: asText(asObject(made['list'])['listId']), created: true }
  }

  async upsert({ audience, items }: DeliveryRequest): Promise<BatchResult> {
    const found = await this.find(items)
    const answer = asObject(await this.change(audience, 'add', found))
    const listed = answer['recordIdsMissing']
    const missing = new Set(Array.isArray(listed) ? (listed as readonly Json[]).map((each) => asText(each)) : [])
    return {
      items: found.map(({ item, ids }): ItemResult => {
        if (ids.some((each) => !missing.has(each))) return { key: item.key, status: 'ok' }
        return { key: item.key, status: 'unmatched', code: 'hubspot/not-found', message: 'HubSpot has no contact for this person, and none is created' }
      }),
    }
  }

  async remove({ audience, items }: DeliveryRequest): Promise<BatchResult> {
    const found = await this.find(items)
    await this.change(audience, 'remove', found)
    return { items: found.map(({ item, ids }): ItemResult => ({ key: item.key, status: ids.length === 0 ? 'noop' : 'ok' })) }
  }

  private async *readMembers({ remoteId = '' }: Audience, instance: string): AsyncIterable<readonly MemberRef[]> {
    for (let after = ''; ; ) {
      const query = new URLSearchParams({ limit: String(membersOfPage), ...(after === '' ? {} : { after }) })
      const answer = asObject(await this.#session.get({ area: 'lists', path: `${remoteId}/memberships?${query.toString()}` }))
      const ids = asList(answer['results']).map((each) => asText(each['recordId']))
      const emails = await this.readContacts(ids)
      yield ids.map((id): MemberRef => ({ identities: emails.get(id) === undefined ? {} : { email: emails.get(id) ?? '' }, sourceKey: `${id}@${instance}.HubSpot` }))
      after = asText(asObject(asObject(answer['paging'])['next'])['after'])
      if (after === '') return
    }
  }

  async match(items: readonly Item[]): Promise<readonly MatchResult[]> {
    const found = await this.find(items)
    const there = await this.readContacts(found.flatMap((each) => each.ids))
    return found.map(({ item, ids }) => {
      const count = ids.filter((each) => there.has(each)).length
      return { key: item.key, match: count === 0 ? 'none' : count === 1 ? 'one' : 'several' }
    })
  }

  private async change({ remoteId = '' }: Audience, action: 'add' | 'remove', found: readonly Found[]): Promise<Json> {
    const ids = [...new Set(found.flatMap((each) => each.ids))]
    return ids.length === 0 ? {} : this.#session.get({ method: 'PUT', area: 'lists', path: `${remoteId}/memberships/${action}`, body: ids })
  }

  private async find(items: readonly Item[]): Promise<readonly Found[]> {
    const known = items.map((item): Found => ({ item, ids: this.idsOf(item) }))
    const emails = [...new Set(known.filter((each) => each.ids.length === 0).map(({ item }) => item.identities['email'] ?? '').filter((each) => each !== ''))]
    const byEmail = await this.findByEmail(emails)
    return known.map((each) => {
      const id = each.ids.length > 0 ? undefined : byEmail.get(each.item.identities['email'] ?? '')
      return id === undefined ? each : { item: each.item, ids: [id] }
    })
  }

  private idsOf({ sourceKeys }: Item): readonly string[] {
    return sourceKeys.flatMap((each) => {
      const [, id, of] = /^(\d+)@(.+)\.HubSpot$/.exec(each) ?? []
      return id === undefined || (this.options.instance !== undefined && this.options.instance !== of) ? [] : [id]
    })
  }

  private async findByEmail(emails: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    for await (const each of this.batches(emails, 'email')) for (const contact of each) found.set(asText(asObject(contact['properties'])['email']).toLowerCase(), asText(contact['id']))
    return found
  }

  /** E-mails of contacts that are there. */
  private async readContacts(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    for await (const each of this.batches(ids)) for (const contact of each) found.set(asText(contact['id']), asText(asObject(contact['properties'])['email']).toLowerCase())
    return found
  }

  private async *batches(ids: readonly string[], idProperty?: string): AsyncIterable<ReturnType<typeof asList>> {
    for (let at = 0; at < ids.length; at += idsAtOnce) {
      const inputs = ids.slice(at, at + idsAtOnce).map((id) => ({ id }))
      yield asList(asObject(await this.#session.get({ method: 'POST', area: 'objects', path: 'contacts/batch/read', body: { properties: ['email'], ...(idProperty === undefined ? {} : { idProperty }), inputs } }))['results'])
    }
  }
}
