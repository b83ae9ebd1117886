// Whom a destination cannot find: people who have none of the identities that it finds people by. Known before anything is sent.
import { type SqlText, joined, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'

/** By namespace: whether a row of `person` has an identity that leaves for destinations. */
const hasIdentity: Readonly<Record<string, SqlText>> = {
  email: sqlText`coalesce(trim(email), '') <> ''`,
  ecid: sqlText`coalesce(trim(ecid), '') <> ''`,
  b2b_person: sqlText`len(_source_keys) > 0`,
}

/**
 * How many people of a query (one column of person ids) have none of the identities. Of namespaces that are not known here nothing can
 * be said, so nobody is counted.
 */
export async function countUnmatchable(store: Connection, members: SqlText, identities: readonly string[]): Promise<number> {
  const known = identities.map((each) => hasIdentity[each])
  if (known.length === 0 || known.includes(undefined)) return 0
  const has = joined(known.filter((each) => each !== undefined), ' or ')
  const { count } = await store.row<{ count: number }>(sqlText`select count(*) as count from person where _id in (${members}) and not (${has})`)
  return count
}
