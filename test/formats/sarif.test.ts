// SARIF against the schema of the standard, and against what GitHub's code scanning asks for beyond it.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type TestSuites, parse } from 'junit2json'
import { compose } from '../../packages/core/src/compose.js'
import { toWorkflowCommands } from '../../packages/core/src/render/github.js'
import { validationToJunit } from '../../packages/core/src/render/junit.js'
import { type Remark, diagnosticsToRemarks, planToRemarks } from '../../packages/core/src/render/remark.js'
import { toSarif } from '../../packages/core/src/render/sarif.js'
import { readWorkflowCommand, sarifProblems } from './consumers.js'
import { aBlock, aChange, aPlan, aWarning } from './plans.js'

interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: Readonly<Record<string, number>> }; readonly logicalLocations?: unknown }[]
  readonly relatedLocations?: readonly unknown[]
  readonly partialFingerprints: Readonly<Record<string, string>>
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly shortDescription: { readonly text: string }; readonly fullDescription: { readonly text: string }; readonly help: { readonly text: string }; readonly helpUri: string; readonly defaultConfiguration: { readonly level: string } }[] } }
  readonly automationDetails: { readonly id: string }
  readonly results: readonly Result[]
}

function sarif(remarks: readonly Remark[], { root = '/nowhere', anchor = 'cdp.yaml' }: { readonly root?: string; readonly anchor?: string } = {}): Run {
  const log = JSON.parse(toSarif(remarks, { category: 'cdp-validate', root, anchor, version: '1.2.3' })) as { readonly runs: readonly [Run] }
  assert.deepEqual(sarifProblems(log), [])
  return log.runs[0]
}

/** Of a project, or of a folder of projects that are checked together. */
async function remarksOf(folder: string, root: string): Promise<readonly Remark[]> {
  const composition = compose({ env: { HOME: '/home/test' }, folder, logFrom: 'error' })
  const inner = readdirSync(folder).filter((each) => existsSync(join(folder, each, 'cdp.yaml')))
  const loaded = inner.length > 0 ? await composition.loadProjects(inner, {}) : [{ folder, checked: await composition.loadProject({}) }]
  return loaded.flatMap(({ checked, folder: own }) => diagnosticsToRemarks(checked.ok ? checked.warnings : checked.problems, { folder: own, root }))
}

/** Whatever was found, the other readers understand it, too. */
async function assertOthersRead(remarks: readonly Remark[]): Promise<void> {
  const sorted = (list: readonly (string | undefined)[]): readonly (string | undefined)[] => [...list].sort()
  assert.deepEqual(sorted(toWorkflowCommands(remarks).map((each) => readWorkflowCommand(each)?.data)), sorted(remarks.map(({ text }) => [`${text.summary}: ${text.detail}`, ...(text.help === '' ? [] : [text.help])].join('\n'))))
  const report = (await parse(validationToJunit({ files: [], remarks, isStrict: true }))) as TestSuites
  assert.equal(report.failures, new Set(remarks.map((each) => `${each.at?.file ?? ''} ${each.code}`)).size)
}

const remark: Remark = {
  code: 'project/unknown-key', severity: 'error', text: { summary: 'Unknown key', detail: '"x" is no key.', help: 'Remove it.' }, related: [],
  at: { file: 'segments/hot leads é.yaml', from: { line: 3, column: 5 }, to: { line: 3, column: 9 } },
}

describe('SARIF', () => {
  let folder = ''
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cdp-sarif-')) })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  for (const kind of ['broken-projects', 'guardrails']) {
    it(`of all ${kind.replace('-', ' ')} keeps the schema, and every result has what code scanning asks for`, async () => {
      const root = resolve('test', kind)
      for (const each of readdirSync(root).map((name) => (kind === 'guardrails' ? join(root, name, 'invalid') : join(root, name)))) {
        const remarks = await remarksOf(each, root)
        assert.ok(remarks.length > 0, each)
        const run = sarif(remarks, { root })
        assert.equal(run.results.length, remarks.length)
        await assertOthersRead(remarks)
        for (const result of run.results) {
          const rule = run.tool.driver.rules[result.ruleIndex]
          assert.ok(rule && rule.id === result.ruleId && rule.shortDescription.text !== '' && rule.fullDescription.text !== '' && rule.help.text !== '' && /^https:/.test(rule.helpUri), each)
          assert.ok(result.message.text !== '' && result.locations.length === 1, each)
          const region = result.locations[0]?.physicalLocation.region ?? {}
          assert.ok(Number(region['endLine']) > Number(region['startLine']) || Number(region['endColumn']) > Number(region['startColumn']), `${each}: a place that nobody sees`)
          assert.match(JSON.stringify(result.partialFingerprints), /^\{"cdpRemark\/v1":"[0-9a-f]{32}:\d+"(,"primaryLocationLineHash":"[0-9a-f]+:\d+")?\}$/)
        }
      }
    })
  }

  it('names the rule, the place and the message', () => {
    mkdirSync(join(folder, 'segments'))
    writeFileSync(join(folder, 'segments/hot leads é.yaml'), 'kind: Segment\nname: hot\n    x: 5\n')
    const run = sarif([{ ...remark, related: [{ text: 'first here', at: { file: 'a.yaml', from: { line: 1, column: 1 }, to: { line: 1, column: 1 } } }] }], { root: folder })
    assert.deepEqual(run.tool.driver.rules, [{
      id: 'project/unknown-key', shortDescription: { text: 'Unknown key' }, fullDescription: { text: '"<key>" is no key of <where>.' }, help: { text: '<suggestion>\ncdp explain project/unknown-key' },
      helpUri: 'https://www.npmjs.com/package/@cdpkit/core', defaultConfiguration: { level: 'error' }, properties: { tags: ['project'], precision: 'very-high', 'problem.severity': 'error' },
    }])
    assert.deepEqual(run.results.map(({ partialFingerprints: _, ...rest }) => rest), [{
      ruleId: 'project/unknown-key', ruleIndex: 0, level: 'error', message: { text: '"x" is no key. Remove it.' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'segments/hot%20leads%20%C3%A9.yaml', uriBaseId: '%SRCROOT%' }, region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 } } }],
      relatedLocations: [{ id: 1, message: { text: 'first here' }, physicalLocation: { artifactLocation: { uri: 'a.yaml', uriBaseId: '%SRCROOT%' }, region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 } } }],
    }])
  })

  it('has fingerprints that bear lines above, blanks, and other numbers in the message', () => {
    const print = (text: string, line: number, detail = '5 of them'): unknown => {
      writeFileSync(join(folder, 'a.yaml'), text)
      return sarif([{ ...remark, text: { ...remark.text, detail }, at: { file: 'a.yaml', from: { line, column: 1 }, to: { line, column: 2 } } }], { root: folder }).results[0]?.partialFingerprints
    }
    const first = print('name: hot\nx: 5\n', 2)
    assert.deepEqual(print('# a comment\n\nname: hot\n  x:  5\n', 4, '6 of them'), { ...(first as object), 'cdpRemark/v1': (print('name: hot\n  x:  5\n', 2) as Record<string, string>)['cdpRemark/v1'] })
    assert.deepEqual(print('# a comment\n\nname: hot\nx: 5\n', 4, '6 of them'), first)
    assert.notDeepEqual(print('name: hot\nx: 6\n', 2), first)
  })

  it('tells equal findings apart', () => {
    assert.deepEqual(sarif([remark, remark]).results.map((each) => each.partialFingerprints['cdpRemark/v1']?.split(':')[1]), ['1', '2'])
  })

  it('holds nothing of a line with a secret, not even its hash', () => {
    writeFileSync(join(folder, 'a.yaml'), 'clientSecret: s3cr3t\n')
    const at = { file: 'a.yaml', from: { line: 1, column: 15 }, to: { line: 1, column: 21 } }
    const [result] = sarif([{ ...remark, code: 'project/secret-literal', at }], { root: folder }).results
    assert.deepEqual(Object.keys(result?.partialFingerprints ?? {}), ['cdpRemark/v1'])
    writeFileSync(join(folder, 'a.yaml'), 'clientSecret: 0ther!\n')
    assert.deepEqual(sarif([{ ...remark, code: 'project/secret-literal', at }], { root: folder }).results[0]?.partialFingerprints, result?.partialFingerprints)
  })

  it('makes no link of what people wrote', () => {
    const [result] = sarif([{ ...remark, text: { summary: '', detail: 'see [this](https://evil.example) in accounts[employees > 5]', help: '' } }]).results
    assert.equal(result?.message.text, 'see \\[this](https://evil.example) in accounts[employees > 5].')
  })

  it('shows what has no place at the project file', () => {
    const { at: _at, ...nowhere } = remark
    assert.equal(sarif([nowhere], { anchor: 'crm/cdp.yaml' }).results[0]?.locations[0]?.physicalLocation.artifactLocation.uri, 'crm/cdp.yaml')
  })

  it('is a run without results when nothing was found', () => {
    const run = sarif([])
    assert.deepEqual([run.results, run.tool.driver.rules, run.automationDetails], [[], [], { id: 'cdp-validate/' }])
  })

  it('of a plan has its blocks as errors, with the resource, and its warnings', () => {
    const at = { file: 'segments/a.yaml', from: { line: 2, column: 1 }, to: { line: 2, column: 5 } }
    const plan = aPlan({ changes: [aChange('Segment/enterprise', { at }), aChange('Source/crm', { action: 'delete' })], blocks: [aBlock(), aBlock({ code: 'apply/protected', address: 'Source/crm', detail: 'it is protected', help: '' })], warnings: [aWarning()] })
    const { results } = sarif(planToRemarks(plan, { folder: '/work/repo/crm', root: '/work/repo' }), { anchor: 'crm/cdp.yaml' })
    assert.deepEqual(results.map((each) => [each.ruleId, each.level, each.locations[0]?.physicalLocation.artifactLocation.uri, each.locations[0]?.logicalLocations]), [
      ['plan/shrinks-too-much', 'error', 'crm/segments/a.yaml', [{ fullyQualifiedName: 'Segment/enterprise', kind: 'resource' }]],
      ['apply/protected', 'error', 'crm/cdp.yaml', [{ fullyQualifiedName: 'Source/crm', kind: 'resource' }]],
      ['guardrail/streaming-audiences', 'warning', 'crm/cdp.yaml', undefined],
    ])
    assert.equal(results[0]?.message.text, 'Segment/enterprise: exit share 16.8 % exceeds safety.maxExitPercent 10. To go on anyway: --allow-shrink enterprise')
  })
})
