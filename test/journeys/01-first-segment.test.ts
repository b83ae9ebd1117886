// A stranger reads the README and types what it says. Every command is run, and what it prints is compared with the page.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCli, temporaryFolder } from './cli.js'

interface Step {
  readonly command: string
  readonly output: string
}

function stepsOf(page: string): readonly Step[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/```console\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  return blocks.flatMap((block) => block.split(/^\$ /m).slice(1).map((part) => ({ command: part.slice(0, part.indexOf('\n')), output: part.slice(part.indexOf('\n') + 1).trimEnd() })))
}

const comparable = (text: string): string => text.trimEnd().replaceAll(/Done in [^.]*(\.\d+)? (ms|s|min)[^\n]*/g, 'Done in a while.').replaceAll(/ · [\d.]+ (ms|s)$/gm, ' · a while')

describe('the README', () => {
  const start = temporaryFolder()
  let folder = start
  after(() => { rmSync(start, { recursive: true }) })

  for (const { command, output } of stepsOf('README.md')) {
    it(`$ ${command}`, () => {
      const [program = '', ...words] = command.match(/'[^']*'|\S+/g)?.map((each) => each.replaceAll("'", '')) ?? []
      if (program === 'cd') {
        folder = join(folder, words[0] ?? '')
        assert.ok(existsSync(folder))
      } else if (program === 'npx') {
        const { code, stdout, stderr } = runCli(words.slice(1), { folder })
        assert.deepEqual([code, stderr], [0, ''])
        assert.equal(comparable(stdout), comparable(output))
      } else {
        assert.equal(program, 'sed')
        execFileSync(program, words, { cwd: folder })
      }
    })
  }

  it('ships the change: exactly the one who left is removed', () => {
    assert.equal(runCli(['apply', '--auto-approve', '--quiet'], { folder }).code, 0)
    assert.match(runCli(['run'], { folder }).stdout, /audiences {2}\+ 0 added {2}- 1 removed {2}1 request/)
    assert.deepEqual(readFileSync(join(folder, 'out/enterprise-decision-makers.csv'), 'utf8').split('\n').slice(1, -1), ['tomas.visser@oceanic.example,Tomas,Visser,VP Operations', ',Lena,Smit,VP Sales'])
    assert.match(runCli(['plan'], { folder }).stdout, /No changes\./)
  })

  it('every command that it names exists', () => {
    const named = [...readFileSync('README.md', 'utf8').matchAll(/`cdp ([a-z]+)(?: (get))?/g)].map((match) => [match[1] ?? '', ...(match[2] === undefined ? [] : [match[2]])])
    const help = runCli(['--help'], { folder: start }).stdout
    for (const words of named) assert.match(help, new RegExp(`^ {2}${words[0] ?? ''} `, 'm'), words.join(' '))
  })
})
