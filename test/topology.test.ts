// The truth table of Marketo instances and organizations (docs/reference/guardrails.md, T1 to T9), through the files that people write:
// each row is a few project folders that are checked together, and what the topology guardrails say about them.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../packages/core/src/compose.js'
import { describe as textOf } from '../packages/core/src/kernel/diagnostic.js'

interface WrittenFolder {
  readonly organization: string
  /** Sandboxes with an organization of their own, or none. */
  readonly sandboxes?: Readonly<Record<string, string | undefined>>
  readonly sources?: readonly string[]
  readonly destinations?: readonly string[]
  readonly allows?: string
}

interface Row {
  readonly is: string
  readonly folders: Readonly<Record<string, WrittenFolder>>
  readonly told?: readonly string[]
}

const [m1, m2] = ['111-AAA-111', '222-BBB-222']
const manyOrgs = 'guardrail/topo-marketo-source-many-orgs'
const manyToMany = 'guardrail/topo-marketo-source-many-to-many'

const rows: readonly Row[] = [
  { is: 'T1 one instance, one organization, one sandbox', folders: { a: { organization: 'a@AdobeOrg', sources: [m1] } } },
  { is: 'T2 one instance, one organization, several sandboxes', folders: { a: { organization: 'a@AdobeOrg', sandboxes: { dev: undefined, stage: undefined, prod: undefined }, sources: [m1] } } },
  { is: 'T2 in two projects', folders: { a: { organization: 'a@AdobeOrg', sources: [m1] }, b: { organization: 'a@AdobeOrg', sources: [m1] } } },
  { is: 'T3 several instances, one organization, one sandbox', folders: { a: { organization: 'a@AdobeOrg', sources: [m1, m2] } } },
  { is: 'T3 several sandboxes', folders: { a: { organization: 'a@AdobeOrg', sandboxes: { dev: undefined, prod: undefined }, sources: [m1, m2] } } },
  { is: 'T3 in two projects', folders: { a: { organization: 'a@AdobeOrg', sources: [m1] }, b: { organization: 'a@AdobeOrg', sources: [m2] } } },
  { is: 'T4 one instance, organizations of two projects', folders: { a: { organization: 'a@AdobeOrg', sources: [m1] }, b: { organization: 'b@AdobeOrg', sources: [m1] } }, told: [`a ${manyOrgs}`, `b ${manyOrgs}`] },
  { is: 'T4 one instance, organizations of two sandboxes', folders: { a: { organization: 'a@AdobeOrg', sandboxes: { dev: 'dev@AdobeOrg', prod: undefined }, sources: [m1] } }, told: [`a ${manyOrgs}`] },
  {
    is: 'T5 several instances, several organizations, tied together',
    folders: { a: { organization: 'a@AdobeOrg', sources: [m1, m2] }, b: { organization: 'b@AdobeOrg', sources: [m2] } },
    told: [`a ${manyOrgs}`, `a ${manyToMany}`, `b ${manyOrgs}`, `b ${manyToMany}`],
  },
  { is: 'T5 as written: two pairs that do not touch', folders: { a: { organization: 'a@AdobeOrg', sources: [m1] }, b: { organization: 'b@AdobeOrg', sources: [m2] } }, told: [`a ${manyToMany}`, `b ${manyToMany}`] },
  { is: 'T5 read per group: pairs that do not touch', folders: { a: { organization: 'a@AdobeOrg', sources: [m1], allows: 'topo-marketo-source-many-to-many' }, b: { organization: 'b@AdobeOrg', sources: [m2], allows: 'topo-marketo-source-many-to-many' } } },
  {
    is: 'T5 read per group: those that touch stay refused by T4',
    folders: { a: { organization: 'a@AdobeOrg', sources: [m1, m2], allows: 'topo-marketo-source-many-to-many' }, b: { organization: 'b@AdobeOrg', sources: [m2], allows: 'topo-marketo-source-many-to-many' } },
    told: [`a ${manyOrgs}`, `b ${manyOrgs}`],
  },
  { is: 'T6 destination: one organization, several instances', folders: { a: { organization: 'a@AdobeOrg', destinations: [m1, m2] } } },
  { is: 'T7 destination: several organizations, one instance', folders: { a: { organization: 'a@AdobeOrg', destinations: [m1] }, b: { organization: 'b@AdobeOrg', destinations: [m1] } } },
  { is: 'T7 beside the source of one of them', folders: { a: { organization: 'a@AdobeOrg', sources: [m1], destinations: [m1] }, b: { organization: 'b@AdobeOrg', destinations: [m1] } } },
  { is: 'T8 destination: several organizations, several instances', folders: { a: { organization: 'a@AdobeOrg', destinations: [m1, m2] }, b: { organization: 'b@AdobeOrg', destinations: [m1, m2] } } },
  { is: 'T9 without Marketo', folders: { a: { organization: 'a@AdobeOrg', sandboxes: { dev: 'dev@AdobeOrg', prod: undefined } }, b: { organization: 'b@AdobeOrg' } } },
  { is: 'T9 one of two projects without Marketo', folders: { a: { organization: 'a@AdobeOrg', sources: [m1] }, b: { organization: 'b@AdobeOrg' } } },
]

describe('topology of Marketo and organizations', () => {
  let root = ''
  beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'cdp-topology-')) })
  afterEach(async () => { await rm(root, { recursive: true }) })

  for (const { is, folders, told = [] } of rows) {
    it(`${is}: ${told.length === 0 ? 'allowed' : 'rejected'}`, async () => {
      for (const [name, folder] of Object.entries(folders)) {
        await mkdir(join(root, name))
        await writeFile(join(root, name, 'cdp.yaml'), toYaml(name, folder))
      }
      const loaded = await compose({ env: { SECRET: 'set' }, folder: root, logFrom: 'error' }).loadProjects(Object.keys(folders), {})
      const problems = loaded.flatMap(({ folder, checked }) => (checked.ok ? checked.warnings : checked.problems).map((each) => ({ ...each, folder: folder.slice(-1) })))
      assert.deepEqual(problems.filter((each) => each.severity === 'error' || each.code.startsWith('guardrail/topo-')).map((each) => `${each.folder} ${each.code}`).sort(), [...told].sort())
      for (const each of problems.filter(({ code }) => code === manyOrgs)) {
        const { detail } = textOf(each)
        assert.ok(detail.includes('a@AdobeOrg') && /(?:b|dev)@AdobeOrg/.test(detail), detail)
        assert.ok(each.at && each.related?.length === 2, 'both places')
      }
    })
  }
})

function toYaml(name: string, { organization, sandboxes = { prod: undefined }, sources = [], destinations = [], allows }: WrittenFolder): string {
  const config = (munchkinId: string): string => `config: { munchkinId: ${munchkinId}, clientId: { fromEnv: SECRET }, clientSecret: { fromEnv: SECRET } }`
  const [first = ''] = Object.keys(sandboxes)
  return [
    [`kind: Project`, `name: ${name}`, `organization: ${organization}`, `plugins: ["@cdpkit/plugin-marketo"]`, `include: []`, `defaults: { sandbox: ${first} }`, ...(allows === undefined ? [] : [`guardrails: { overrides: { ${allows}: { off: true, reason: pairs do not touch } } }`])],
    ...Object.entries(sandboxes).map(([sandbox, own]) => ['kind: Sandbox', `name: ${sandbox}`, ...(own === undefined ? [] : [`organization: ${own}`])]),
    ...sources.map((each, index) => ['kind: Source', `name: marketo-${String(index)}`, 'connector: marketo', config(each), 'streams: [{ name: leads, entity: person, key: id, map: { email: email } }]']),
    ...destinations.map((each, index) => ['kind: Destination', `name: lists-${String(index)}`, 'connector: marketo', config(each)]),
  ].map((lines) => lines.join('\n')).join('\n---\n')
}
