// The last pass: every yes-or-no that a segment is made of is a bit, set where it is known (by the profile, or by a pass over a
// relation); one grouping brings the bits of a profile together, and the segments are worked out of them.
import type { ProfileEntity } from '../entities/profile-entity.js'
import { tableOf } from '../entities/entity-schema.js'
import { type Compound, type Condition, and, conditionSql, isCompound, not, or, sqlKey } from '../expressions/sql/condition.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import type { ValueKind } from '../expressions/sql/row-plan.js'
import { type SqlText, empty, joined, name, replaceNames, render, sqlText } from '../kernel/sql-text.js'
import { type AtomGroup, bitOf, bitOfGroup, bitsPerGroupWord, wordName as groupWordName } from './atom-group.js'
import { type Branch, toBranches } from './branches.js'

export interface LastPassRequest {
  readonly dialect: Dialect
  readonly entity: ProfileEntity
  readonly groups: readonly AtomGroup[]
  readonly scopeTable?: string
}

/** A condition that one place can answer: the profile's own row, or a branch. */
interface Atom {
  readonly place: Branch | 'profile'
  readonly condition: Condition
  readonly word: number
  readonly from: number
}

interface GroupBit {
  readonly branch: Branch
  readonly group: AtomGroup
  readonly bit: number
}

interface Shift {
  readonly branch: Branch
  readonly column: SqlText
  readonly word: number
  readonly from: number
}

const presentBit = 0

/** Writes `select id, <columns>`; columns are made of the conditions, which are handed over as they look from the last pass. */
export function writeLastPass(conditions: readonly Condition[], columns: (conditions: readonly Condition[]) => SqlText, request: LastPassRequest): SqlText {
  const branches = toBranches(request.groups, request)
  const scope = request.scopeTable === undefined ? empty : sqlText`where p._id in (select id from ${name(request.scopeTable)})`
  if (branches.length === 0) return sqlText`select p._id as id${columns(conditions)} ${fromProfile(conditions, request)} ${scope}`
  const atoms = new Atoms(branches, request.dialect)
  const rewritten = conditions.map((each) => atoms.rewrite(each))
  const words = atoms.words()
  const profile = sqlText`select p._id as id, ${joined(atoms.columns('profile'), ', ')} ${fromProfile(atoms.conditionsOf('profile'), request)} ${scope}`
  const rows = joined([profile, ...branches.map((each) => sqlText`select owner, ${joined(atoms.columns(each), ', ')} from ${name(each.alias)}`)], ' union all ')
  const gathered = sqlText`select id, ${joined(words.map((each) => sqlText`${request.dialect.anyBit(each)} as ${each}`), ', ')} from (${rows}) group by id`
  const groups = joined(branches.map((each) => sqlText`${name(each.alias)} as (${each.sql})`), ', ')
  return sqlText`with ${groups} select a.id${columns(rewritten)} from (${gathered}) a ${atoms.joins(request.entity)} where ${request.dialect.hasBit(sqlText`a.a0`, presentBit)}`
}

function fromProfile(conditions: readonly Condition[], { entity }: Pick<LastPassRequest, 'entity'>): SqlText {
  const { text } = render(joined(conditions.map(conditionSql), ' '))
  return sqlText`from ${name(tableOf(entity))} p ${profileJoins(text, entity)}`
}

function profileJoins(text: string, entity: ProfileEntity): SqlText {
  const parent = /"parent"\./.test(text) ? sqlText`left join account parent on parent._id = p."parentKey_id"` : empty
  return /\bseen\./.test(text) ? sqlText`${parent} left join ${name(`seen_${entity}`)} seen on seen.id = p._id` : parent
}

class Atoms {
  readonly #atoms = new Map<string, Atom>()
  readonly #joined = new Set<Branch | 'profile'>()
  /** Bits that groups already have, by the condition that asks for one. */
  readonly #bits = new Map<string, GroupBit>()
  readonly #shifts = new Map<string, Shift>()
  /** The opposite of a bit, which is never NULL here. */
  readonly #lacking = new Map<Condition, Condition>()
  /** Bits taken of each word. */
  readonly #taken: number[] = [presentBit + 1]

  constructor(
    private readonly branches: readonly Branch[],
    private readonly dialect: Dialect,
  ) {
    for (const branch of branches) for (const group of branch.groups) group.bits.forEach((_, bit) => this.#bits.set(sqlKey(bitOfGroup(group, bit, dialect)), { branch, group, bit }))
  }

  /** A whole word of a group is moved to its place at once. */
  private hasGroupBit({ branch, group, bit }: GroupBit): Condition {
    const word = Math.floor(bit / bitsPerGroupWord)
    const column = groupWordName(group, word)
    const key = sqlKey(column)
    const shift = this.#shifts.get(key) ?? { branch, column, ...this.take(Math.min(bitsPerGroupWord, group.bits.length - word * bitsPerGroupWord)) }
    this.#shifts.set(key, shift)
    return this.bitAt(shift.word, shift.from + (bit % bitsPerGroupWord))
  }

  private bitAt(word: number, bit: number): Condition {
    const column = sqlText`a.${wordName(word)}`
    const has = this.dialect.hasBit(column, bit)
    this.#lacking.set(has, this.dialect.lacksBit(column, bit))
    return has
  }

  private take(bits: number): { readonly word: number; readonly from: number } {
    const fitting = this.#taken.findIndex((each) => each + bits <= bitsPerGroupWord)
    const word = fitting >= 0 ? fitting : this.#taken.push(0) - 1
    const from = this.#taken[word] ?? 0
    this.#taken[word] = from + bits
    return { word, from }
  }

  rewrite(condition: Condition): Condition {
    if (typeof condition === 'boolean') return condition
    const places = this.placesOf(condition)
    if (places.length === 0 || (places.length === 1 && places[0] === 'profile')) return this.has('profile', condition)
    if (isCompound(condition)) return this.rewriteParts(condition)
    const known = this.#bits.get(sqlKey(condition))
    if (known) return this.hasGroupBit(known)
    const [place, ...others] = places
    if (place === undefined || place === 'profile' || others.length > 0) {
      // It compares what several places know: those are joined to the last pass.
      for (const each of places) this.#joined.add(each)
      return condition
    }
    // Owners without a row in the branch have no bit there, so the answer for them is told by the condition over nothing.
    return or(this.has(place, condition), and(not(this.has(place, true)), sqlText`coalesce(${withoutRows(condition, place)}, false)`))
  }

  private rewriteParts({ op, parts }: Compound): Condition {
    const rewritten = parts.map((each) => this.rewrite(each))
    if (op === 'not') return this.#lacking.get(rewritten[0] ?? false) ?? not(rewritten[0] ?? false)
    return op === 'and' ? and(...rewritten) : or(...rewritten)
  }

  private placesOf(condition: SqlText | Compound): readonly (Branch | 'profile')[] {
    const { text } = render(conditionSql(condition))
    const aliases = new Set([...text.matchAll(/"(g\d+)[wv]\d+"/g)].map((match) => match[1]))
    const found: (Branch | 'profile')[] = this.branches.filter((branch) => branch.groups.some((group) => aliases.has(group.alias)))
    return /(^|[^\w"])"?p"?\.("|_id)|"parent"\.|\bseen\./.test(text) ? [...found, 'profile'] : found
  }

  private has(place: Branch | 'profile', condition: Condition): Condition {
    const key = `${place === 'profile' ? 'profile' : place.alias} ${sqlKey(conditionSql(condition))}`
    const atom = this.#atoms.get(key) ?? { place, condition, ...this.take(1) }
    this.#atoms.set(key, atom)
    return this.bitAt(atom.word, atom.from)
  }

  words(): readonly SqlText[] {
    return this.#taken.map((_, word) => wordName(word))
  }

  conditionsOf(place: Branch | 'profile'): readonly Condition[] {
    return [...this.#atoms.values()].filter((each) => each.place === place).map((each) => each.condition)
  }

  /** The words as far as one place knows them. */
  columns(place: Branch | 'profile'): readonly SqlText[] {
    const own = [...this.#atoms.values()].filter((each) => each.place === place)
    return this.words().map((name_, index) => {
      const set = own.filter(({ word }) => word === index).map(({ condition, from }) => (condition === true ? bitOf(from) : sqlText`case when ${conditionSql(condition)} then ${bitOf(from)} else 0 end`))
      const moved = [...this.#shifts.values()].filter(({ branch, word }) => branch === place && word === index).map(({ column, from }) => (from === 0 ? sqlText`coalesce(${column}, 0)` : sqlText`coalesce(${column}, 0) * ${bitOf(from)}`))
      const terms = [...(place === 'profile' && index === 0 ? [bitOf(presentBit)] : []), ...moved, ...set]
      return terms.length === 0 ? sqlText`0::bigint as ${name_}` : sqlText`(${joined(terms, ' + ')})::bigint as ${name_}`
    })
  }

  joins(entity: ProfileEntity): SqlText {
    const joins = [...this.#joined].map((each) => (each === 'profile'
      ? sqlText`join ${name(tableOf(entity))} p on p._id = a.id ${entity === 'account' ? sqlText`left join account parent on parent._id = p."parentKey_id"` : empty}`
      : sqlText`left join ${name(each.alias)} on ${name(each.alias)}.owner = a.id`))
    return joined(joins, ' ')
  }
}

function wordName(word: number): SqlText {
  return name(`a${String(word)}`)
}

const nulls: Readonly<Record<ValueKind, string>> = { number: 'null::double', text: 'null::varchar', instant: 'null::timestamp', boolean: 'null::boolean' }

/** The condition where the branch has no row: all its columns are NULL. The engine works that out before it starts. */
function withoutRows(condition: SqlText, { groups }: Branch): SqlText {
  return replaceNames(condition, (column) => {
    const [, alias, kind, index] = /^(g\d+)([wv])(\d+)$/.exec(column) ?? []
    const group = groups.find((each) => each.alias === alias)
    if (!group) return undefined
    return kind === 'w' ? 'null::bigint' : nulls[group.values[Number(index)]?.value.gives ?? 'number']
  })
}
