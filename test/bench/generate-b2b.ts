// A B2B data set of any size, the same each time: companies, people in two systems, deals and roles, as JSON lines. Made by the
// engine's hash() of running numbers, so a million people take seconds. Skewed: large companies have most of the people.
import { mkdirSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

export interface Sizes {
  readonly people: number
  readonly accounts: number
  readonly opportunities: number
}

/** Writes accounts, contacts, leads (3 % of the contacts again, under the same e-mail), opportunities and roles into the folder. */
export async function generateB2b(folder: string, { people, accounts, opportunities }: Sizes): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const uniform = (of: string, salt: number): string => `((hash(${of} * 31 + ${String(salt)}) % 1000003) / 1000003.0)`
  const pick = (list: readonly string[], of: string, salt: number): string => `['${list.join("', '")}'][1 + (hash(${of} * 17 + ${String(salt)}) % ${String(list.length)})::int]`
  const leads = Math.floor(people * 0.03)
  const files: Readonly<Record<string, string>> = {
    accounts: `select 'A' || i as id, 'Company ' || i as name, ${pick(['Software', 'Manufacturing', 'Retail', 'Finance', 'Health'], 'i', 1)} as industry, (10 + 20000 * pow(${uniform('i', 2)}, 4))::int as employees,
      ${pick(['DE', 'US', 'FR', 'ES', 'GB', 'JP'], 'i', 3)} as country from range(${String(accounts)}) t(i)`,
    contacts: `select 'C' || i as id, 'person' || i || '@company' || (${String(accounts)} * pow(${uniform('i', 4)}, 2))::int || '.example' as email, ${pick(['Ada', 'Bob', 'Chen', 'Dora', 'Émile'], 'i', 5)} as first_name, 'Name' || (i % 5000) as last_name,
      ${pick(['Engineer', 'VP Sales', 'CTO', 'Buyer', 'Director of IT'], 'i', 6)} as title, ${pick(['Sales', 'IT', 'Marketing', 'Finance'], 'i', 7)} as department, 'A' || (${String(accounts)} * pow(${uniform('i', 4)}, 2))::int as account_id,
      (timestamp '2024-01-01' + to_seconds((hash(i) % 60000000)::bigint))::varchar as updated_at from range(${String(people - leads)}) t(i)`,
    leads: `select 'L' || i as id, upper('person' || (i * 29) || '@company' || (${String(accounts)} * pow(${uniform('(i * 29)', 4)}, 2))::int || '.example') as email, (hash(i) % 100)::int as score, 'Working' as status,
      (timestamp '2024-06-01' + to_seconds((hash(i) % 40000000)::bigint))::varchar as updated_at from range(${String(leads)}) t(i)`,
    opportunities: `select 'O' || i as id, 'A' || (${String(accounts)} * pow(${uniform('i', 8)}, 2))::int as account_id, ${pick(['Discovery', 'Proposal', 'Closed Won', 'Closed Lost'], 'i', 9)} as stage, (hash(i) % 900000)::int / 10.0 as amount, (hash(i * 3) % 100) < 56 as closed
      from range(${String(opportunities)}) t(i)`,
    roles: `select 'R' || i as id, 'O' || i as opportunity_id, 'C' || (hash(i * 7) % ${String(people - leads)}) as contact_id, ${pick(['Decision Maker', 'Champion', 'User'], 'i', 10)} as role from range(${String(opportunities)}) t(i)`,
  }
  for (const [name, query] of Object.entries(files)) await connection.run(`copy (${query}) to '${folder}/${name}.jsonl' (format json)`)
  connection.closeSync()
  instance.closeSync()
}

/** The project that reads the files: sources, two segments, no destination. */
export const projectYaml = `apiVersion: cdp/v1
kind: Project
name: bench
include: []
---
kind: Source
name: crm
connector: files
streams:
  - { name: accounts, entity: account, key: id, config: { path: data/accounts.jsonl }, map: { name: name, industry: industry, employees: employees, country: country } }
  - { name: contacts, entity: person, key: id, config: { path: data/contacts.jsonl }, map: { email: email, firstName: first_name, lastName: last_name, title: title, department: department, accountKey: account_id, lastUpdatedDate: updated_at } }
  - { name: opportunities, entity: opportunity, key: id, config: { path: data/opportunities.jsonl }, map: { accountKey: account_id, stage: stage, amount: amount, isClosed: closed } }
  - { name: roles, entity: opportunity-person, key: id, config: { path: data/roles.jsonl }, map: { opportunityKey: opportunity_id, personKey: contact_id, role: role } }
---
kind: Source
name: marketing
connector: files
streams:
  - { name: leads, entity: person, key: id, config: { path: data/leads.jsonl }, map: { email: email, leadScore: score, leadStatus: status, lastUpdatedDate: updated_at } }
`
