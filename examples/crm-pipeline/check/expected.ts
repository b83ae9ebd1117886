// Who should be in each audience, by plain SQL over the data files. Uses nothing of cdpkit.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'

export interface Thresholds {
  readonly now: string
  readonly enterpriseEmployees: number
  readonly bigPipeline: number
  readonly pricingViews: number
}

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Audience → its members, sorted. */
export async function expectedAudiences(dataFolder: string, thresholds: Thresholds): Promise<ReadonlyMap<string, readonly string[]>> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const { now, enterpriseEmployees, bigPipeline, pricingViews } = thresholds
  for (const [name, value] of Object.entries({ data: `'${dataFolder}'`, now: `'${now.replace('Z', '')}'`, enterprise_employees: enterpriseEmployees, big_pipeline: bigPipeline, pricing_views: pricingViews })) {
    await connection.run(`set variable ${name} = ${String(value)}`)
  }
  await connection.run(readFileSync(`${folder}people.sql`, 'utf8'))
  const audiences = new Map<string, readonly string[]>()
  for (const part of readFileSync(`${folder}segments.sql`, 'utf8').split('-- name: ').slice(1)) {
    const name = part.split('\n', 1)[0]?.trim() ?? ''
    const rows = await (await connection.run(part.slice(part.indexOf('\n')))).getRowObjectsJS()
    audiences.set(name, rows.map((each) => each['who'] as string).sort())
  }
  connection.closeSync()
  instance.closeSync()
  return audiences
}
