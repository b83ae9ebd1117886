// Writes the new applied state. States are kept: the last one holds, the former ones are history.
import type { Applied } from '../../2-plan/applied.js'
import { param, sqlText } from '../../kernel/sql-text.js'
import { appliedTable } from '../../stores/tables.js'
import type { Connection } from '../../stores/store.js'

const keptStates = 50

export async function recordState(applied: Applied, tx: Connection): Promise<void> {
  await tx.append(appliedTable, [[applied.serial, applied.at, JSON.stringify(applied)]])
  await tx.run(sqlText`delete from applied where serial <= (select max(serial) from applied) - ${param(keptStates)}`)
}
