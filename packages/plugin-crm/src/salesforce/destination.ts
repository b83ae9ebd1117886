// Memberships as a checkbox, a value of a multi-select field, or a campaign member, on contacts and leads that are there.
// Nobody is created unless the configuration says so, and then by an external id, so that a repeat creates nobody twice.
import { type Audience, type BatchResult, type CheckResult, type ConnectorContext, type DeliveryRequest, type Item, type ItemResult, type Json, type JsonObject, type MatchResult, type MemberRef, type OpenDestination, connectorError, toCheckResult } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import { type RecordWrite, type Written, createAll, deleteAll, isGone, retrieveAll, toItemResult, updateAll, upsertAll } from './collections.js'
import { describeObject } from './describe.js'
import { type Target, externalIdOf, fieldsOf, findByExternalId, targetsOf } from './find-targets.js'
import type { DestinationOptions, Person } from './options.js'
import { Session } from './session.js'
import { idLiteral, toSoql } from './soql.js'

const people = ['Contact', 'Lead'] as const

interface Found {
  readonly item: Item
  readonly targets: readonly Target[]
}

export class SalesforceDestination implements OpenDestination {
  /** Only where it is known whose records ours are: else nobody in an audience could be told from a stranger. */
  readonly members?: (audience: Audience) => AsyncIterable<readonly MemberRef[]>
  readonly #session: Session

  constructor(context: ConnectorContext, private readonly options: DestinationOptions) {
    this.#session = new Session(context, options)
    const { instance } = options
    if (instance !== undefined) this.members = (audience) => this.readMembers(audience, instance)
  }

  check(): Promise<CheckResult> {
    return toCheckResult(() => this.#session.get({ path: '/limits' }), { '/loginUrl': this.#session.options.loginUrl })
  }

  async ensureAudience({ list }: Audience): Promise<{ readonly remoteId: string; readonly created: boolean }> {
    if (this.options.as === 'campaign') return this.ensureCampaign(list)
    const field = this.options.as === 'checkbox' ? list : this.options.field
    for (const object of people) await this.assertField(object, field)
    return { remoteId: list, created: false }
  }

  async upsert({ audience, items }: DeliveryRequest): Promise<BatchResult> {
    const { found, missing, created } = await this.find(items)
    return { items: [...missing, ...created, ...(await this.write(found, audience, true))] }
  }

  async remove({ audience, items }: DeliveryRequest): Promise<BatchResult> {
    const found = await this.findThere(items)
    // Who is not in Salesforce is in none of its audiences.
    const nobody = found.filter((each) => each.targets.length === 0).map(({ item }): ItemResult => ({ key: item.key, status: 'noop' }))
    return { items: [...nobody, ...(await this.write(found.filter((each) => each.targets.length > 0), audience, false))] }
  }

  private async *readMembers({ list, remoteId }: Audience, instance: string): AsyncIterable<readonly MemberRef[]> {
    const { as, field } = this.options
    const refs = (soql: string, idOf: (row: JsonObject) => string): AsyncIterable<readonly MemberRef[]> => this.refs(soql, instance, idOf)
    if (as === 'campaign') {
      yield* refs(toSoql({ object: 'CampaignMember', fields: ['ContactId', 'LeadId'], where: `CampaignId = ${idLiteral(remoteId ?? '')}` }), (row) => asText(row['ContactId']) || asText(row['LeadId']))
      return
    }
    for (const object of people) {
      const column = as === 'checkbox' ? list : field
      if (as === 'checkbox') yield* refs(toSoql({ object, fields: ['Id', 'Email'], where: `${column} = true` }), (row) => asText(row['Id']))
      else yield* refs(toSoql({ object, fields: ['Id', 'Email', column], where: `${column} != null` }), (row) => (valuesOf(row[column]).includes(list) ? asText(row['Id']) : ''))
    }
  }

  async match(items: readonly Item[]): Promise<readonly MatchResult[]> {
    const found = await this.findThere(items)
    const there = new Map<string, JsonObject>()
    for (const object of people) {
      const ids = found.flatMap(({ targets }) => targets.filter((each) => each.object === object).map((each) => each.id))
      for (const [id, record] of await retrieveAll(this.#session, object, { ids, fields: ['Id'] })) there.set(id, record)
    }
    return found.map(({ item, targets }) => {
      const count = targets.filter((each) => there.has(each.id)).length
      return { key: item.key, match: count === 0 ? 'none' : count === 1 ? 'one' : 'several' }
    })
  }

  // --- who

  /** Whom the external id finds is only asked for where the profile has no record of Salesforce. */
  private async findThere(items: readonly Item[]): Promise<readonly Found[]> {
    const { externalId } = this.options
    const known = items.map((item): Found => ({ item, targets: targetsOf(item, this.options) }))
    if (!externalId) return known
    const wanted = known.filter((each) => each.targets.length === 0).map(({ item }) => externalIdOf(item, externalId.field)).filter((each) => each !== '')
    const byId = await findByExternalId(this.#session, externalId, wanted)
    return known.map((each) => {
      const target = each.targets.length > 0 ? undefined : byId.get(externalIdOf(each.item, externalId.field).toLowerCase())
      return target ? { item: each.item, targets: [target] } : each
    })
  }

  private async find(items: readonly Item[]): Promise<{ readonly found: readonly Found[]; readonly missing: readonly ItemResult[]; readonly created: readonly ItemResult[] }> {
    const all = await this.findThere(items)
    const found = all.filter((each) => each.targets.length > 0)
    const unknown = all.filter((each) => each.targets.length === 0).map((each) => each.item)
    const { create, externalId } = this.options
    const creatable = create && externalId ? unknown.filter((each) => externalIdOf(each, externalId.field) !== '') : []
    const missing = unknown.filter((each) => !creatable.includes(each)).map((each): ItemResult => ({ key: each.key, status: 'unmatched', code: 'salesforce/not-found', message: 'no contact or lead of Salesforce is known for this person, and none is created' }))
    if (!externalId || creatable.length === 0) return { found, missing, created: [] }
    const written = await upsertAll(this.#session, externalId, creatable.map((each) => ({ attributes: { type: externalId.object }, ...fieldsOf(each.payload) })))
    const failed: ItemResult[] = []
    const made: Found[] = []
    for (const [index, item] of creatable.entries()) {
      const result = written[index]
      if (result?.ok === true) made.push({ item, targets: [{ object: externalId.object, id: result.id }] })
      else failed.push(toItemResult(item.key, result ? [result] : []))
    }
    return { found: [...found, ...made], missing, created: failed }
  }

  // --- what

  private write(found: readonly Found[], audience: Audience, isIn: boolean): Promise<readonly ItemResult[]> {
    switch (this.options.as) {
      case 'checkbox':
        return this.setFields(found, isIn, () => ({ [audience.list]: isIn }))
      case 'picklist':
        return this.setValues(found, audience.list, isIn)
      case 'campaign':
        return isIn ? this.addMembers(found, audience) : this.removeMembers(found, audience)
    }
  }

  private async setFields(found: readonly Found[], isIn: boolean, values: (target: Target) => JsonObject | undefined): Promise<readonly ItemResult[]> {
    const writes = found.flatMap(({ item, targets }) => targets.flatMap((target) => {
      const own = values(target)
      return own ? [{ item, record: { attributes: { type: target.object }, Id: target.id, ...(isIn ? fieldsOf(item.payload) : {}), ...own } }] : []
    }))
    // Records of one type together: Salesforce takes few changes of type in a call.
    writes.sort((a, b) => (a.record.attributes.type < b.record.attributes.type ? -1 : Number(a.record.attributes.type > b.record.attributes.type)))
    const written = await updateAll(this.#session, writes.map((each) => each.record))
    return this.toResults(found, writes.map((each, index) => ({ key: each.item.key, written: written[index] })), isIn)
  }

  /** The other values of the field stay; what is so already is not written. */
  private async setValues(found: readonly Found[], value: string, isIn: boolean): Promise<readonly ItemResult[]> {
    const { field } = this.options
    const now = new Map<string, readonly string[]>()
    for (const object of people) {
      const ids = found.flatMap(({ targets }) => targets.filter((each) => each.object === object).map((each) => each.id))
      for (const [id, record] of await retrieveAll(this.#session, object, { ids, fields: ['Id', field] })) now.set(id, valuesOf(record[field]))
    }
    return this.setFields(found, isIn, ({ id }) => {
      const values = now.get(id) ?? []
      if (now.has(id) && values.includes(value) === isIn) return undefined
      return { [field]: (isIn ? [...values, value] : values.filter((each) => each !== value)).join(';') }
    })
  }

  private async addMembers(found: readonly Found[], { remoteId = '' }: Audience): Promise<readonly ItemResult[]> {
    const { memberStatus } = this.options
    const records = found.map(({ item, targets }): RecordWrite => ({ attributes: { type: 'CampaignMember' }, CampaignId: remoteId, ...memberOf(targets[0]), ...(memberStatus === undefined ? {} : { Status: memberStatus }), ...fieldsOf(item.payload) }))
    const written = await createAll(this.#session, records)
    const isMember = (each: Written | undefined): boolean => each?.ok === false && each.code === 'DUPLICATE_VALUE'
    // Those who left with a status are there still, and come back by another status.
    const back = this.options.exitStatus === undefined ? [] : found.filter((_, index) => isMember(written[index]))
    const returned = new Map((back.length === 0 ? [] : await this.setStatus(back, remoteId, memberStatus ?? 'Sent')).map((each) => [each.key, each]))
    return found.map(({ item }, index): ItemResult => returned.get(item.key) ?? (isMember(written[index]) ? { key: item.key, status: 'noop' } : toItemResult(item.key, onlyDefined(written[index]))))
  }

  private async removeMembers(found: readonly Found[], { remoteId = '' }: Audience): Promise<readonly ItemResult[]> {
    const { exitStatus } = this.options
    if (exitStatus !== undefined) return this.setStatus(found, remoteId, exitStatus)
    const members = await this.findMembers(found, remoteId)
    const leaving = found.flatMap(({ item, targets }) => { const id = members.get(targets[0]?.id ?? ''); return id === undefined ? [] : [{ key: item.key, id }] })
    const written = await deleteAll(this.#session, leaving.map((each) => each.id))
    return this.toResults(found, leaving.map((each, index) => ({ key: each.key, written: written[index] })), false)
  }

  private async setStatus(found: readonly Found[], campaign: string, status: string): Promise<readonly ItemResult[]> {
    const members = await this.findMembers(found, campaign)
    const writes = found.flatMap(({ item, targets }) => { const id = members.get(targets[0]?.id ?? ''); return id === undefined ? [] : [{ key: item.key, id }] })
    const written = await updateAll(this.#session, writes.map(({ id }) => ({ attributes: { type: 'CampaignMember' }, Id: id, Status: status })))
    return this.toResults(found, writes.map((each, index) => ({ key: each.key, written: written[index] })), false)
  }

  /** Ids of campaign members by the contact or lead that they are. */
  private async findMembers(found: readonly Found[], campaign: string): Promise<ReadonlyMap<string, string>> {
    const members = new Map<string, string>()
    for (const [object, field] of [['Contact', 'ContactId'], ['Lead', 'LeadId']] as const) {
      const ids = found.flatMap(({ targets }) => (targets[0]?.object === object ? [idLiteral(targets[0].id)] : []))
      if (ids.length === 0) continue
      const soql = toSoql({ object: 'CampaignMember', fields: ['Id', field], where: `CampaignId = ${idLiteral(campaign)} AND ${field} IN (${ids.join(', ')})` })
      const { value } = await this.#session.get({ path: `/query?q=${encodeURIComponent(soql)}` })
      for (const row of asList(asObject(value)['records'])) members.set(asText(row[field]), asText(row['Id']))
    }
    return members
  }

  /** One result per item; an item of which nothing had to be written is as it should be. */
  private toResults(found: readonly Found[], writes: readonly { readonly key: string; readonly written: Written | undefined }[], isIn: boolean): readonly ItemResult[] {
    return found.map(({ item: { key } }): ItemResult => {
      const own = writes.filter((each) => each.key === key).flatMap((each) => onlyDefined(each.written))
      if (own.length === 0) return { key, status: 'noop' }
      // Who is gone needs not be taken out.
      const left = isIn ? own : own.filter((each) => each.ok || !isGone(each))
      return left.length === 0 ? { key, status: 'noop' } : toItemResult(key, left)
    })
  }

  // --- audiences

  private async ensureCampaign(list: string): Promise<{ readonly remoteId: string; readonly created: boolean }> {
    if (/^701[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/.test(list)) return { remoteId: list, created: false }
    // Names are compared here: no text of a project becomes part of a statement.
    for await (const row of this.rows(toSoql({ object: 'Campaign', fields: ['Id', 'Name'] }))) if (asText(row['Name']) === list) return { remoteId: asText(row['Id']), created: false }
    const [written] = await createAll(this.#session, [{ attributes: { type: 'Campaign' }, Name: list, IsActive: true }])
    if (written?.ok === true) return { remoteId: written.id, created: true }
    throw connectorError('config', { reason: `campaign "${list}" is not there and cannot be created (${written?.code ?? ''}: ${written?.message ?? ''})`, hint: 'Create it in Salesforce, or let the integration user be a marketing user.' })
  }

  private async assertField(object: Person, field: string): Promise<void> {
    const { fields } = await describeObject(this.#session, object)
    const found = fields.get(field)
    const wanted = this.options.as === 'checkbox' ? 'boolean' : 'multipicklist'
    if (found?.type === wanted) return
    throw connectorError('config', {
      reason: found ? `${object}.${field} is no ${wanted === 'boolean' ? 'checkbox' : 'multi-select picklist'} but ${found.type}` : `${object} has no field ${field} that the integration user may see`,
      hint: wanted === 'boolean' ? "The activation's list is the API name of a checkbox field of contacts and leads; create it there, or write list: to name another one." : 'Create the multi-select field on contacts and leads, or correct field in the config.',
    })
  }

  private async *refs(soql: string, instance: string, idOf: (row: JsonObject) => string): AsyncIterable<readonly MemberRef[]> {
    for await (const row of this.rows(soql)) {
      const id = idOf(row)
      const email = asText(row['Email']).toLowerCase()
      if (id !== '') yield [{ identities: email === '' ? {} : { email }, sourceKey: `${id}@${instance}.Salesforce` }]
    }
  }

  private async *rows(soql: string): AsyncIterable<JsonObject> {
    for (let path: Json | undefined = `/query?q=${encodeURIComponent(soql)}`; typeof path === 'string'; ) {
      const body = asObject((await this.#session.get({ path })).value)
      yield* asList(body['records'])
      path = body['nextRecordsUrl']
    }
  }
}

function memberOf(target: Target | undefined): JsonObject {
  if (!target) return {}
  return target.object === 'Contact' ? { ContactId: target.id } : { LeadId: target.id }
}

function valuesOf(value: Json | undefined): readonly string[] {
  return asText(value).split(';').filter((each) => each !== '')
}

function onlyDefined(written: Written | undefined): readonly Written[] {
  return written ? [written] : []
}
