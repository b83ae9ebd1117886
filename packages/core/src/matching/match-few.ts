// The statement for the few profiles that a micro-batch touches. What they are by their own rows may be known beforehand: reading wide
// rows of a few among millions would be most of the work.
import type { ProfileEntity } from '../entities/profile-entity.js'
import { parseOnce } from '../expressions/parse-once.js'
import { type MatchStatement, type PlacedRule, writeMatchStatement } from './match-statement.js'
import { type MatchRequest, writeScope } from './match-words.js'
import type { ProfileWords } from './profile-words.js'

export interface FewMatch extends Pick<MatchStatement, 'sql' | 'words'> {
  readonly entity: ProfileEntity
  /** `id` of the profiles to look at, some of which may be gone. */
  readonly scopeTable: string
}

export interface FewMatchRequest extends Pick<MatchRequest, 'store' | 'entities' | 'rules' | 'nowMs'> {
  readonly bits: ReadonlyMap<number, number>
  readonly profileWords?: ProfileWords
}

/** Undefined where one statement cannot decide: several scopes, segments that read others, profiles that only the closures can decide. */
export async function matchFew({ store, entities, rules, nowMs, bits, profileWords }: FewMatchRequest): Promise<FewMatch | undefined> {
  const [first] = rules
  if (first?.scope === undefined || rules.some((each) => each.scope !== first.scope || each.entity !== first.entity || each.readsSegments.length > 0)) return undefined
  const placed = rules.flatMap((rule): readonly PlacedRule[] => {
    const parsed = parseOnce(rule.expression)
    return parsed.ok ? [{ rule, bit: bits.get(rule.uid) ?? 0, tree: parsed.expression.tree }] : []
  })
  const scopeTable = 'scope_few'
  const { sql, words, undecidedWords, profilePart } = writeMatchStatement({ entities, entity: first.entity, rules: placed, nowMs, dialect: store.dialect, memberColumns: {}, scopeTable })
  if (placed.length < rules.length || undecidedWords.length > 0) return undefined
  const known = first.entity === 'person' && profilePart?.isOwn === true ? await profileWords?.writeScope(store, scopeTable, { part: profilePart, ids: first.scope }) : undefined
  if (!known) await writeScope(store, scopeTable, first.scope)
  return { entity: first.entity, scopeTable, words, sql: known && profilePart ? profilePart.pass(known) : sql }
}
