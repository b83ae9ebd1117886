// The built-in connectors conform: events, files, log.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventsConnector } from '../../packages/core/src/plugins/builtin/events/index.js'
import { filesConnector } from '../../packages/core/src/plugins/builtin/files/index.js'
import { logConnector } from '../../packages/core/src/plugins/builtin/log-destination.js'
import type { Item } from '../../packages/core/src/plugins/sdk.js'
import { readParquet } from '../../packages/core/src/stores/duckdb/read-parquet.js'
import { type ConformanceSetup, type Side, type TestRecord, connectorConformance } from '../../packages/core/src/testing/index.js'
import { person } from './people.js'

const known: readonly Item[] = [1, 2, 3].map((each) => person(each))

async function filesSetup(side: Side): Promise<ConformanceSetup> {
  const folder = await mkdtemp(join(tmpdir(), 'cdp-conformance-'))
  const close = (): Promise<void> => rm(folder, { recursive: true })
  if (side === 'destination') {
    const out = join(folder, 'out', 'Conformance.jsonl')
    const members = (): readonly string[] => (existsSync(out) ? readFileSync(out, 'utf8').split('\n').filter((each) => each !== '') : [])
    await writeFile(join(folder, 'a-file'), '')
    return { config: { folder: 'out', format: 'jsonl' }, badConfigs: [{ config: { folder: 'a-file/out' }, pointer: '/folder' }], folder, known, server: { members }, close }
  }
  await writeFile(join(folder, 'people-1.csv'), 'id,name,gone\n1,Ünï,\n2,"a ""b"",\nc",\n')
  await writeFile(join(folder, 'people-2.csv'), 'id,name,gone\n3,,\n4,田中,\n')
  const addText = async (text: string): Promise<TestRecord> => {
    await writeFile(join(folder, `people-of-${String(text.length)}.csv`), `id,name,gone\nodd-${String(text.length)},"${text.replaceAll('"', '""')}",\n`)
    return { stream: 'people', key: `odd-${String(text.length)}` }
  }
  return { config: {}, folder, server: { addText }, streams: [{ name: 'people', config: { path: 'people-*.csv' }, key: 'id', deletedWhen: 'gone = "yes"' }], close }
}

connectorConformance(eventsConnector, { config: { writeKey: { fromEnv: 'WRITE_KEY' } }, secrets: { WRITE_KEY: 'a-write-key' }, streams: [] })
connectorConformance(logConnector, { config: {}, known })
connectorConformance(filesConnector(readParquet), filesSetup)
