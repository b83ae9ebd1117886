// An object as the organization describes it to our user: which of its fields we read, and how they mark what is new or gone.
import type { JsonSchema } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import type { Session } from './session.js'

export interface FieldDescription {
  readonly name: string
  readonly type: string
  readonly isFormula: boolean
}

export interface ObjectDescription {
  readonly name: string
  readonly fields: ReadonlyMap<string, FieldDescription>
  /** The field that moves with each change. */
  readonly cursor: 'SystemModstamp' | 'LastModifiedDate' | 'CreatedDate'
  readonly hasDeletedLog: boolean
}

/** Types that a query cannot give (base64), or gives only in parts (addresses, places). */
const unreadable: ReadonlySet<string> = new Set(['address', 'location', 'base64', 'complexvalue'])

export async function describeObject(session: Session, name: string): Promise<ObjectDescription> {
  const { value } = await session.get({ path: `/sobjects/${name}/describe` })
  const described = asObject(value)
  const all = asList(described['fields']).map((each): FieldDescription => ({ name: asText(each['name']), type: asText(each['type']), isFormula: each['calculated'] === true }))
  const fields = new Map(all.filter((each) => !unreadable.has(each.type)).map((each) => [each.name, each]))
  const cursor = (['SystemModstamp', 'LastModifiedDate'] as const).find((each) => fields.has(each)) ?? 'CreatedDate'
  return { name, fields, cursor, hasDeletedLog: described['replicateable'] !== false }
}

const numbers: ReadonlySet<string> = new Set(['double', 'currency', 'percent', 'int', 'long'])

/** A value of a CSV as REST would give it, so that one record is the same text whichever way it came. */
export function toTyped(text: string, type: string): string | number | boolean | null {
  if (text === '') return null
  if (type === 'boolean') return text === 'true'
  return numbers.has(type) && !Number.isNaN(Number(text)) ? Number(text) : text
}

export function toJsonSchema({ fields }: ObjectDescription): JsonSchema {
  const typeOf = (type: string): string => (type === 'boolean' ? 'boolean' : numbers.has(type) ? 'number' : 'string')
  return { type: 'object', properties: Object.fromEntries([...fields.values()].map((each) => [each.name, { type: typeOf(each.type) }])) }
}
