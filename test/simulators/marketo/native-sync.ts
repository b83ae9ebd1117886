// Marketo's native sync with a (simulated) Salesforce, from the CRM's side only: accounts become companies; contacts and leads become
// people with the ids that they have in the CRM; a converted lead stays the same person; who is deleted there is deleted here.
// Source: Marketo's lead fields sfdcType, sfdcContactId, sfdcLeadId, sfdcAccountId (docs of "Get Leads by Filter Type").
import type { Organization, Row } from '../salesforce/organization.js'
import type { Fields, MarketoInstance } from './instance.js'

export class NativeSync {
  readonly #companies = new Map<string, number>()
  readonly #people = new Map<string, number>()

  constructor(private readonly organization: Organization, private readonly instance: MarketoInstance) {}

  /** The person that a contact or lead of the CRM is in Marketo. */
  personOf(crmId: string): number {
    const id = this.#people.get(crmId)
    if (id === undefined) throw new Error(`Marketo has no person for ${crmId}`)
    return id
  }

  /** Brings Marketo to what the CRM has now. `atMs`: since when new people are there. */
  run({ atMs }: { readonly atMs?: number } = {}): void {
    const created = atMs === undefined ? {} : { atMs }
    for (const row of this.organization.rows('Account')) if (row['IsDeleted'] !== true) this.#companies.set(idOf(row), this.#companies.get(idOf(row)) ?? this.instance.addCompany(companyOf(row)))
    for (const row of this.organization.rows('Lead')) {
      const contact = row['ConvertedContactId']
      if (typeof contact === 'string' && !this.#people.has(contact)) this.#people.set(contact, this.personOf(idOf(row)))
      else if (row['IsConverted'] !== true) this.syncPerson(row, { ...personOf(row), sfdcType: 'Lead', sfdcLeadId: idOf(row), leadStatus: row['Status'] ?? null, contactCompany: this.companyNamed(row) }, created)
    }
    for (const row of this.organization.rows('Contact')) {
      const account = row['AccountId']
      this.syncPerson(row, { ...personOf(row), sfdcType: 'Contact', sfdcContactId: idOf(row), sfdcAccountId: account ?? null, contactCompany: typeof account === 'string' ? (this.#companies.get(account) ?? null) : null }, created)
    }
  }

  private syncPerson(row: Row, fields: Fields, created: { readonly atMs?: number }): void {
    const known = this.#people.get(idOf(row))
    if (row['IsDeleted'] === true) {
      if (known !== undefined && this.instance.leads.has(known)) this.instance.deleteLead(known)
    } else if (known === undefined) {
      this.#people.set(idOf(row), this.instance.addLead(fields, created))
    } else if (Object.entries(fields).some(([name, value]) => (this.instance.leads.get(known)?.fields[name] ?? null) !== value)) {
      this.instance.updateLead(known, fields)
    }
  }

  /** A lead has a company by its name only; Marketo makes one for it. */
  private companyNamed(row: Row): number {
    const name = String(row['Company'] ?? '')
    const id = this.#companies.get(name) ?? this.instance.addCompany({ company: name })
    this.#companies.set(name, id)
    return id
  }
}

function idOf(row: Row): string {
  return String(row['Id'])
}

function personOf(row: Row): Fields {
  return { email: row['Email'] ?? null, firstName: row['FirstName'] ?? null, lastName: row['LastName'] ?? null, title: row['Title'] ?? null, unsubscribed: row['HasOptedOutOfEmail'] === true }
}

function companyOf(row: Row): Fields {
  return { company: row['Name'] ?? null, industry: row['Industry'] ?? null, website: row['Website'] ?? null, numberOfEmployees: row['NumberOfEmployees'] ?? null, annualRevenue: row['AnnualRevenue'] ?? null }
}
