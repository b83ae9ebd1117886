// Which records of Salesforce a profile is: those that it was made from, or the one that an external id finds.
import type { Item, Json } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import type { DestinationOptions, Person } from './options.js'
import type { Session } from './session.js'
import { toSoql } from './soql.js'

export interface Target {
  readonly object: Person
  readonly id: string
}

const objectOf: Readonly<Record<string, Person>> = { '003': 'Contact', '00Q': 'Lead' }

/** The contacts of a profile; its leads only where it has no contact, because a converted lead cannot be changed. */
export function targetsOf({ sourceKeys }: Pick<Item, 'sourceKeys'>, { instance }: Pick<DestinationOptions, 'instance'>): readonly Target[] {
  const found = sourceKeys.flatMap((each): readonly Target[] => {
    const [, id = '', of = ''] = /^([A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?)@(.+)\.Salesforce$/.exec(each) ?? []
    const object = objectOf[id.slice(0, 3)]
    return object === undefined || (instance !== undefined && instance !== of) ? [] : [{ object, id }]
  })
  const contacts = found.filter((each) => each.object === 'Contact')
  return contacts.length > 0 ? contacts : found
}

export function externalIdOf({ payload }: Pick<Item, 'payload'>, field: string): string {
  return asText(asObject(payload)[field])
}

const idsOfQuery = 100

/** People by an external id, without making anybody. Values that could be anything but a plain id are not asked for. */
export async function findByExternalId(session: Session, { object, field }: { readonly object: Person; readonly field: string }, values: readonly string[]): Promise<ReadonlyMap<string, Target>> {
  const found = new Map<string, Target>()
  const plain = [...new Set(values.filter((each) => /^[\w.@+:-]{1,255}$/.test(each)))]
  for (let from = 0; from < plain.length; from += idsOfQuery) {
    const literals = plain.slice(from, from + idsOfQuery).map((each) => `'${each}'`)
    const { value } = await session.get({ path: `/query?q=${encodeURIComponent(toSoql({ object, fields: ['Id', field], where: `${field} IN (${literals.join(', ')})` }))}` })
    for (const row of asList(asObject(value)['records'])) found.set(asText(row[field]).toLowerCase(), { object, id: asText(row['Id']) })
  }
  return found
}

export function fieldsOf(payload: Json): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(asObject(payload)).filter(([name]) => name !== 'Id' && name !== 'attributes'))
}
