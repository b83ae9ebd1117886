// Profiles of which the store cannot tell whether they match: fetched, decided by the closures, written back as bits.
import type { ProfileEntity } from '../entities/profile-entity.js'
import type { Expression } from '../expressions/expression.js'
import type { JsonObject } from '../kernel/json.js'
import { joined, name, sqlText } from '../kernel/sql-text.js'
import type { Connection, StoreValue, Table } from '../stores/store.js'
import type { ProfileView, SegmentRule } from './match.js'
import { isSet, placeOf } from './bit-places.js'
import type { PlacedRule } from './match-statement.js'
import { readProfileViews } from './profile-view.js'
import type { Entities } from './row-sources.js'

export interface DecideRequest {
  readonly store: Connection
  readonly entities: Entities
  readonly entity: ProfileEntity
  readonly nowMs: number
  readonly table: string
  readonly words: readonly number[]
  readonly undecidedWords: readonly number[]
  readonly rules: readonly (PlacedRule & { readonly expression: Expression | undefined })[]
  segmentsOf(ids: readonly number[]): Promise<ReadonlyMap<number, JsonObject>>
}

export interface Decided {
  readonly undecided: number
  readonly errors: Readonly<Record<string, number>>
  /** By error code, one profile that has it. */
  readonly examples: Readonly<Record<string, number>>
  /** It ran away too often, so that the others were not looked at: nothing is known of them. */
  readonly isStopped: boolean
}

/** Too deep, out of steps, a list without end: each can cost a tenth of a second. */
const runaway: ReadonlySet<string> = new Set(['D1011', 'D1012', 'D2015'])
const mostRunaways = 3

/** By bit; only of segments with undecided profiles. */
export async function decide(request: DecideRequest): Promise<ReadonlyMap<number, Decided>> {
  if (request.undecidedWords.length === 0) return new Map()
  const open = await readOpen(request)
  if (open.size === 0) return new Map()
  const tally = new Tally()
  const columns = request.undecidedWords
  const table: Table = { name: 'decided', columns: [{ name: 'id', type: 'int' }, ...columns.map((word) => ({ name: `w${String(word)}`, type: 'bigint' as const }))] }
  await request.store.temporaryTable(table)
  for (const rules of byView(request.rules)) await decideAlike(request, rules, { open, table, tally })
  await writeBack(request)
  return tally.all()
}

/** Undecided words by profile. */
type Open = ReadonlyMap<number, readonly number[]>

async function readOpen({ store, table, undecidedWords }: DecideRequest): Promise<Open> {
  const columns = undecidedWords.map((word) => name(`u${String(word)}`))
  const open = new Map<number, readonly number[]>()
  const any = joined(columns.map((each) => sqlText`${each} <> 0`), ' or ')
  for await (const chunk of store.chunks(sqlText`select id, ${joined(columns, ', ')} from ${name(table)} where ${any} order by id`)) {
    for (let row = 0; row < chunk.rows; row++) open.set(Number(chunk.columns[0]?.[row]), columns.map((_, index) => Number(chunk.columns[index + 1]?.[row])))
  }
  return open
}

function byView(rules: DecideRequest['rules']): readonly DecideRequest['rules'][] {
  const groups = new Map<string, DecideRequest['rules'][number][]>()
  for (const each of rules) {
    const key = `${each.rule.paths.accounts} ${each.rule.paths.opportunities}`
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()]
}

interface DecideContext {
  readonly open: Open
  readonly table: Table
  readonly tally: Tally
}

async function decideAlike(request: DecideRequest, rules: DecideRequest['rules'], { open, table, tally }: DecideContext): Promise<void> {
  const { store, entities, entity, nowMs, undecidedWords } = request
  const isOpen = (bits: readonly number[], bit: number): boolean => isSet(bits[undecidedWords.indexOf(placeOf(bit).word)] ?? 0, placeOf(bit).bit)
  const concerned = rules.filter(({ expression, bit }) => expression && undecidedWords.includes(placeOf(bit).word))
  const ids = [...open].filter(([, bits]) => concerned.some(({ bit }) => isOpen(bits, bit))).map(([id]) => id)
  const [first] = concerned
  if (!first || ids.length === 0) return
  const roots = new Set(concerned.flatMap(({ expression }) => expression?.reads.roots.map((root) => root.name) ?? []))
  const readsSegments = concerned.some(({ rule }) => rule.readsSegments.length > 0)
  for await (const page of readProfileViews(store, { entities, entity, paths: first.rule.paths, roots, ids })) {
    const segments = readsSegments ? await request.segmentsOf(page.map((each) => each.id)) : new Map<number, JsonObject>()
    const rows: StoreValue[][] = []
    for (const view of page) {
      const words = undecidedWords.map(() => 0)
      for (const { rule, bit, expression } of concerned) {
        if (!expression || tally.isStopped(bit) || !isOpen(open.get(view.id) ?? [], bit)) continue
        const verdict = await expression.matches(rootOf(view, rule, segments.get(view.id)), { nowMs, vars: rule.vars })
        tally.count(bit, verdict, view.id)
        const word = undecidedWords.indexOf(placeOf(bit).word)
        if (verdict === true) words[word] = (words[word] ?? 0) + 2 ** placeOf(bit).bit
      }
      if (words.some((each) => each !== 0)) rows.push([view.id, ...words])
    }
    await store.append(table, rows)
  }
}

function rootOf(view: ProfileView, rule: SegmentRule, segments: JsonObject | undefined): JsonObject {
  if (rule.readsSegments.length === 0) return view.root
  const own = Object.entries(segments ?? {}).filter(([each]) => rule.readsSegments.includes(each))
  return { ...view.root, segments: Object.fromEntries(own) }
}

interface Failures {
  readonly count: number
  readonly example: number
}

class Tally {
  readonly #undecided = new Map<number, number>()
  readonly #errors = new Map<number, Map<string, Failures>>()

  count(bit: number, verdict: boolean | string, id: number): void {
    this.#undecided.set(bit, (this.#undecided.get(bit) ?? 0) + 1)
    if (typeof verdict !== 'string') return
    const codes = this.#errors.get(bit) ?? new Map<string, Failures>()
    const known = codes.get(verdict) ?? { count: 0, example: id }
    this.#errors.set(bit, codes.set(verdict, { count: known.count + 1, example: known.example }))
  }

  isStopped(bit: number): boolean {
    const runaways = [...(this.#errors.get(bit) ?? [])].filter(([code]) => runaway.has(code))
    return runaways.reduce((sum, [, { count }]) => sum + count, 0) >= mostRunaways
  }

  all(): ReadonlyMap<number, Decided> {
    return new Map([...this.#undecided].map(([bit, undecided]) => [bit, { undecided, isStopped: this.isStopped(bit), ...this.errorsOf(bit) }]))
  }

  private errorsOf(bit: number): Pick<Decided, 'errors' | 'examples'> {
    const codes = [...(this.#errors.get(bit) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))
    return { errors: Object.fromEntries(codes.map(([code, { count }]) => [code, count])), examples: Object.fromEntries(codes.map(([code, { example }]) => [code, example])) }
  }
}

/** Undecided bits become what the closures said: there may be several rows of a profile, one per way to its relations. */
async function writeBack({ store, table, words, undecidedWords }: DecideRequest): Promise<void> {
  const gathered = undecidedWords.map((word) => sqlText`, ${store.dialect.anyBit(name(`w${String(word)}`))} as ${name(`w${String(word)}`)}`)
  const columns = words.map((word) => {
    const column = name(`w${String(word)}`)
    if (!undecidedWords.includes(word)) return sqlText`, m.${column}`
    return sqlText`, (m.${column} & ~m.${name(`u${String(word)}`)}) | coalesce(d.${column}, 0) as ${column}`
  })
  await store.run(sqlText`create or replace temporary table settled_words as select m.id${joined(columns, ' ')} from ${name(table)} m left join (select id${joined(gathered, ' ')} from decided group by id) d on d.id = m.id`)
  await store.run(sqlText`create or replace temporary table ${name(table)} as select * from settled_words`)
  await store.dropTable('settled_words')
}
