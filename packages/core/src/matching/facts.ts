// What is worth knowing of the data before the statement is written: asked only where a segment would profit, and each answer is
// a question over one or two columns.
import { tableOf } from '../entities/entity-schema.js'
import type { Expression } from '../expressions/expression.js'
import { joined, name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { SegmentRule } from './match.js'
import type { Entities } from './row-sources.js'

export interface Facts {
  /** No two rows tie the same person and account, and all of them are active. */
  readonly relationsAreUnique: boolean
  /** Fields without a value below zero: `opportunities.amount`. */
  readonly nonNegative: ReadonlySet<string>
  /** All values of fields that have few: `events.eventType`. */
  readonly domains: ReadonlyMap<string, readonly string[]>
}

export const noFacts: Facts = { relationsAreUnique: false, nonNegative: new Set(), domains: new Map() }

export interface FactsRequest {
  readonly store: Connection
  readonly entities: Entities
  readonly rules: readonly { readonly rule: SegmentRule; readonly expression: Expression | undefined }[]
}

export async function findFacts(request: FactsRequest): Promise<Facts> {
  const { rules } = request
  const readsRelation = rules.some(({ expression }) => expression?.reads.columns.some((each) => each.startsWith('accounts.relation') || each === '*') === true)
  const calls = (pattern: RegExp): readonly string[] => [...new Set(rules.filter(({ rule }) => pattern.test(rule.expression)).flatMap(({ expression }) => expression?.reads.columns ?? []))]
  return {
    relationsAreUnique: readsRelation && (await areRelationsUnique(request)),
    nonNegative: await findNonNegative(request, calls(/\$(sum|average)\b/)),
    domains: await findDomains(request, calls(/\$distinct\b/)),
  }
}

/** Told by counting: person_account has each pair once, with whether an active row ties the two. */
async function areRelationsUnique({ store, entities }: FactsRequest): Promise<boolean> {
  const isInactive = entities['account-person']?.fields['isActive'] ? sqlText`"isActive" = false` : sqlText`false`
  const { rows, pairs, inactive } = await store.row<{ rows: number; pairs: number; inactive: number }>(
    sqlText`select count(*) as rows, count(*) filter (where ${isInactive}) as inactive, (select count(*) from person_account where relation) as pairs
      from account_person where "personKey_id" is not null and "accountKey_id" is not null`,
  )
  return rows === pairs && inactive === 0
}

const tables = [['opportunities', 'opportunity'], ['events', 'event'], ['accounts', 'account']] as const

function fieldsOf(columns: readonly string[], relation: string): readonly string[] {
  return columns.filter((each) => each.startsWith(`${relation}.`)).map((each) => each.slice(relation.length + 1))
}

/** Sums of numbers that are never below zero need no guard of their own against the order of adding up. */
async function findNonNegative({ store, entities }: FactsRequest, columns: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const [relation, entity] of tables) {
    const numbers = fieldsOf(columns, relation).filter((each) => ['number', 'integer'].includes(entities[entity]?.fields[each]?.type ?? ''))
    if (numbers.length === 0) continue
    const lowest = await store.row(sqlText`select ${joined(numbers.map((each) => sqlText`coalesce(min(${name(each)}) >= 0, true) as ${name(each)}`), ', ')} from ${name(tableOf(entity))}`)
    for (const each of numbers) if (lowest[each] === true) found.add(`${relation}.${each}`)
  }
  return found
}

const fewest = 50

/** Different values of a field are counted by bits where they are few. */
async function findDomains({ store, entities }: FactsRequest, columns: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (const field of fieldsOf(columns, 'events').filter((each) => entities['event']?.fields[each]?.type === 'string')) {
    const values = await store.rows<{ value: string }>(sqlText`select distinct ${name(field)} as value from event where ${name(field)} is not null limit ${param(fewest + 1)}`)
    if (values.length <= fewest) found.set(`events.${field}`, values.map((each) => each.value).sort())
  }
  return found
}
