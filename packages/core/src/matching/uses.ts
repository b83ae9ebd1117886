// Which columns a piece of SQL reads. Values are parameters, so the text holds nothing but names and operators of ours.
import { type SqlText, render } from '../kernel/sql-text.js'
import { type SourceRequest, columnsOf, rowSource } from './row-sources.js'

export interface Uses {
  /** Fields by the alias of their rows: `r0` → `stage`, `amount`. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>
  readonly readsProfile: boolean
  readonly readsMembers: boolean
  /** Reads the thing's own fields only: nothing of the pair, nothing of the profile. */
  readonly isOfThing: boolean
}

/** The profile's own row, or its parent's. */
export const readsProfile = /(^|[^\w"])("p"|p|"parent")\./
export const readsMembers = /\bseen\./
const field = /"?\b(r\d+)"?\."((?:[^"]|"")+)"/g

export function usesOf(sql: SqlText, source: SourceRequest): Uses {
  const { text } = render(sql)
  const fields = new Map<string, Set<string>>()
  for (const [, alias = '', column = ''] of text.matchAll(field)) {
    const known = fields.get(alias) ?? new Set<string>()
    fields.set(alias, known.add(column.replaceAll('""', '"')))
  }
  const ofPair = [...fields.values()].some((names) => [...names].some((each) => each.startsWith('relation.') && isOfPair(each, source)))
  const uses = { readsProfile: readsProfile.test(text), readsMembers: readsMembers.test(text) }
  return { fields, ...uses, isOfThing: !uses.readsProfile && !uses.readsMembers && !ofPair }
}

function isOfPair(column: string, source: SourceRequest): boolean {
  if (source.entity !== 'person') return false
  const accounts = rowSource('accounts', source)
  return accounts.kind === 'linked' && Object.hasOwn(accounts.extraColumns, column) && Object.hasOwn(columnsOf(accounts), column)
}
