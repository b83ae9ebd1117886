// Who is in the segments that others read, in the temporary table `seen_<entity>` of a pass: as stored at first, then as each group finds.
import type { ProfileEntity } from '../entities/profile-entity.js'
import type { JsonObject } from '../kernel/json.js'
import { joined, name, numbers, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { SegmentRule } from './match.js'
import { bitsPerWord } from './bit-places.js'
import { bitOf } from './atom-group.js'

interface SeenRequest {
  readonly store: Connection
  readonly rules: readonly SegmentRule[]
  readonly segmentUids: Readonly<Record<string, number>>
}

interface Matched {
  readonly entity: ProfileEntity
  readonly table: string
  readonly scopeTable?: string
  readonly rules: readonly { readonly rule: SegmentRule; readonly bit: number; readonly isStopped: boolean }[]
}

export class SeenMembers {
  private constructor(
    private readonly store: Connection,
    private readonly names: Readonly<Record<ProfileEntity, readonly string[]>>,
  ) {}

  static async load({ store, rules, segmentUids }: SeenRequest): Promise<SeenMembers> {
    const namesOf = (entity: ProfileEntity): readonly string[] => [...new Set(rules.filter((each) => each.entity === entity).flatMap((each) => each.readsSegments))].sort()
    const seen = new SeenMembers(store, { person: namesOf('person'), account: namesOf('account') })
    for (const entity of ['person', 'account'] as const) await seen.start(entity, segmentUids)
    return seen
  }

  private async start(entity: ProfileEntity, uids: Readonly<Record<string, number>>): Promise<void> {
    const names = this.names[entity]
    if (names.length === 0) return
    const known = names.flatMap((each) => uids[each] ?? [])
    const columns = names.map((each, index) => sqlText`, bool_or(segment = ${param(uids[each] ?? -1)}) as ${name(`s${String(index)}`)}`)
    const wanted = known.length === 0 ? sqlText`false` : sqlText`segment in (${joined(known.map((each) => param(each)), ', ')})`
    await this.store.run(sqlText`create or replace temporary table ${name(tableName(entity))} as select id${joined(columns, ' ')} from membership where status = 'realized' and ${wanted} group by id`)
  }

  /** The column of each segment. */
  columns(entity: ProfileEntity): Readonly<Record<string, string>> {
    return memberColumns(this.names[entity])
  }

  /** Results of a group with a scope say nothing about the others: those stay as they were. */
  async take({ entity, table, scopeTable, rules }: Matched): Promise<void> {
    const found = new Map(rules.filter((each) => !each.isStopped).map(({ rule, bit }) => [rule.name, bit]))
    if (!this.names[entity].some((each) => found.has(each))) return
    const kept = scopeTable === undefined ? sqlText`false` : sqlText`s.id is not null and s.id not in (select id from ${name(scopeTable)})`
    const columns = this.names[entity].map((each, index) => {
      const column = name(`s${String(index)}`)
      const bit = found.get(each)
      const word = name(`w${String(Math.floor((bit ?? 0) / bitsPerWord))}`)
      const value = bit === undefined ? sqlText`coalesce(s.${column}, false)` : sqlText`case when m.id is not null then (m.${word} & ${bitOf(bit % bitsPerWord)}) <> 0 else coalesce(s.${column}, false) and ${kept} end`
      return sqlText`, ${value} as ${column}`
    })
    const seen = name(tableName(entity))
    await this.store.run(sqlText`create or replace temporary table seen_next as select coalesce(s.id, m.id) as id${joined(columns, ' ')} from ${seen} s full outer join ${name(table)} m on m.id = s.id`)
    await this.store.run(sqlText`create or replace temporary table ${seen} as select * from seen_next`)
    await this.store.dropTable('seen_next')
  }

  /** `{name: true}` for each profile that is in any. */
  async segmentsOf(entity: ProfileEntity, ids: readonly number[]): Promise<ReadonlyMap<number, JsonObject>> {
    const names = this.names[entity]
    if (names.length === 0) return new Map()
    const rows = await this.store.rows(sqlText`select * from ${name(tableName(entity))} where id in ${numbers(ids)}`)
    return new Map(rows.map((row) => [Number(row['id']), Object.fromEntries(names.flatMap((each, index) => (row[`s${String(index)}`] === true ? [[each, true] as const] : [])))]))
  }
}

/** The column of each segment in `seen_<entity>`: `s0`, `s1` … */
export function memberColumns(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((each, index) => [each, `s${String(index)}`]))
}

export function tableName(entity: ProfileEntity): string {
  return `seen_${entity}`
}
