// What is worth knowing of the data before the statement is written: asked only where a segment would profit, and each answer is
// a question over one or two columns.
import { tableOf } from '../entities/entity-schema.js'
import type { Expression } from '../expressions/expression.js'
import { name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { SegmentRule } from './match.js'
import type { Entities } from './row-sources.js'

export interface Facts {
  /** No two rows tie the same person and account, and all of them are active. */
  readonly relationsAreUnique: boolean
  /** Fields without a value below zero: `opportunities.amount`. */
  readonly nonNegative: ReadonlySet<string>
  /** Fields whose sums are the same in any order: whole numbers, and halves of halves, that are not too large together. */
  readonly exactSums: ReadonlySet<string>
  /** All values of fields that have few: `events.eventType`. */
  readonly domains: ReadonlyMap<string, readonly string[]>
}

export const noFacts: Facts = { relationsAreUnique: false, nonNegative: new Set(), exactSums: new Set(), domains: new Map() }

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
    ...(await findSums(request, calls(/\$(sum|average)\b/))),
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

// Doubles have 53 bits. Values in steps of 1/64 whose sizes add up to less than 2^46 never need rounding, in whatever order.
const step = 64
const largest = 2 ** 46

/** Sums need a guard against the order of adding up only where it can be seen. */
async function findSums({ store, entities }: FactsRequest, columns: readonly string[]): Promise<Pick<Facts, 'nonNegative' | 'exactSums'>> {
  const nonNegative = new Set<string>()
  const exactSums = new Set<string>()
  for (const [relation, entity] of tables) {
    for (const field of fieldsOf(columns, relation).filter((each) => ['number', 'integer'].includes(entities[entity]?.fields[each]?.type ?? ''))) {
      const column = name(field)
      const { positive, exact } = await store.row<{ positive: boolean; exact: boolean }>(
        sqlText`select coalesce(min(${column}) >= 0, true) as positive, coalesce(bool_and(floor(${column} * ${param(step)}) = ${column} * ${param(step)}) and sum(abs(${column})) < ${param(largest)}, true) as exact from ${name(tableOf(entity))}`,
      )
      if (positive) nonNegative.add(`${relation}.${field}`)
      if (exact) exactSums.add(`${relation}.${field}`)
    }
  }
  return { nonNegative, exactSums }
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
