// What a Marketo instance holds, and how it changes: people, companies, opportunities, programs, lists, and the log of activities
// that every change writes. Times are handed in; nothing here knows HTTP.
import { createHash } from 'node:crypto'

export type Value = string | number | boolean | null
export type Fields = Readonly<Record<string, Value | readonly string[]>>

export interface Lead {
  readonly id: number
  readonly createdMs: number
  updatedMs: number
  fields: Record<string, Value | readonly string[]>
}

export interface Activity {
  readonly id: number
  readonly leadId: number
  readonly typeId: number
  readonly atMs: number
  /** When it can be read; later than it happened. */
  readonly committedMs: number
  readonly primaryId?: number
  readonly primary?: string
  readonly campaignId?: number
  readonly attributes: Readonly<Record<string, Value>>
  /** Only of data value changes and new leads. */
  readonly changes?: readonly { readonly name: string; readonly newValue: string; readonly oldValue: string }[]
}

export interface StaticList {
  readonly id: number
  name: string
  readonly createdMs: number
  readonly folder: string
  readonly members: Map<number, number>
}

export interface Program {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly channel: string
  readonly updatedMs: number
  readonly fields: Fields
  readonly members: Map<number, { status: string; reachedSuccess: boolean; readonly sinceMs: number; updatedMs: number }>
}

export interface Keyed {
  readonly guid: string
  readonly createdMs: number
  updatedMs: number
  fields: Record<string, Value | readonly string[]>
}

/** What happened before the test began; both ends of a time belong to it. */
export interface History {
  leads(fromMs: number, toMs: number): Iterable<Lead>
  activities(fromMs: number, toMs: number): Iterable<Activity>
}

export interface FieldSpec {
  readonly name: string
  readonly dataType: string
  /** Of the company that a person belongs to. */
  readonly ofCompany?: boolean
}

const text = (...names: readonly string[]): readonly FieldSpec[] => names.map((name) => ({ name, dataType: 'string' }))

export const standardFields: readonly FieldSpec[] = [
  { name: 'id', dataType: 'integer' }, { name: 'email', dataType: 'email' },
  ...text('firstName', 'lastName', 'title', 'department', 'phone', 'mobilePhone', 'address', 'city', 'state', 'country', 'postalCode', 'leadSource', 'leadStatus', 'personType', 'unsubscribedReason', 'externalCompanyId', 'sfdcType', 'sfdcContactId', 'sfdcLeadId', 'sfdcAccountId'),
  { name: 'leadScore', dataType: 'score' }, { name: 'leadPartitionId', dataType: 'integer' }, { name: 'contactCompany', dataType: 'reference' },
  { name: 'unsubscribed', dataType: 'boolean' }, { name: 'emailInvalid', dataType: 'boolean' }, { name: 'marketingSuspended', dataType: 'boolean' },
  { name: 'createdAt', dataType: 'datetime' }, { name: 'updatedAt', dataType: 'datetime' }, { name: 'ecids', dataType: 'string' },
  ...[...text('company', 'industry', 'website', 'mainPhone', 'sicCode', 'site', 'billingStreet', 'billingCity', 'billingState', 'billingCountry', 'billingPostalCode'), { name: 'annualRevenue', dataType: 'currency' }, { name: 'numberOfEmployees', dataType: 'integer' }].map((each) => ({ ...each, ofCompany: true })),
]

export class MarketoInstance {
  readonly leads = new Map<number, Lead>()
  readonly byEmail = new Map<string, Set<number>>()
  readonly companies = new Map<number, Keyed & { readonly id: number }>()
  readonly opportunities = new Map<string, Keyed>()
  readonly roles = new Map<string, Keyed>()
  readonly namedAccounts = new Map<string, Keyed>()
  readonly programs = new Map<number, Program>()
  readonly lists = new Map<number, StaticList>()
  readonly folders = new Map<string, number>([['Group Lists', 1001], ['CDP', 1002]])
  readonly fields: FieldSpec[] = [...standardFields]
  readonly customActivities: { readonly id: number; readonly name: string; readonly apiName: string; readonly primary: string; readonly attributes: readonly string[] }[] = []
  /** In the order of their times. */
  readonly activities: Activity[] = []
  /** People and activities that are only in bulk extracts. */
  history: History = { leads: () => [], activities: () => [] }
  /** How much later than it happens an activity can be read. */
  commitLagMs = 0
  /** Leads that were made by requests of a client. */
  leadsCreatedByClients = 0
  #lastLead = 1000
  #lastThing = 100
  #lastActivity = 0

  constructor(readonly munchkinId: string, private readonly now: () => number) {}

  addLead(fields: Fields, { atMs = this.now() }: { readonly atMs?: number } = {}): number {
    const id = ++this.#lastLead
    this.leads.set(id, { id, createdMs: atMs, updatedMs: atMs, fields: { ...fields } })
    this.index(id, fields['email'])
    this.log({ leadId: id, typeId: 12, atMs, attributes: { 'Source Type': 'Web form fillout' }, changes: [] })
    return id
  }

  updateLead(id: number, fields: Fields, { atMs = this.now() }: { readonly atMs?: number } = {}): void {
    const lead = this.leads.get(id)
    if (!lead) throw new Error(`no lead ${String(id)}`)
    for (const [name, value] of Object.entries(fields)) {
      const old = lead.fields[name] ?? null
      if (old === value) continue
      const changes = [{ name, newValue: String(value ?? ''), oldValue: String(old ?? '') }]
      this.log({ leadId: id, typeId: 13, atMs, primary: name, attributes: { 'New Value': String(value ?? ''), 'Old Value': String(old ?? ''), Source: 'Web service API' }, changes })
    }
    if ('email' in fields) { this.unindex(id, lead.fields['email']); this.index(id, fields['email']) }
    lead.fields = { ...lead.fields, ...fields }
    lead.updatedMs = atMs
  }

  deleteLead(id: number, { atMs = this.now() }: { readonly atMs?: number } = {}): void {
    this.drop(id)
    this.log({ leadId: id, typeId: 37, atMs, primary: String(id), attributes: { 'Remove from CRM': false } })
  }

  /** `alsoAsDeleted`: the losers are told as deleted leads, too. */
  mergeLeads(winner: number, losers: readonly number[], { atMs = this.now(), alsoAsDeleted = false } = {}): void {
    this.log({ leadId: winner, typeId: 32, atMs, primary: String(winner), attributes: { 'Merge IDs': losers.join(','), 'Master Updated': true, 'Merged in Sales': false, 'Merge Source': 'Web service API' } })
    for (const loser of losers) {
      this.drop(loser)
      for (const { members } of this.lists.values()) if (members.delete(loser)) members.set(winner, atMs)
      if (alsoAsDeleted) this.log({ leadId: loser, typeId: 37, atMs, primary: String(loser), attributes: {} })
    }
    for (const [index, each] of this.activities.entries()) if (losers.includes(each.leadId) && each.typeId !== 37) this.activities[index] = { ...each, leadId: winner }
    const lead = this.leads.get(winner)
    if (lead) lead.updatedMs = atMs
  }

  addCompany(fields: Fields): number {
    const id = ++this.#lastThing
    this.companies.set(id, { id, guid: guid('company', id), createdMs: this.now(), updatedMs: this.now(), fields: { ...fields } })
    return id
  }

  addOpportunity(fields: Fields): string {
    const key = guid('opportunity', ++this.#lastThing)
    this.opportunities.set(key, { guid: key, createdMs: this.now(), updatedMs: this.now(), fields: { ...fields } })
    return key
  }

  addRole(externalOpportunityId: string, leadId: number, fields: Fields): string {
    const key = guid('role', ++this.#lastThing)
    this.roles.set(key, { guid: key, createdMs: this.now(), updatedMs: this.now(), fields: { externalOpportunityId, leadId, ...fields } })
    this.log({ leadId, typeId: 34, atMs: this.now(), primary: externalOpportunityId, attributes: { 'External Opportunity Id': externalOpportunityId, Role: String(fields['role'] ?? '') } })
    return key
  }

  updateOpportunity(key: string, fields: Fields): void {
    const opportunity = this.opportunities.get(key)
    if (!opportunity) throw new Error(`no opportunity ${key}`)
    opportunity.fields = { ...opportunity.fields, ...fields }
    opportunity.updatedMs = this.now()
    const external = opportunity.fields['externalOpportunityId']
    for (const role of this.roles.values()) if (role.fields['externalOpportunityId'] === external) this.log({ leadId: Number(role.fields['leadId']), typeId: 36, atMs: this.now(), primary: String(external), attributes: { 'External Opportunity Id': String(external) } })
  }

  addNamedAccount(name: string, fields: Fields = {}): string {
    const key = guid('namedAccount', ++this.#lastThing)
    this.namedAccounts.set(key, { guid: key, createdMs: this.now(), updatedMs: this.now(), fields: { name, ...fields } })
    return key
  }

  addProgram(name: string, { type = 'Default', channel = 'Content', fields = {} }: { readonly type?: string; readonly channel?: string; readonly fields?: Fields } = {}): number {
    const id = ++this.#lastThing
    this.programs.set(id, { id, name, type, channel, updatedMs: this.now(), fields, members: new Map() })
    return id
  }

  setProgramStatus(programId: number, leadId: number, status: string, reachedSuccess = false): void {
    const members = this.programs.get(programId)?.members
    const sinceMs = members?.get(leadId)?.sinceMs ?? this.now()
    members?.set(leadId, { status, reachedSuccess, sinceMs, updatedMs: this.now() })
    this.log({ leadId, typeId: 104, atMs: this.now(), primaryId: programId, primary: this.programs.get(programId)?.name ?? '', attributes: { 'New Status': status, 'Old Status': '', Success: reachedSuccess, 'Program Member ID': leadId } })
  }

  addList(name: string, folder = 'Group Lists'): number {
    const id = ++this.#lastThing
    this.lists.set(id, { id, name, folder, createdMs: this.now(), members: new Map() })
    return id
  }

  addToList(listId: number, leadId: number): void {
    const list = this.lists.get(listId)
    if (!list || list.members.has(leadId)) return
    list.members.set(leadId, this.now())
    this.log({ leadId, typeId: 24, atMs: this.now(), primaryId: listId, primary: list.name, attributes: { Source: 'Web service API' } })
  }

  removeFromList(listId: number, leadId: number): void {
    const list = this.lists.get(listId)
    if (list?.members.delete(leadId) !== true) return
    this.log({ leadId, typeId: 25, atMs: this.now(), primaryId: listId, primary: list.name, attributes: { Source: 'Web service API' } })
  }

  log(activity: Omit<Activity, 'id' | 'committedMs'> & { readonly committedMs?: number }): void {
    const entry: Activity = { ...activity, id: ++this.#lastActivity, committedMs: activity.committedMs ?? activity.atMs + this.commitLagMs }
    let at = this.activities.length
    while (at > 0 && (this.activities[at - 1]?.atMs ?? 0) > entry.atMs) at--
    if (at === this.activities.length) this.activities.push(entry)
    else this.activities.splice(at, 0, entry)
  }

  /** A person as REST shows it: company fields are those of the company. */
  show(lead: Lead, name: string): Value | readonly string[] {
    switch (name) {
      case 'id': return lead.id
      case 'createdAt': return iso(lead.createdMs)
      case 'updatedAt': return iso(lead.updatedMs)
      default: {
        const company = lead.fields['contactCompany']
        const own = lead.fields[name]
        return own ?? (typeof company === 'number' && this.fields.some((each) => each.name === name && each.ofCompany === true) ? (this.companies.get(company)?.fields[name] ?? null) : null)
      }
    }
  }

  private drop(id: number): void {
    this.unindex(id, this.leads.get(id)?.fields['email'])
    this.leads.delete(id)
  }

  private index(id: number, email: unknown): void {
    if (typeof email !== 'string') return
    const known = this.byEmail.get(email.toLowerCase()) ?? new Set()
    this.byEmail.set(email.toLowerCase(), known.add(id))
  }

  private unindex(id: number, email: unknown): void {
    if (typeof email === 'string') this.byEmail.get(email.toLowerCase())?.delete(id)
  }
}

export function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

export function guid(kind: string, id: number): string {
  return createHash('sha1').update(`${kind} ${String(id)}`).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}
