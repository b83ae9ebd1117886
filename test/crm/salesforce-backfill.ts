// A large backfill by bulk jobs through the real command line, killed again and again: nobody is lost, nobody comes twice, and
// the memory does not grow with the rows. The test runs a short form; all of it: npm run bench -- salesforce-backfill
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runCdp, runNode } from '../killed-run.js'
import { toId } from '../simulators/salesforce/organization.js'
import { startSalesforce } from '../simulators/salesforce/simulator.js'
import type { Peak } from './measured-run.js'

export interface Backfill {
  readonly rows: number
  /** Rows of a page of a job's results. */
  readonly bulkRows: number
  /** How many requests for results are let through before each kill. */
  readonly killAfterPages: readonly number[]
  /** The run that comes to its end is watched from within. */
  readonly watched?: boolean
}

export interface BackfillResult {
  readonly people: number
  readonly members: number
  readonly jobs: number
  readonly pages: number
  readonly kills: number
  readonly seconds: number
  /** The most memory that a run held which was killed while it read (VmHWM). */
  readonly readingMegabytes: number
  /** The most memory of the run that came to its end: it also unifies and evaluates. */
  readonly wholeMegabytes: number
  /** Of a watched run, stage by stage. */
  readonly megabytes?: Readonly<Record<string, Peak>>
}

const stamp = '2026-11-01T08:00:00.000Z'
const measuredRun = resolve('test/crm/measured-run.ts')

export async function runBackfill({ rows, bulkRows, killAfterPages, watched = false }: Backfill): Promise<BackfillResult> {
  const salesforce = await startSalesforce({ bulkRows })
  salesforce.organization.generate('Contact', { count: rows, make: contact })
  const folder = await mkdtemp(join(tmpdir(), 'cdp-backfill-'))
  const started = performance.now()
  let reading = 0
  let kills = 0
  try {
    await writeProject(folder, salesforce.url)
    await runCdp(folder, ['apply', '--auto-approve', '--quiet'])
    for (const pages of killAfterPages) {
      const killAtPage = salesforce.http.seen('GET /results').length + pages
      const ended = await runCdp(folder, ['run', '--quiet'], () => salesforce.http.seen('GET /results').length >= killAtPage)
      reading = Math.max(reading, ended.peakMegabytes)
      if (ended.code === null) kills++
    }
    const last = watched ? await runNode(folder, ['--import', import.meta.resolve('tsx'), measuredRun, folder]) : await runCdp(folder, ['run', '--quiet'])
    if (last.code !== 0) throw new Error(`cdp run ended with ${String(last.code)}: ${last.stderr}`)
    const status = JSON.parse((await runCdp(folder, ['status', '--json'])).stdout) as { readonly profiles: { readonly persons: number }; readonly segments: readonly { readonly members: number }[] }
    return {
      people: status.profiles.persons, members: status.segments[0]?.members ?? 0, kills, seconds: (performance.now() - started) / 1000, readingMegabytes: Math.round(reading), wholeMegabytes: Math.round(last.peakMegabytes),
      jobs: salesforce.http.seen('POST /jobs/query').length, pages: salesforce.http.seen('GET /results').length,
      ...(watched ? { megabytes: JSON.parse(last.stdout) as Readonly<Record<string, Peak>> } : {}),
    }
  } finally {
    await salesforce.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function contact(index: number): Readonly<Record<string, string | boolean>> {
  return {
    Id: toId('003', index + 1), IsDeleted: false, CreatedDate: stamp, LastModifiedDate: stamp, SystemModstamp: stamp, LastName: `Person ${String(index)}`, FirstName: index % 3 === 0 ? 'Zoë' : 'Ada',
    Email: `p${String(index)}@company${String(index % 5000)}.example`, Title: index % 10 === 0 ? 'Chief "Something", Officer' : 'Engineer', MailingCountry: 'ES', HasOptedOutOfEmail: false,
  }
}

async function writeProject(folder: string, url: string): Promise<void> {
  for (const each of ['sources', 'segments']) await mkdir(join(folder, each))
  await writeFile(join(folder, 'cdp.yaml'), 'kind: Project\nname: backfill\nplugins: ["@cdpkit/plugin-crm"]\ninclude: ["{sources,segments}/*.yaml"]\n---\nkind: Sandbox\nname: dev\nnetwork: { allow: [loopback] }\n')
  await writeFile(join(folder, 'sources/crm.yaml'), `kind: Source\nname: crm\nconnector: salesforce\nconfig: { loginUrl: "${url}", clientId: client, clientSecret: { fromEnv: SECRET } }\nstreams: [{ name: Contact, entity: person }]\n`)
  await writeFile(join(folder, 'segments/chiefs.yaml'), 'kind: Segment\nname: chiefs\nexpression: $contains(person.title, "Chief")\n')
}
