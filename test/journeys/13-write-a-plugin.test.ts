// A stranger writes a plugin by docs/guide/write-a-plugin.md: what the page types is typed here, what it shows of files is in them.
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as sdk from '../../packages/core/src/plugins/sdk.js'
import { type Ended, environment, runCli, temporaryFolder } from './cli.js'

const page = readFileSync('docs/guide/write-a-plugin.md', 'utf8')

interface Step {
  readonly command: string
  readonly output: string
}

const steps = [...page.matchAll(/```console\n([\s\S]*?)```/g)].flatMap((match): readonly Step[] => (match[1] ?? '').split(/^\$ /m).slice(1).map((part) => ({ command: part.slice(0, part.indexOf('\n')), output: part.slice(part.indexOf('\n') + 1) })))
const excerpts = [...page.matchAll(/```(?:ts|yaml)\n(?:\/\/|#) (\S+)\n([\s\S]*?)```/g)].map((match) => ({ file: match[1] ?? '', text: match[2] ?? '' }))
const documents = [...page.matchAll(/```yaml\n(kind: [\s\S]*?)```/g)].map((match) => match[1] ?? '')

describe('docs/guide/write-a-plugin.md', () => {
  const start = temporaryFolder()
  const modules = resolve('node_modules')
  const createPlugin = resolve('packages/create-plugin/bin/create-plugin.mjs')
  let folder = start
  let server: ChildProcess | undefined
  const env: Record<string, string> = {}
  after(() => {
    server?.kill()
    rmSync(start, { recursive: true })
  })

  const cli = (...args: readonly string[]): Ended => runCli(args, { folder, env })
  const node = (...args: readonly string[]): string => execFileSync(process.execPath, args, { cwd: folder, env: environment(), encoding: 'utf8' })

  const serve = async (): Promise<void> => {
    server = spawn(process.execPath, ['dist/test/serve.js'], { cwd: folder, env: environment({ PORT: '0' }), stdio: ['ignore', 'pipe', 'inherit'] })
    const [url = ''] = await new Promise<readonly string[]>((done) => server?.stdout?.setEncoding('utf8').once('data', (text: string) => { done(text.split(',')) }))
    const example = join(folder, 'example/cdp.yaml')
    // In processes of their own, connectors do what the page says of those in cdp's.
    const isolated = readFileSync(example, 'utf8').replaceAll('connector: my-thing\n', 'connector: my-thing\nisolation: process\n')
    for (const each of documents) assert.ok(isolated.includes(each))
    writeFileSync(example, isolated.replaceAll('http://127.0.0.1:4010', url))
  }

  /** What a step prints, where the page shows it. Nothing here reaches a network. */
  const take: Readonly<Record<string, (words: readonly string[]) => string | Promise<string | undefined> | undefined>> = {
    'npm create': ([, ...args]) => node(createPlugin, ...args),
    'npm install': () => { symlinkSync(modules, join(folder, 'node_modules')); return undefined },
    'npm test': () => {
      node(join(modules, 'typescript/bin/tsc'))
      assert.match(node(join(modules, 'mocha/bin/mocha.js'), 'dist/test/*.test.js'), /passing/)
      return undefined
    },
    'npm run': async () => { await serve(); return undefined },
    cd: ([to = '']) => { folder = join(folder, to); return undefined },
    export: ([setting = '']) => { const [name = '', value = ''] = setting.split('='); env[name] = value; return undefined },
    'npx cdp': (args) => {
      const { code, stdout, stderr } = cli(...args)
      assert.deepEqual([code, stderr], [0, ''], stdout)
      return stdout
    },
  }

  for (const { command, output } of steps) {
    it(`$ ${command}`, async () => {
      const [first = '', second = '', ...rest] = command.split(' ')
      const own = take[first]
      const told = await (own ? own([second, ...rest]) : take[`${first} ${second}`]?.(rest))
      if (told !== undefined) assert.equal(comparable(told), comparable(output))
    })
  }

  it('shows of files what is in them', () => {
    assert.equal(excerpts.length + documents.length, [...page.matchAll(/^```(?:ts|yaml)$/gm)].length, 'every block names its file')
    for (const { file, text } of excerpts) assert.ok(readFileSync(join(folder, file), 'utf8').includes(text), `${file} has\n${text}`)
  })

  it('names every function of the SDK', () => {
    const functions = Object.entries(sdk).flatMap(([name, each]) => (typeof each === 'function' ? [name] : []))
    const declared = [...readFileSync('packages/core/src/plugins/sdk.ts', 'utf8').matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map((match) => match[1] ?? '')
    assert.deepEqual(functions.filter((each) => !page.includes(`\`${each}(`)), [])
    assert.deepEqual([...new Set(declared)].filter((each) => !new RegExp(`\`[^\`]*\\b${each}\\b[^\`]*\``).test(page)), [])
  })

  it('tells mistakes: a plugin that nobody knows, a page that is out of date', () => {
    const unknown = cli('plugins', 'info', 'my-thin')
    assert.deepEqual([unknown.code, /cli\/unknown-plugin.*"my-thin".*Known: /.test(unknown.stderr)], [64, true], unknown.stderr)
    const outdated = cli('plugins', 'docs', '.', '--out', 'README.md', '--check')
    assert.deepEqual([outdated.code, /plugins\/docs-outdated.*README\.md would change/.test(outdated.stderr)], [1, true], outdated.stderr)
  })
}).timeout(60_000)

function comparable(text: string): string {
  return text.trimEnd().replaceAll(/Done in [^\n]*/g, 'Done in a while.')
}
