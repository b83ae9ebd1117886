// The last pass: every yes-or-no that a segment is made of is a bit, set where it is known (by the profile, or by a pass over a
// relation); one grouping brings the bits of a profile together, and the segments are worked out of them.
import { tableOf } from '../entities/entity-schema.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import { type Compound, type Condition, and, conditionSql, isCompound, isLeaf, not, or, sqlKey } from '../expressions/sql/condition.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import { type SqlText, empty, joined, name, param, render, replaceNames, sqlText } from '../kernel/sql-text.js'
import { type AtomGroup, type BitLayout, bitOf, nulls, wordColumnsOf } from './atom-group.js'
import { type BitPlace, BitPlaces, hasBitAt, wordColumn } from './bit-places.js'
import { type Branch, toBranches, toPlaces } from './branches.js'
import { readsMembers, readsProfile } from './uses.js'

/** A bit of a word of the result. */
export interface Output extends BitPlace {
  readonly condition: Condition
}

export interface LastPassRequest {
  readonly dialect: Dialect
  readonly entity: ProfileEntity
  readonly groups: readonly AtomGroup[]
  readonly scopeTable?: string
  /** `w0` … */
  readonly matches: readonly Output[]
  /** `u0` …, of which few are ever set. */
  readonly doubts: readonly Output[]
}

export interface LastPass {
  /** `select id, w0 …, u0 …`, a row per profile. */
  readonly sql: SqlText
  /** What is known by the profile's own row alone; absent where that is all there is. */
  readonly profilePart?: ProfilePart
}

export interface ProfilePart {
  /** `select id, a0 …` for everybody. */
  readonly sql: SqlText
  readonly words: readonly number[]
  /** Nothing but the row of the profile decides. */
  readonly isOwn: boolean
  /** The whole statement, with these rows (`id`, `a0` …) in place of reading the profiles. */
  readonly pass: (rows: SqlText) => SqlText
}

export function writeLastPass(request: LastPassRequest): LastPass {
  const scope = request.scopeTable === undefined ? empty : sqlText`where p._id in (select id from ${name(request.scopeTable)})`
  if (request.groups.length === 0) return { sql: sqlText`select p._id as id${wordsOf('w', request.matches)}${wordsOf('u', request.doubts)} ${fromProfile([...request.matches, ...request.doubts].map((each) => each.condition), request)} ${scope}` }
  const atoms = new Atoms(request)
  const direct = atoms.placeDirectly(request.matches)
  const matches = request.matches.map((each) => (direct.has(each) ? each : { ...each, condition: atoms.rewrite(each.condition) }))
  const doubts = request.doubts.map((each) => ({ ...each, condition: atoms.rewrite(each.condition) }))
  atoms.placeTheRest()
  const branches = toBranches(request.groups, { ...request, layoutOf: (group) => atoms.layoutOf(group) })
  const from = fromProfile(atoms.conditionsOf('profile'), request)
  const profile = sqlText`select p._id as id, ${joined(atoms.columns('profile'), ', ')} ${from}`
  const groups = joined(branches.map((each) => sqlText`${name(each.alias)} as (${each.sql})`), ', ')
  const pass = (known: SqlText): SqlText => {
    const rows = joined([known, ...branches.map((each) => sqlText`select owner, ${joined(atoms.columns(each.alias), ', ')} from ${name(each.alias)}`)], ' union all ')
    const gathered = sqlText`select id, ${joined(atoms.places.words.map((word) => sqlText`${request.dialect.anyBit(name(wordColumn(word)))} as ${name(wordColumn(word))}`), ', ')} from (${rows}) group by id`
    return sqlText`with ${groups} select a.id${directWords(matches, direct, request.dialect)}${doubtWords(doubts)} from (${gathered}) a ${atoms.joins(branches)} where ${hasBitAt(atoms.places.present, request.dialect)}`
  }
  return { sql: pass(sqlText`${profile} ${scope}`), profilePart: { sql: profile, words: atoms.places.words, isOwn: !/\b(parent|seen)\b/.test(render(from).text), pass } }
}

function fromProfile(conditions: readonly Condition[], { entity }: Pick<LastPassRequest, 'entity'>): SqlText {
  const { text } = render(joined(conditions.map(conditionSql), ' '))
  const parent = /"parent"\./.test(text) ? sqlText`left join account parent on parent._id = p."parentKey_id"` : empty
  const seen = /\bseen\./.test(text) ? sqlText`left join ${name(`seen_${entity}`)} seen on seen.id = p._id` : empty
  return sqlText`from ${name(tableOf(entity))} p ${parent} ${seen}`
}

function byWord(outputs: readonly Output[]): readonly (readonly [number, readonly Output[]])[] {
  const words = [...new Set(outputs.map((each) => each.word))].sort((a, b) => a - b)
  return words.map((word) => [word, outputs.filter((each) => each.word === word)])
}

function bitsOf(outputs: readonly Output[]): SqlText {
  const set = outputs.filter(({ condition }) => condition !== false).map(({ bit, condition }) => (condition === true ? bitOf(bit) : sqlText`case when ${conditionSql(condition)} then ${bitOf(bit)} else 0 end`))
  return set.length === 0 ? param(0n) : joined(set, ' + ')
}

function wordsOf(prefix: 'w' | 'u', outputs: readonly Output[]): SqlText {
  return joined(byWord(outputs).map(([word, own]) => sqlText`, (${bitsOf(own)})::bigint as ${name(`${prefix}${String(word)}`)}`), ' ')
}

/** Bits that are where they belong already; `inverted` where the opposite is kept. */
type Direct = ReadonlyMap<Output, 'as it is' | 'inverted'>

function directWords(outputs: readonly Output[], direct: Direct, dialect: Dialect): SqlText {
  const mask = (own: readonly Output[]): bigint => own.reduce((sum, { bit }) => sum + 2n ** BigInt(bit), 0n)
  const words = byWord(outputs).map(([word, own]) => {
    const kept = own.filter((each) => direct.has(each))
    const inverted = kept.filter((each) => direct.get(each) === 'inverted')
    const masked = sqlText`(a.${name(wordColumn(word))} & ${param(mask(kept))})`
    const asKept = kept.length === 0 ? param(0n) : inverted.length === 0 ? masked : dialect.bitXor(masked, param(mask(inverted)))
    return sqlText`, (${asKept} + ${bitsOf(own.filter((each) => !direct.has(each)))})::bigint as ${name(`w${String(word)}`)}`
  })
  return joined(words, ' ')
}

/** Worked out only where there is any doubt. */
function doubtWords(doubts: readonly Output[]): SqlText {
  const any = or(...doubts.map((each) => each.condition))
  return joined(byWord(doubts).map(([word, own]) => sqlText`, (case when ${conditionSql(any)} then ${bitsOf(own)} else 0 end)::bigint as ${name(`u${String(word)}`)}`), ' ')
}

/** A condition that one place can answer: the profile's own row, or a branch by its alias. */
interface Atom {
  readonly place: string
  readonly condition: Condition
  readonly at: BitPlace
}

interface KeptBit extends BitPlace {
  readonly column: string
}

class Atoms {
  readonly places = new BitPlaces()
  readonly #atoms = new Map<string, Atom>()
  readonly #layouts = new Map<AtomGroup, Map<number, KeptBit>>()
  /** The opposite of a bit, which is never NULL here. */
  readonly #lacking = new Map<Condition, Condition>()
  readonly #joined = new Set<string>()
  readonly #branchOf: ReadonlyMap<string, string>

  constructor(private readonly request: LastPassRequest) {
    this.#branchOf = toPlaces(request.groups)
  }

  /** Segments that one place can answer are kept where they belong, each place's first claim on a bit. */
  placeDirectly(outputs: readonly Output[]): Direct {
    const direct = new Map<Output, 'as it is' | 'inverted'>()
    for (const output of outputs) {
      const { condition } = output
      if (typeof condition === 'boolean') continue
      const opposite = isCompound(condition) && condition.op === 'not' ? condition.parts[0] : undefined
      if (this.claim(condition, output)) direct.set(output, 'as it is')
      else if (opposite && this.claim(opposite, output)) direct.set(output, 'inverted')
    }
    return direct
  }

  private claim(condition: Exclude<Condition, boolean>, { word, bit }: BitPlace): boolean {
    const places = this.placesOf(condition)
    const [place = 'profile'] = places
    if (places.length > 1 || !this.places.isFree({ word, bit })) return false
    if (place !== 'profile' && isTrueWithoutRows(condition) !== false) return false
    if (this.#atoms.has(atomKey(place, condition))) return false
    this.add(place, condition, this.places.reserve({ word, bit }))
    return true
  }

  rewrite(condition: Condition): Condition {
    if (typeof condition === 'boolean') return condition
    const places = this.placesOf(condition)
    const [place = 'profile', ...others] = places
    if (others.length === 0 && place === 'profile') return this.has('profile', condition)
    if (others.length === 0) {
      const without = isTrueWithoutRows(condition)
      if (without === false) return this.has(place, condition)
      if (!isCompound(condition)) return or(this.has(place, condition), and(not(this.has(place, true)), without ?? sqlText`coalesce(${this.withoutRows(conditionSql(condition))}, false)`))
    }
    if (isCompound(condition)) return this.rewriteParts(condition)
    // It compares what several places know: those are joined to the last pass.
    for (const each of places) this.#joined.add(each)
    for (const [, alias, index] of render(conditionSql(condition)).text.matchAll(/"(g\d+)b(\d+)"/g)) this.placeBit(alias ?? '', Number(index))
    return this.settled(conditionSql(condition))
  }

  private rewriteParts({ op, parts }: Compound): Condition {
    const rewritten = parts.map((each) => this.rewrite(each))
    if (op === 'not') return this.#lacking.get(rewritten[0] ?? false) ?? not(rewritten[0] ?? false)
    return op === 'and' ? and(...rewritten) : or(...rewritten)
  }

  private placesOf(condition: Exclude<Condition, boolean>): readonly string[] {
    const { text } = render(conditionSql(condition))
    const found = new Set([...text.matchAll(/"(g\d+)[bv]\d+"/g)].map((match) => this.#branchOf.get(match[1] ?? '') ?? ''))
    return readsProfile.test(text) || readsMembers.test(text) ? [...found, 'profile'] : [...found]
  }

  private has(place: string, condition: Condition): Condition {
    const { at } = this.#atoms.get(atomKey(place, condition)) ?? this.add(place, condition, this.placeOfGroupBit(condition) ?? this.places.takeFree())
    const has = hasBitAt(at, this.request.dialect)
    this.#lacking.set(has, this.request.dialect.lacksBit(sqlText`a.${name(wordColumn(at.word))}`, at.bit))
    return has
  }

  private add(place: string, condition: Condition, at: BitPlace): Atom {
    const atom = { place, condition, at }
    this.#atoms.set(atomKey(place, condition), atom)
    const own = this.groupBit(condition)
    // A bit of a group is kept in the group's passes as it will be in the last one.
    if (own) this.layout(own.group).set(own.index, { ...at, column: `${own.group.alias}w${String(at.word)}` })
    return atom
  }

  private placeOfGroupBit(condition: Condition): BitPlace | undefined {
    const own = this.groupBit(condition)
    return own ? this.layout(own.group).get(own.index) : undefined
  }

  private placeBit(alias: string, index: number): void {
    const group = this.request.groups.find((each) => each.alias === alias)
    if (!group || this.layout(group).has(index)) return
    const at = this.places.takeFree()
    this.layout(group).set(index, { ...at, column: `${alias}w${String(at.word)}` })
  }

  private groupBit(condition: Condition): { readonly group: AtomGroup; readonly index: number } | undefined {
    if (typeof condition === 'boolean' || isCompound(condition) || isLeaf(condition)) return undefined
    const [, alias, index] = /^"(g\d+)b(\d+)"$/.exec(sqlKey(condition)) ?? []
    const group = this.request.groups.find((each) => each.alias === alias)
    return group ? { group, index: Number(index) } : undefined
  }

  private layout(group: AtomGroup): Map<number, KeptBit> {
    const known = this.#layouts.get(group) ?? new Map<number, KeptBit>()
    this.#layouts.set(group, known)
    return known
  }

  layoutOf(group: AtomGroup): BitLayout {
    return this.layout(group)
  }

  /** Bits that are used inside a pass only are kept beside the others, where they do no harm. */
  placeTheRest(): void {
    for (const group of this.request.groups) {
      group.bits.forEach((_, index) => { this.placeBit(group.alias, index) })
    }
  }

  /** The condition with bits as they are kept in the passes. */
  private settled(sql: SqlText): SqlText {
    return replaceNames(sql, (column) => {
      const [, alias, index] = /^(g\d+)b(\d+)$/.exec(column) ?? []
      const group = this.request.groups.find((each) => each.alias === alias)
      const place = group ? this.layoutOf(group).get(Number(index)) : undefined
      return place ? this.request.dialect.hasBit(name(place.column), place.bit) : undefined
    })
  }

  /** The condition where the place has no row: all its columns are NULL. The engine works that out before it starts. */
  private withoutRows(sql: SqlText): SqlText {
    return replaceNames(sql, (column) => {
      const [, alias, kind, index] = /^(g\d+)([bv])(\d+)$/.exec(column) ?? []
      const group = this.request.groups.find((each) => each.alias === alias)
      if (!group) return undefined
      return kind === 'b' ? sqlText`false` : nulls[group.values[Number(index)]?.value.gives ?? 'number']
    })
  }

  conditionsOf(place: string): readonly Condition[] {
    return [...this.#atoms.values()].filter((each) => each.place === place).map((each) => each.condition)
  }

  /** The words as far as one place knows them. */
  columns(place: string): readonly SqlText[] {
    const own = [...this.#atoms.values()].filter((each) => each.place === place)
    const groups = this.request.groups.filter((each) => this.#branchOf.get(each.alias) === place)
    return this.places.words.map((word) => {
      const kept = groups.flatMap((group) => wordColumnsOf(this.layoutOf(group)).filter((each) => each === `${group.alias}w${String(word)}`)).map((each) => sqlText`coalesce(${name(each)}, 0)`)
      const set = own.filter(({ at, condition }) => at.word === word && !this.groupBit(condition)).map(({ condition, at }) => (condition === true ? bitOf(at.bit) : sqlText`case when ${this.settled(conditionSql(condition))} then ${bitOf(at.bit)} else 0 end`))
      const terms = [...(place === 'profile' && word === this.places.present.word ? [bitOf(this.places.present.bit)] : []), ...kept, ...set]
      return terms.length === 0 ? sqlText`0::bigint as ${name(wordColumn(word))}` : sqlText`(${joined(terms, ' + ')})::bigint as ${name(wordColumn(word))}`
    })
  }

  joins(branches: readonly Branch[]): SqlText {
    const { entity } = this.request
    const joins = [...this.#joined].map((each) => {
      if (each === 'profile') return sqlText`join ${name(tableOf(entity))} p on p._id = a.id ${entity === 'account' ? sqlText`left join account parent on parent._id = p."parentKey_id"` : empty}`
      return branches.some(({ alias }) => alias === each) ? sqlText`left join ${name(each)} on ${name(each)}.owner = a.id` : empty
    })
    return joined(joins, ' ')
  }
}

function atomKey(place: string, condition: Condition): string {
  return `${place} ${sqlKey(conditionSql(condition))}`
}

/** What a condition over one branch is for profiles that have no row there; undefined where that cannot be told from its form. */
function isTrueWithoutRows(condition: Condition): boolean | undefined {
  if (typeof condition === 'boolean') return condition
  if (isLeaf(condition)) return condition.withoutRows
  if (!isCompound(condition)) return /^"g\d+b\d+"$/.test(sqlKey(condition)) ? false : undefined
  const parts = condition.parts.map(isTrueWithoutRows)
  if (condition.op === 'not') return parts[0] === undefined ? undefined : !parts[0]
  const decides = condition.op === 'or'
  if (parts.includes(decides)) return decides
  return parts.includes(undefined) ? undefined : !decides
}
