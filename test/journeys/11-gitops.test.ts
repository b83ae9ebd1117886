// The GitOps example: its workflow is read by GitHub's parser, its commands exist, and its steps are run as they are written.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { parse } from 'yaml'
import { commands } from '../../packages/core/src/commands/index.js'
import { readWorkflowCommand, sarifProblems } from '../formats/consumers.js'
import { type Ended, cdp, clock, temporaryFolder } from './cli.js'

const example = 'examples/gitops'
const workflowFile = `${example}/.github/workflows/cdp.yml`

interface Step {
  readonly name?: string
  readonly run?: string
}

const workflow = parse(readFileSync(workflowFile, 'utf8')) as { readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>> }
type AtlantisStep = { readonly run: string | { readonly command: string } }
const atlantis = parse(readFileSync(`${example}/atlantis.yaml`, 'utf8')) as {
  readonly projects: readonly { readonly workspace: string; readonly workflow: string }[]
  readonly workflows: Readonly<Record<string, Readonly<Record<'plan' | 'apply', { readonly steps: readonly AtlantisStep[] }>>>>
}

/** Scripts of a job, without those that install what the tests have. */
const scriptsOf = (job: string): readonly string[] => (workflow.jobs[job]?.steps ?? []).flatMap((each) => (each.run === undefined || each.run === 'npm ci' ? [] : [each.run]))
const atlantisScripts = (stage: 'plan' | 'apply'): readonly string[] => (atlantis.workflows['cdp']?.[stage].steps ?? []).map(({ run }) => (typeof run === 'string' ? run : run.command)).filter((each) => each !== 'npm ci')

/** `npx cdp validate --format sarif > x` → its words, up to what belongs to the shell. */
function cdpCalls(scripts: readonly string[]): readonly (readonly string[])[] {
  return scripts.flatMap((script) => [...script.matchAll(/npx cdp ([^\n|&;>]+)/g)].map((match) => (match[1] ?? '').match(/"[^"]*"|\S+/g) ?? []))
}

interface Known {
  readonly flags: Readonly<Record<string, { readonly options?: readonly string[]; readonly type: string }>>
  readonly baseFlags: Known['flags']
}

/** What is wrong with a call, by the command table of oclif. */
function misuse([name = '', ...words]: readonly string[]): readonly string[] {
  const command = commands[name as keyof typeof commands] as unknown as Known | undefined
  if (!command) return [`no command ${name}`]
  const flags: Known['flags'] = { ...command.baseFlags, ...command.flags }
  return words.flatMap((word, index) => {
    if (!word.startsWith('-')) return []
    const flag = flags[word.replace(/^--/, '')]
    const value = words[index + 1] ?? ''
    if (!flag) return [`${name} has no ${word}`]
    if (flag.type === 'option' && (value === '' || value.startsWith('-'))) return [`${name} ${word} needs a value`]
    return flag.options && !flag.options.includes(value) ? [`${name} ${word} does not know ${value}`] : []
  })
}

describe('the GitOps example', function () {
  this.timeout(180_000)
  let home = ''
  let folder = ''

  beforeEach(() => {
    home = temporaryFolder()
    folder = join(home, 'checkout')
    mkdirSync(join(home, 'bin'))
    mkdirSync(join(home, 'state'))
    writeFileSync(join(home, 'bin/npx'), `#!/bin/sh\n[ "$1" = cdp ] || exit 97\nshift\nexec '${process.execPath}' '${cdp}' "$@"\n`)
    chmodSync(join(home, 'bin/npx'), 0o755)
    checkOut()
  })
  afterEach(() => { rmSync(home, { recursive: true }) })

  /** A runner begins with a fresh copy of the repository; the state stays. */
  const checkOut = (): void => {
    rmSync(folder, { recursive: true, force: true })
    const fresh = temporaryFolder(example)
    assert.equal(spawnSync('mv', [fresh, folder]).status, 0)
    mkdirSync(join(folder, '.git'))
  }
  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, file), 'utf8')
    assert.ok(text.includes(from), `${file} has no ${from}`)
    writeFileSync(join(folder, file), text.replace(from, to))
  }
  const shell = (script: string, env: Readonly<Record<string, string>> = {}): Ended => {
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: folder, encoding: 'utf8', input: '',
      env: { PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: home, CDP_CLOCK: clock, NO_COLOR: '1', CDP_STATE: join(home, 'state'), GITHUB_RUN_ID: '7', GITHUB_OUTPUT: join(home, 'output'), GITHUB_STEP_SUMMARY: join(home, 'summary.md'), ...env },
    })
    return { code: status, stdout, stderr }
  }
  /** Every script of a job in its order; all end well. */
  const runJob = (job: string): void => {
    for (const script of scriptsOf(job)) assert.equal(shell(script).code, 0, script)
  }
  const audience = (name: string): number => readFileSync(join(folder, `out/prod/${name}.csv`), 'utf8').trim().split('\n').length - 1

  it('has a workflow without mistakes, by the parser of GitHub', () => {
    const { context } = parseWorkflow({ name: 'cdp.yml', content: readFileSync(workflowFile, 'utf8') }, new NoOperationTraceWriter())
    assert.deepEqual(context.errors.getErrors().map((each) => each.message), [])
  })

  it('calls commands, flags and formats that exist', () => {
    const calls = cdpCalls([...Object.keys(workflow.jobs).flatMap(scriptsOf), ...atlantisScripts('plan'), ...atlantisScripts('apply'), ...readFileSync(`${example}/README.md`, 'utf8').split('\n')])
    assert.ok(calls.length >= 20, String(calls.length))
    assert.deepEqual(calls.flatMap(misuse), [])
    assert.deepEqual([misuse(['plan', '--formatt', 'x']), misuse(['plan', '--format', 'pdf']), misuse(['plann'])], [['plan has no --formatt'], ['plan --format does not know pdf'], ['no command plann']])
  })

  it('checks, plans, applies and runs with the workflow', () => {
    runJob('check')
    assert.deepEqual(sarifProblems(JSON.parse(readFileSync(join(folder, 'validate.sarif'), 'utf8'))), [])
    assert.match(readFileSync(join(folder, 'test-report.xml'), 'utf8'), /tests="8" failures="0"/)
    runJob('plan')
    assert.equal(readFileSync(join(home, 'output'), 'utf8'), 'changes=yes\n')
    assert.match(readFileSync(join(home, 'summary.md'), 'utf8'), /### cdp plan · `brightwater` · sandbox `prod`[\s\S]*\\\+ add \| `Segment\/enterprise-operations`/)
    checkOut()
    runJob('apply')
    assert.deepEqual([audience('enterprise-operations'), audience('open-deal-buyers')], [7, 10])

    // Nothing changed: the next push has nothing to apply.
    checkOut()
    rmSync(join(home, 'output'))
    runJob('plan')
    assert.equal(existsSync(join(home, 'output')), false)

    // A pull request that would take too many away: the step fails, the comment tells why and how many, and names nobody.
    checkOut()
    edit('sandboxes/prod.yaml', 'bigDeal: 50000', 'bigDeal: 250000')
    const [state = '', plan = '', annotate = ''] = scriptsOf('preview')
    assert.deepEqual([shell(state).code, shell(plan).code], [0, 4])
    const comment = readFileSync(join(folder, 'plan.md'), 'utf8')
    assert.match(comment, /\[!CAUTION\][\s\S]*`Segment\/open-deal-buyers` `plan\/shrinks-too-much`[\s\S]*\| `Segment\/open-deal-buyers` \*\*blocked\*\* \| 10 → 5/)
    assert.doesNotMatch(comment, /@[a-z]+\.example/)
    assert.ok(readFileSync('docs/guide/gitops.md', 'utf8').includes(`\`\`\`\`markdown\n${comment.slice(0, comment.indexOf('\n\n<details>'))}\n\`\`\`\``), 'the guide shows this comment')
    const annotated = shell(annotate)
    assert.deepEqual([annotated.code, annotated.stdout.trim().split('\n').map((each) => [readWorkflowCommand(each)?.command, readWorkflowCommand(each)?.properties['file']])], [0, [['error', 'segments/open-deal-buyers.yaml'], ['notice', undefined]]])
  })

  it('fails for a mistake, with annotations, a report for code scanning, and a comment', () => {
    edit('segments/open-deal-buyers.yaml', 'opportunities[isClosed', 'oportunities[isClosed')
    const ends = scriptsOf('check').map((each) => shell(each))
    assert.deepEqual(ends.map((each) => each.code), [0, 3, 3, 3, 3])
    assert.deepEqual(ends[1]?.stdout.trim().split('\n').map((each) => [readWorkflowCommand(each)?.command, readWorkflowCommand(each)?.properties['title']]), [['error', 'expression/unknown-name']])
    assert.match(readFileSync(join(folder, 'validate.sarif'), 'utf8'), /"ruleId": "expression\/unknown-name"/)
    const [state = '', plan = ''] = scriptsOf('preview')
    assert.deepEqual([shell(state).code, shell(plan).code, existsSync(join(folder, 'plan.cdp'))], [0, 3, false])
    assert.match(readFileSync(join(folder, 'plan.md'), 'utf8'), /\*\*No plan:\*\* the files have 1 error\./)
  })

  it('refuses the approved plan when something else was applied meanwhile', () => {
    runJob('plan')
    assert.equal(shell('npx cdp apply --sandbox prod --auto-approve').code, 0)
    const [state = '', apply = ''] = scriptsOf('apply')
    assert.deepEqual([shell(state).code, shell(apply).code], [0, 5])
  })

  it('does the same with Atlantis', () => {
    const env = { WORKSPACE: atlantis.projects[0]?.workspace ?? '', PLANFILE: join(home, 'prod.tfplan') }
    assert.ok(atlantis.projects.every((each) => each.workflow in atlantis.workflows))
    const planned = atlantisScripts('plan').map((each) => shell(each, env))
    assert.deepEqual(planned.map((each) => each.code), planned.map(() => 0))
    assert.match(planned.at(-1)?.stdout ?? '', /^cdp plan · brightwater · sandbox prod[\s\S]*\+ Segment\/open-deal-buyers/)
    checkOut()
    assert.equal(shell('ln -sfn "$CDP_STATE" .cdp').code, 0)
    for (const script of atlantisScripts('apply')) assert.equal(shell(script, env).code, 0, script)
    assert.equal(audience('open-deal-buyers'), 10)
  })
})
