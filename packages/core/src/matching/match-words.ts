// Who matches which segments, as words of bits in temporary tables: one statement per group of segments that look at the same
// profiles, level by level where segments read each other. What the store cannot decide is decided by the closures.
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import type { Expression } from '../expressions/expression.js'
import { parseOnce } from '../expressions/parse-once.js'
import { name, sqlText } from '../kernel/sql-text.js'
import type { Connection, Table } from '../stores/store.js'
import { decide } from './decide.js'
import { inDependencyOrder } from './dependency-order.js'
import { findFacts, noFacts } from './facts.js'
import type { HowMatched, SegmentRule } from './match.js'
import { type PlacedRule, howItRuns, writeMatchStatement } from './match-statement.js'
import { SeenMembers } from './seen-members.js'

export interface MatchRequest {
  readonly store: Connection
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  readonly rules: readonly SegmentRule[]
  /** The one instant of the whole pass. */
  readonly nowMs: number
  /** Uids of all segments by name: the members of those outside `rules` are read from the store. */
  readonly segmentUids: Readonly<Record<string, number>>
  /** The bit of each rule by its uid; in their order when absent. */
  readonly bits?: ReadonlyMap<number, number>
  /** The scopes are so small that facts about all rows would cost more than they save. */
  readonly isQuick?: boolean
}

export interface MatchedRule {
  readonly rule: SegmentRule
  readonly bit: number
  readonly how: HowMatched
  readonly errors: Readonly<Record<string, number>>
  /** Its expression ran away: nothing is known of who matches, and members should stay as they are. */
  readonly isStopped: boolean
  readonly examples: Readonly<Record<string, number>>
}

/** Segments that were matched by one statement. */
export interface MatchedGroup {
  readonly entity: ProfileEntity
  /** `id`, and `w0` … for the words of `words`; a row per profile that was looked at. */
  readonly table: string
  readonly words: readonly number[]
  /** `id` of the profiles to look at, some of which may be gone; everybody when absent. */
  readonly scopeTable?: string
  readonly rules: readonly MatchedRule[]
  readonly evaluated: number
}

const idTable = (table: string): Table => ({ name: table, columns: [{ name: 'id', type: 'int' }] })

/** The tables last as long as the connection or until the next pass on it. */
export async function matchIntoWords(request: MatchRequest): Promise<readonly MatchedGroup[]> {
  const compiled = request.rules.map((rule, index) => compile(rule, request.bits?.get(rule.uid) ?? index))
  const seen = await SeenMembers.load(request)
  const groups: MatchedGroup[] = []
  for (const level of inDependencyOrder(request.rules)) {
    const wanted = compiled.filter((each) => level.includes(each.rule))
    for (const rules of groupAlike(wanted)) {
      const group = await matchGroup(request, rules, { seen, index: groups.length })
      groups.push(group)
      await seen.take(group)
    }
  }
  return groups
}

interface CompiledRule extends PlacedRule {
  readonly expression: Expression | undefined
  readonly syntaxError: string
}

function compile(rule: SegmentRule, bit: number): CompiledRule {
  const parsed = parseOnce(rule.expression)
  return parsed.ok ? { rule, bit, tree: parsed.expression.tree, expression: parsed.expression, syntaxError: '' } : { rule, bit, tree: undefined, expression: undefined, syntaxError: parsed.problems[0]?.code ?? 'S0500' }
}

/** Scopes that are one list are one group; equal lists apart from each other are two, which costs time and nothing else. */
function groupAlike(rules: readonly CompiledRule[]): readonly (readonly CompiledRule[])[] {
  const groups: CompiledRule[][] = []
  for (const each of rules) {
    const alike = groups.find(([first]) => first?.rule.entity === each.rule.entity && first.rule.scope === each.rule.scope)
    if (alike) alike.push(each)
    else groups.push([each])
  }
  return groups
}

interface GroupContext {
  readonly seen: SeenMembers
  readonly index: number
}

async function matchGroup(request: MatchRequest, rules: readonly CompiledRule[], { seen, index }: GroupContext): Promise<MatchedGroup> {
  const { store, entities, nowMs } = request
  const [first] = rules
  const entity = first?.rule.entity ?? 'person'
  const scopeTable = first?.rule.scope ? await writeScope(store, `scope_${String(index)}`, first.rule.scope) : undefined
  const facts = request.isQuick === true ? noFacts : await findFacts({ store, entities, rules })
  const statement = writeMatchStatement({ facts, entities, entity, rules, nowMs, dialect: store.dialect, memberColumns: seen.columns(entity), ...(scopeTable === undefined ? {} : { scopeTable }) })
  const table = `matched_${String(index)}`
  await store.run(sqlText`create or replace temporary table ${name(table)} as ${statement.sql}`)
  const { evaluated } = await store.row<{ evaluated: number }>(sqlText`select count(*) as evaluated from ${name(table)}`)
  const decided = await decide({ store, entities, nowMs, entity, table, words: statement.words, undecidedWords: statement.undecidedWords, rules, segmentsOf: (ids) => seen.segmentsOf(entity, ids) })
  const matched = rules.map(({ rule, bit, expression, syntaxError }, position): MatchedRule => {
    const truth = statement.truths[position]
    const own = decided.get(bit) ?? { undecided: 0, errors: {}, examples: {}, isStopped: false }
    return { rule, bit, how: { ran: howItRuns(truth), undecided: own.undecided }, errors: expression ? own.errors : { [syntaxError]: evaluated }, examples: own.examples, isStopped: own.isStopped }
  })
  return { entity, table, words: statement.words, ...(scopeTable === undefined ? {} : { scopeTable }), rules: matched, evaluated }
}

export async function writeScope(store: Connection, table: string, ids: readonly number[]): Promise<string> {
  await store.temporaryTable(idTable(table))
  await store.append(idTable(table), ids.map((id) => [id]))
  return table
}
