// The commands in every format: what it prints is read by its reader, and the exit code is the same in all of them.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type TestSuites, parse } from 'junit2json'
import { planFormats, validateFormats } from '../../packages/core/src/render/report.js'
import { type Ended, runCli, temporaryFolder } from '../journeys/cli.js'
import { outputProblems, readWorkflowCommand, sarifProblems, toHtml } from './consumers.js'
import { runHere } from '../journeys/run-here.js'

const diagnosticsProblems = outputProblems('diagnostics')
const planProblems = outputProblems('plan')
const errorProblems = outputProblems('error')

/** What the reader of a format finds wrong with an output. */
async function misreads(format: string, output: string): Promise<readonly string[]> {
  switch (format) {
    case 'sarif':
      return sarifProblems(JSON.parse(output))
    case 'junit': {
      const report = (await parse(output)) as TestSuites
      const cases = (report.testsuite ?? []).flatMap((each) => each.testcase ?? [])
      return report.tests === cases.length ? [] : [`${String(report.tests)} tests, ${String(cases.length)} cases`]
    }
    case 'github':
      return output.split('\n').filter((each) => each !== '' && readWorkflowCommand(each) === undefined)
    case 'markdown':
      return toHtml(output).startsWith('<h3>cdp plan') ? [] : [output]
    case 'json': {
      const document = JSON.parse(output) as object
      return 'error' in document ? errorProblems(document) : 'changes' in document ? planProblems(document) : diagnosticsProblems(document)
    }
    default:
      return []
  }
}

describe('every format', function () {
  this.timeout(60_000)
  let folder = ''
  // A repository with the project in a folder of it: paths of reports start at the repository.
  beforeEach(() => {
    folder = join(temporaryFolder(), 'repo')
    mkdirSync(join(folder, '.git'), { recursive: true })
    folder = join(folder, 'crm data')
    cpSync(resolve('packages/core/templates/minimal'), folder, { recursive: true })
  })
  afterEach(() => { rmSync(join(folder, '../..'), { recursive: true }) })

  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, file), 'utf8')
    assert.ok(text.includes(from), `${file} has no ${from}`)
    writeFileSync(join(folder, file), text.replace(from, to))
  }
  const cli = (...args: readonly string[]): Promise<Ended> => runHere(args, { folder })
  const all = async (command: readonly string[], formats: readonly string[], exit: number): Promise<Readonly<Record<string, Ended>>> => {
    const ended: Record<string, Ended> = {}
    for (const format of formats) {
      const one = await cli(...command, '--format', format)
      ended[format] = one
      assert.deepEqual([format, one.code, await misreads(format, one.stdout)], [format, exit, []], one.stderr)
      assert.doesNotMatch(one.stdout, /\/tmp|\/home|node_modules/)
    }
    return ended
  }

  it('of validate: a good project, one with warnings, one with mistakes', async () => {
    const good = await all(['validate'], validateFormats, 0)
    assert.deepEqual([good['github']?.stdout.trim(), good['json']?.stdout], ['', (await cli('validate', '--json')).stdout])
    edit('cdp.yaml', '"{sources', '"none/*.yaml", "{sources')
    await all(['validate'], validateFormats, 0)
    await all(['validate', '--strict'], validateFormats, 3)
    edit('segments/enterprise-decision-makers.yaml', 'expression: |-', 'expresion: |-')
    const broken = await all(['validate', '--all-sandboxes'], validateFormats, 3)
    assert.deepEqual(broken['github']?.stdout.trim().split('\n').map((each) => [readWorkflowCommand(each)?.properties['file'], readWorkflowCommand(each)?.properties['line']]), [['crm data/segments/enterprise-decision-makers.yaml', '3'], ['crm data/segments/enterprise-decision-makers.yaml', '6'], ['crm data/cdp.yaml', '7']])
    assert.match(broken['sarif']?.stdout ?? '', /"uri": "crm%20data\/segments\/enterprise-decision-makers\.yaml",\s+"uriBaseId": "%SRCROOT%"/)
    for (const format of ['sarif', 'github', 'junit']) assert.match(broken[format]?.stderr ?? '', /error\[project\/unknown-key\][\s\S]*expresion: \|-/, 'people see the frames, too')
  })

  it('of validate: the same report whatever folder it is started in', async () => {
    edit('segments/enterprise-decision-makers.yaml', 'expression: |-', 'expresion: |-')
    for (const format of ['sarif', 'github', 'junit']) {
      const expected = await cli('validate', '--format', format)
      assert.deepEqual(await runHere(['validate', '--format', format], { folder: join(folder, 'segments') }), expected)
      assert.deepEqual(await runHere(['validate', '--format', format, '--config', 'crm data/cdp.yaml'], { folder: join(folder, '..') }), expected)
    }
  })

  it('of validate: several projects at once', async () => {
    cpSync(folder, join(folder, '../other'), { recursive: true })
    edit('../other/segments/enterprise-decision-makers.yaml', 'expression: |-', 'expresion: |-')
    const { json, junit } = await all(['validate', '.', '../other'], validateFormats, 3)
    const found = JSON.parse(json?.stdout ?? '') as { readonly diagnostics: readonly { readonly folder: string; readonly file: string }[]; readonly projects: readonly { readonly folder: string }[] }
    assert.deepEqual([found.diagnostics.map((each) => `${each.folder} ${each.file}`), found.projects.map((each) => each.folder)], [['. ../other/segments/enterprise-decision-makers.yaml', '. ../other/segments/enterprise-decision-makers.yaml'], ['.']])
    assert.match(junit?.stdout ?? '', /testsuite name="crm data\/cdp\.yaml"[\s\S]*testsuite name="other\/segments\/enterprise-decision-makers\.yaml" tests="2" failures="2"/)
  })

  it('of plan: something new, changes, nothing, a block; with --detailed-exitcode, too', async () => {
    assert.equal((await cli('plan')).code, 0)
    await all(['plan', '--detailed-exitcode'], planFormats, 2)
    await cli('apply', '-y')
    await cli('run')
    await all(['plan', '--detailed-exitcode'], planFormats, 0)
    edit('sandboxes/dev.yaml', '1000', '6000')
    edit('cdp.yaml', 'minMembers: 100', 'minMembers: 1')
    const blocked = await all(['plan', '--detailed-exitcode'], planFormats, 4)
    assert.match(blocked['markdown']?.stdout ?? '', /\[!CAUTION\][\s\S]*`plan\/shrinks-too-much`[\s\S]*\| 3 → 2 \(-33\.3 %\) \| 0 \| 1 \|/)
    assert.match(blocked['junit']?.stdout ?? '', /<testsuite name="my-project · dev" tests="2" failures="1"/)
    assert.deepEqual(blocked['github']?.stdout.trim().split('\n').map((each) => readWorkflowCommand(each)?.properties), [
      { file: 'crm data/segments/enterprise-decision-makers.yaml', line: '4', endLine: '4', col: '7', endColumn: '32', title: 'plan/shrinks-too-much' },
      { title: 'cdp plan' },
    ])
  })

  it('of plan: renamed, removed, with warnings, with changed guardrails', async () => {
    await cli('apply', '-y')
    await cli('run')
    edit('segments/enterprise-decision-makers.yaml', 'name: enterprise-decision-makers', 'name: deciders\nrenamedFrom: [enterprise-decision-makers]')
    edit('cdp.yaml', '"{sources', '"none/*.yaml", "{sources')
    writeFileSync(join(folder, 'cdp.yaml'), `${readFileSync(join(folder, 'cdp.yaml'), 'utf8')}guardrails: { overrides: { streaming-audiences: { limit: 600, reason: "sized | for <it>" } } }\n`)
    const { json, markdown, sarif } = await all(['plan', '--out', 'plan.cdp'], planFormats, 0)
    const { warnings } = JSON.parse(json?.stdout ?? '') as { readonly warnings: readonly { readonly code: string; readonly file: string; readonly line: number }[] }
    assert.deepEqual(warnings.map((each) => [each.code, each.file, each.line]), [['project/include-matches-nothing', 'cdp.yaml', 7]])
    assert.match(markdown?.stdout ?? '', /\*\*1 warning\*\*[\s\S]*`project\/include-matches-nothing` `cdp\.yaml:7`[\s\S]*streaming-audiences {2}limit 600 · sized \| for <it>/)
    assert.match(sarif?.stdout ?? '', /"level": "warning"/)
    await cli('apply', '-y')
    await cli('run')
    rmSync(join(folder, 'segments/enterprise-decision-makers.yaml'))
    await all(['plan'], ['json', 'markdown'], 0)
  })

  it('of show: what plan printed, of the file that it saved, even without the project', async () => {
    await cli('apply', '-y')
    await cli('run')
    edit('sandboxes/dev.yaml', '1000', '6000')
    edit('cdp.yaml', '"{sources', '"none/*.yaml", "{sources')
    const planned = await all(['plan', '--out', 'plan.cdp'], planFormats, 0)
    const shown = await all(['show', 'plan.cdp'], planFormats, 0)
    const comparable = (ended: Ended | undefined): string => (ended?.stdout ?? '').replace(/Saved to plan\.cdp\..*\n/, '').replace(/"createdAt": ".*"/, '')
    for (const format of planFormats) assert.equal(comparable(shown[format]), comparable(planned[format]), format)
    rmSync(join(folder, 'cdp.yaml'))
    await all(['show', 'plan.cdp'], planFormats, 0)
  })

  it('of plan: files with mistakes are reported where a report was asked for', async () => {
    edit('segments/enterprise-decision-makers.yaml', 'expression: |-', 'expresion: |-')
    const broken = await all(['plan', '--out', 'plan.cdp'], planFormats, 3)
    assert.match(broken['markdown']?.stdout ?? '', /\*\*No plan:\*\* the files have 2 errors\.[\s\S]*`project\/unknown-key`/)
    assert.match(broken['junit']?.stdout ?? '', /<testsuites name="cdp plan" tests="2" failures="0" errors="2"/)
    assert.equal(broken['human']?.stdout, '')
  })

  it('of what fails otherwise: JSON has the error, the others have nothing but the message for people', async () => {
    for (const format of planFormats.filter((each) => each !== 'json')) {
      const { code, stdout, stderr } = await cli('show', 'none.cdp', '--format', format)
      assert.deepEqual([code, stdout, /plan\/not-a-plan-file/.test(stderr)], [1, '', true])
    }
    assert.deepEqual(await misreads('json', (await cli('show', 'none.cdp', '--json')).stdout), [])
    assert.deepEqual(await misreads('json', (await cli('plan', '--no-such-flag', '--json')).stdout), [])
  })

  it('cannot be asked for together with --json, nor of a resource where it shows plans', async () => {
    for (const each of ['validate', 'plan']) assert.equal((await cli(each, '--json', '--format', 'github')).code, 64)
    assert.equal((await cli('show', 'Segment/enterprise-decision-makers', '--format', 'json')).stdout, (await cli('show', 'Segment/enterprise-decision-makers', '--json')).stdout)
    const { code, stderr } = await cli('show', 'Segment/enterprise-decision-makers', '--format', 'sarif')
    assert.deepEqual([code, /cli\/format-of-plans/.test(stderr)], [64, true])
    assert.equal((await cli('plan', '--refresh-only', '--format', 'sarif')).code, 64)
  })

  it('of plan --refresh-only: for people, as JSON and as a comment', async () => {
    await cli('apply', '-y')
    const [people, json, comment] = [await cli('plan', '--refresh-only'), await cli('plan', '--refresh-only', '--json'), await cli('plan', '--refresh-only', '--format', 'markdown')]
    assert.deepEqual([people.code, json.code, comment.code, JSON.parse(json.stdout)], [0, 0, 0, { formatVersion: 1, project: 'my-project', sandbox: 'dev', drift: [] }])
    assert.match(people.stdout, /^Drift\n {2}no destination/)
    assert.match(comment.stdout, /^### cdp plan --refresh-only · `my-project` · sandbox `dev`\n\nno destination/)
  })

  it('has the same exit code outside of the tests', () => {
    assert.equal(runCli(['plan', '--detailed-exitcode', '--format', 'sarif'], { folder }).code, 2)
    edit('segments/enterprise-decision-makers.yaml', 'expression: |-', 'expresion: |-')
    const { code, stdout, stderr } = runCli(['validate', '--format', 'github'], { folder })
    assert.deepEqual([code, stdout.trim().split('\n').map((each) => readWorkflowCommand(each)?.command), /expresion: \|-/.test(stderr)], [3, ['error', 'error'], true])
  })

  it('of apply: the plan, with the state that it made', async () => {
    for (const serial of [1, 1]) {
      const applied = JSON.parse((await cli('apply', '-y', '--json')).stdout) as { readonly serial: number }
      assert.deepEqual([applied.serial, planProblems(applied)], [serial, []])
    }
  })
})
