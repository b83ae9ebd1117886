import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { kinds, readName, toFiles, toPackageName } from './index.js'
import { main } from './main.js'

describe('npm create @cdpkit/plugin', () => {
  it('reads names of packages, and nothing else', () => {
    assert.deepEqual(['my-thing', '@acme/crm2', 'My', 'a_b', '-a', 'a--b', '', '../x', '@/x', 'a/b'].map(readName), [{ name: 'my-thing' }, { name: 'crm2', scope: '@acme' }, ...Array.from({ length: 8 }, () => undefined)])
    assert.deepEqual([toPackageName({ name: 'x', kind: 'both' }), toPackageName({ name: 'x', scope: '@acme', kind: 'both' })], ['cdpkit-plugin-x', '@acme/plugin-x'])
  })

  for (const kind of kinds) {
    it(`makes files that need no others, with nothing left to fill in (${kind})`, () => {
      const files = toFiles({ name: 'my-thing', kind })
      const left = [...files].filter(([, text]) => /\{\{|\/\/\+/.test(text)).map(([path]) => path)
      const missing = [...files].flatMap(([path, text]) => [...text.matchAll(/from '(\..+)\.js'/g)].map((match) => `${posix.join(posix.dirname(path), match[1] ?? '')}.ts`)).filter((each) => !files.has(each))
      assert.deepEqual([left, missing], [[], []])
      assert.deepEqual(['src/source.ts', 'src/destination.ts', 'example/people.csv'].map((each) => files.has(each)), [kind !== 'destination', kind !== 'source', kind === 'destination'])
    })
  }

  it('writes over nothing, and tells wrong usage', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cdp-create-'))
    const told: string[] = []
    const write = process.stderr.write.bind(process.stderr)
    process.stderr.write = (text): boolean => told.push(String(text).split('\n', 1)[0] ?? '') > 0
    try {
      writeFileSync(join(folder, 'mine.txt'), '')
      const codes = [['x', '.'], [], ['Bad Name'], ['x', 'y', 'z'], ['x', '--kind', 'sink'], ['x', '--colour'], ['--help']].map((args) => main(args, folder))
      assert.deepEqual(codes, [1, 64, 64, 64, 64, 64, 0])
    } finally {
      process.stderr.write = write
    }
    assert.deepEqual(told.slice(0, 5), ['. already has mine.txt. Choose another folder: npm create @cdpkit/plugin x <folder>', 'The name of the plugin is missing.', '"Bad Name" is no name for a plugin.', 'One name and one folder, please; what is z?', 'A connector is both, source or destination, not "sink".'])
    assert.deepEqual(readdirSync(folder), ['mine.txt'])
    rmSync(folder, { recursive: true })
  })
})
