// Somebody asks why: why a segment is in its lane, how it runs, what it costs, and why a person or an account is in it or not.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, temporaryFolder } from './cli.js'
import { runHere } from './run-here.js'

const segment = 'Segment/enterprise-decision-makers'

interface Explained {
  readonly segment: string
  readonly evaluation: { readonly lane: string; readonly because: readonly { readonly part: string; readonly reason: string; readonly at: { readonly file: string; readonly from: unknown } }[] }
  readonly reads: { readonly things: readonly { readonly name: string; readonly fields: readonly string[] }[]; readonly segments: readonly string[]; readonly vars: unknown; readonly notApplied: readonly string[] }
  readonly runs: { readonly ran: string; readonly because: readonly { readonly reason: string }[] }
  readonly sql: { readonly text: string; readonly parameters: readonly unknown[] }
  readonly cost: { readonly known: boolean; readonly evaluated?: number; readonly members?: number }
}

interface ExplainedProfile {
  readonly isMember: boolean
  readonly verdicts: { readonly agree: boolean; readonly store: boolean; readonly closure: unknown; readonly jsonata: unknown }
  readonly clauses: { readonly kind: string; readonly value: { readonly is: string }; readonly parts: readonly { readonly decides: boolean; readonly reached: boolean }[] }
}

describe('cdp explain', () => {
  let folder = ''
  before(() => { folder = temporaryFolder('packages/core/templates/minimal') })
  after(() => { rmSync(folder, { recursive: true }) })
  const cli = (...args: readonly string[]): Promise<Ended> => runHere(args, { folder })

  it('tells lane, reads and statement of a segment before there is any data, and makes no database', async () => {
    const { code, stdout, stderr } = await cli('explain', segment)
    assert.deepEqual([code, stderr], [0, ''])
    assert.match(stdout, /^Segment\/enterprise-decision-makers {2}segments\/enterprise-decision-makers\.yaml:4\n/)
    assert.match(stdout, /batch, 0 2 \* \* \* \(batch is required: reads accounts\)\n {2}--> segments\/enterprise-decision-makers\.yaml:8:15\n.*\n.*\^{8} reads accounts/)
    assert.match(stdout, /person {4}title\n {2}accounts {2}employees +found by any way\n {2}\$vars {5}enterpriseEmployees = 1000/)
    assert.match(stdout, /Runs\n {2}wholly in SQL/)
    assert.match(stdout, /\$1 = 1000/)
    assert.doesNotMatch(stdout, /employees" >= 1000/)
    assert.match(stdout, /no data yet: this sandbox has no database/)
    assert.ok(!existsSync(join(folder, '.cdp')))
  })

  it('says what is missing to explain a person, and to tell the cost', async () => {
    assert.match((await cli('explain', segment, '--profile', 'email:x@y.example')).stderr, /apply\/nothing-applied/)
    await cli('apply', '-y', '-q')
    assert.match((await cli('explain', segment)).stdout, /no data yet: nothing was read/)
    assert.match((await cli('preview', segment)).stdout, /0 of 0 people.*\n {2}Nothing was read yet: cdp run/)
    assert.equal((await cli('run', '-q')).code, 0)
  })

  it('tells what it costs by the data at hand', async () => {
    const { stdout } = await cli('explain', segment, '--quiet')
    assert.match(stdout, /Cost\n {2}5 people looked at, 3 members, wholly in SQL, [\d.]+ (ms|s)\n {2}rows gone through: accounts 5/)
    assert.doesNotMatch(stdout, /select/)
  })

  it('goes through the clauses for one person: who is in, who is not, and which clause decides', async () => {
    const mara = await cli('explain', segment, '--profile', 'email:Mara.Lindt@northwind.example')
    assert.deepEqual([mara.code, mara.stderr], [0, ''])
    assert.equal(mara.stdout.trimEnd(), [
      '✓ mara.lindt@northwind.example is in enterprise-decision-makers', '',
      '✓ all of',
      '├ ✓ $contains(person.title, /^(Chief|VP)/)',
      '│     person.title = "Chief Marketing Officer"',
      '└ ✓ $exists(accounts[employees >= $vars.enterpriseEmployees])',
      '      accounts: 1 row, 1 passes   passing: {"employees":5200}',
      '      $vars.enterpriseEmployees = 1000', '',
      'SQL and jsonata itself say the same.',
    ].join('\n'))
    const jon = JSON.parse((await cli('explain', segment, '-p', 'email:jon.abel@northwind.example', '--json')).stdout) as ExplainedProfile
    assert.deepEqual([jon.isMember, jon.verdicts], [false, { agree: true, store: false, decidedBy: 'sql', ran: 'sql', closure: false, jsonata: false }])
    assert.deepEqual(jon.clauses.parts.map((each) => [each.decides, each.reached]), [[true, true], [false, false]])
  })

  it('works on the files as they are now, not on what was applied', async () => {
    const file = join(folder, 'sandboxes/dev.yaml')
    const written = readFileSync(file, 'utf8')
    writeFileSync(file, written.replace('1000', '6000'))
    assert.match((await cli('explain', segment, '--profile', 'email:mara.lindt@northwind.example')).stdout, /✗ mara[\s\S]*1 row, 0 pass {3}\{"employees":5200\}\n {6}\$vars\.enterpriseEmployees = 6000/)
    writeFileSync(file, written)
    assert.match((await cli('plan')).stdout, /No changes\./)
  })

  it('names fields that are in the files and not applied yet', async () => {
    const schema = join(folder, 'schemas.yaml')
    const project = join(folder, 'cdp.yaml')
    const written = readFileSync(project, 'utf8')
    writeFileSync(schema, 'kind: Schema\nname: person\nextends: b2b/person\nfields: { nps: { type: integer } }\n---\nkind: Segment\nname: promoters\nexpression: person.nps >= 9\n')
    writeFileSync(project, written.replace(/include: \[/, 'include: [schemas.yaml, '))
    const { stdout } = await cli('explain', 'Segment/promoters')
    assert.match(stdout, /! person\.nps is in the files and not applied yet/)
    assert.match(stdout, /5 people looked at, 0 members/)
    rmSync(schema)
    writeFileSync(project, written)
  })

  it('answers clearly to what cannot be explained', async () => {
    const codes = (ended: Ended): readonly unknown[] => [ended.code, /error\[([^\]]+)\]/.exec(ended.stderr)?.[1]]
    assert.deepEqual(codes(await cli('explain', 'Segment/none')), [64, 'cli/unknown-address'])
    assert.deepEqual(codes(await cli('explain', segment, '--profile', 'nobody')), [64, 'cli/not-an-identity'])
    assert.deepEqual(codes(await cli('explain', segment, '--profile', 'email:nobody@x.example')), [1, 'profile/unknown'])
    assert.deepEqual(codes(await cli('explain', segment, '--profile', 'b2b_account:A1@crm.Files')), [64, 'profile/other-entity'])
    assert.deepEqual(codes(await cli('preview', '--expression', 'person.title = = 1')), [3, 'expression/syntax'])
  })

  it('says what a code means, ours and those of JSONata', async () => {
    assert.match((await cli('explain', 'plan/stale')).stdout, /^plan\/stale: The plan is stale\n.*exit code 5\n[\s\S]*state #<planned>/)
    assert.match((await cli('explain', 'T2010')).stdout, /^T2010: .*operator <token> must evaluate/)
    assert.match((await cli('explain', 'record/no-key')).stdout, /quarantine/)
  })

  it('says what a guardrail limits: by its code, its name, or the catalogue\'s name for it', async () => {
    assert.match((await cli('explain', 'guardrail/streaming-audiences')).stdout, /^guardrail\/streaming-audiences: Too many streaming segments\n {2}soft: a limit of performance · 500 segments\n[\s\S]*docs\/reference\/guardrails\/streaming-audiences\.md\n\n {2}catalogue, row 53/)
    assert.match((await cli('explain', 'seg-b2b-batch')).stdout, /^guardrail\/segment-needs-batch: Segment cannot stream\n/)
    assert.match((await cli('explain', 'edge-audiences')).stdout, /row 54[\s\S]*Does not apply here\./)
    assert.match((await cli('explain', 'marketo-hipaa')).stdout, /by @cdpkit\/plugin-marketo, when the project names that plugin/)
    const unknown = await cli('explain', 'guardrail/streaming-audience')
    assert.deepEqual([unknown.code, /error\[(.*)\].*Did you mean (.*)\?/.exec(unknown.stderr)?.slice(1)], [64, ['cli/unknown-guardrail', 'guardrail/streaming-audiences']])
  })

  it('previews tell how they ran, and an example of each error', async () => {
    const { code, stdout } = await cli('preview', '--expression', '$number(person.title) > 5')
    assert.equal(code, 0)
    assert.match(stdout, /0 of 5 people[\s\S]*! D3030 on 5, such as [^:]+: they are not members\n {2}by the closure for every profile · 5 profiles looked at · [\d.]+ (ms|s)/)
    const found = JSON.parse((await cli('preview', segment, '--json')).stdout) as { how: unknown; evaluated: number; failures: unknown; tookMs: number }
    assert.deepEqual([found.how, found.evaluated, found.failures, typeof found.tookMs], [{ ran: 'sql', undecided: 0 }, 5, [], 'number'])
  })
}).timeout(60_000)

describe('cdp explain of examples/crm-pipeline', () => {
  const env = { CDP_CLOCK: '2017-12-31T12:00:00.000Z', WEBHOOK_TOKEN: 'token', WEBHOOK_SECRET: 'whsec_c2VjcmV0' }
  const segments = ['big-pipeline-accounts', 'enterprise-open-deals', 'hot-buying-groups', 'marketing-leaders', 'open-deal-decision-makers', 'pricing-page-visitors', 'quiet-customers']
  let folder = ''
  const cli = (...args: readonly string[]): Promise<Ended> => runHere(args, { folder, env })
  const explain = async (...args: readonly string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await cli('explain', ...args, '--json')
    assert.deepEqual([code, stderr], [0, ''], stdout)
    return JSON.parse(stdout)
  }

  before(async function () {
    this.timeout(120_000)
    folder = temporaryFolder('examples/crm-pipeline')
    assert.equal((await cli('apply', '-y', '-q')).code, 0)
    assert.equal((await cli('run', '--dry-run', '-q')).code, 0)
  })
  after(() => { rmSync(folder, { recursive: true }) })

  for (const name of segments) {
    it(`tells of ${name} what the run found, and why its first member is in`, async () => {
      const found = await explain(`Segment/${name}`) as Explained
      const preview = JSON.parse((await cli('preview', `Segment/${name}`, '--limit', '1', '--json')).stdout) as { members: number; evaluated: number; sample: readonly string[] }
      assert.equal(found.segment, name)
      assert.deepEqual([found.cost.known, found.cost.members, found.cost.evaluated], [true, preview.members, preview.evaluated])
      assert.ok(['sql', 'guarded', 'closure'].includes(found.runs.ran))
      assert.equal(found.runs.because.length > 0, found.runs.ran !== 'sql')
      assert.match(found.sql.text, /select p\._id as id/)
      const [member = ''] = preview.sample
      const identity = name === 'big-pipeline-accounts' ? `b2b_account:${member}@crm.CRM` : `email:${member}`
      const why = await explain(`Segment/${name}`, '--profile', identity) as ExplainedProfile
      assert.deepEqual([why.isMember, why.verdicts.agree, why.clauses.value.is], [true, true, 'true'])
    })
  }

  it('tells event types and how far back they are read', async () => {
    assert.match((await cli('explain', 'Segment/pricing-page-visitors')).stdout, /events {2}eventType, timestamp, web\.page {2}web\.webpagedetails\.pageViews; last 30 days \(since 2017-12-01 12:00 UTC\)/)
    assert.match((await cli('explain', 'Segment/quiet-customers')).stdout, /any type; last 60 days/)
  })

  it('shows the segments that a segment reads, by the files', async () => {
    const { stdout } = await cli('preview', 'Segment/hot-buying-groups', '--limit', '1')
    const member = /^ {2}(\S+@\S+)$/m.exec(stdout)?.[1] ?? ''
    assert.match((await cli('explain', 'Segment/hot-buying-groups', '-p', `email:${member}`)).stdout, /segments\.`enterprise-open-deals` = true[\s\S]*segments\.`pricing-page-visitors` = true/)
  })
}).timeout(60_000)
