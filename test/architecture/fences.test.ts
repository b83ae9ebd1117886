import assert from 'node:assert/strict'
import { toFiles } from '../../packages/create-plugin/src/index.js'
import { readSourceFiles } from './source-files.js'

const core = readSourceFiles('packages/core/src')
const plugins = readSourceFiles('packages').filter((file) => file.path.startsWith('plugin-') && !file.path.includes('/dist/'))

/** Each third-party package and the only places that may name it. */
const fences: Readonly<Record<string, readonly string[]>> = {
  '@duckdb/node-api': ['stores/duckdb/connection.ts'],
  '@oclif/core': ['commands/'],
  '@opentelemetry/api': ['kernel/trace.ts'],
  ajv: ['kernel/shape.ts'],
  'ajv-formats': ['kernel/shape.ts'],
  cosmiconfig: ['1-project/find.ts'],
  'csv-parse': ['plugins/csv.ts'],
  'fastest-levenshtein': ['kernel/suggest.ts'],
  fastify: ['http/'],
  jsonata: ['expressions/jsonata.ts'],
  'node-cron': ['kernel/cron.ts'],
  pino: ['kernel/json-log.ts'],
  'prom-client': ['daemon/metrics/daemon-metrics.ts'],
  re2js: ['expressions/regex-engine.ts'],
  undici: ['plugins/host.ts'],
  yaml: ['1-project/read.ts', '1-project/format.ts'],
}

describe('fences', () => {
  it('each third-party package is imported where its fence is, and nowhere else', () => {
    const found = core.flatMap((file) => file.imports.filter((each) => !each.isRelative && !each.to.startsWith('node:')).map((each) => ({ file: file.path, name: each.to })))
    const outside = found.filter(({ file, name }) => !(fences[name] ?? []).some((fence) => file === fence || (fence.endsWith('/') && file.startsWith(fence))))
    assert.deepEqual(outside, [])
  })

  it('plugins import the sdk and nothing deeper', () => {
    const deep = plugins.flatMap((file) => file.imports.filter((each) => !each.isRelative && !each.to.startsWith('node:')).map((each) => `${file.path} → ${each.to}`))
    assert.deepEqual(deep.filter((each) => !each.endsWith(' → @cdpkit/core')), [])
    const paths = plugins.flatMap((file) => [...file.text.matchAll(/'(@cdpkit\/core[^']*)'/g)].map((match) => match[1]))
    assert.deepEqual([...new Set(paths)].filter((each) => each !== '@cdpkit/core/sdk' && each !== '@cdpkit/core/testing'), [])
  })

  it('the scaffold needs nothing but Node, and what it makes imports the sdk and nothing deeper', () => {
    const names = (files: readonly string[]): readonly string[] => [...new Set(files.flatMap((text) => [...text.matchAll(/from '([^.'][^']*)'/g)].map((match) => match[1] ?? '')))].filter((each) => !each.startsWith('node:')).sort()
    const own = readSourceFiles('packages').filter((file) => file.path.startsWith('create-plugin/src/')).map((file) => file.text)
    const made = [...toFiles({ name: 'x', kind: 'both' })].filter(([path]) => path.endsWith('.ts')).map(([, text]) => text)
    assert.deepEqual([names(own), names(made)], [[], ['@cdpkit/core/sdk', '@cdpkit/core/testing']])
  })

  it('core never names a plugin', () => {
    assert.deepEqual(core.filter((file) => /from '@cdpkit\/plugin-/.test(file.text)).map((file) => file.path), [])
  })

  it('time, chance and printing are handed in', () => {
    const allowed = ['kernel/clock.ts', 'kernel/log.ts', 'compose.ts', 'commands/']
    const wrong = core.filter((file) => !allowed.some((each) => file.path.startsWith(each)) && /\bDate\.now\b|\bMath\.random\b|\bconsole\.|\bprocess\.env\b|performance\.now/.test(withoutComments(file.text)))
    assert.deepEqual(wrong.map((file) => file.path), [])
  })

  it('a table is written by the stage that owns it', async () => {
    const { controlTables } = await import('../../packages/core/src/stores/tables.js')
    const owners = new Map(controlTables.map((each) => [each.name, each.writtenBy as string]))
    const wrong = core.flatMap((file) => [...withoutComments(file.text).matchAll(/\b(?:insert into|delete from|update)\s+([a-z_]+)\b|\.insert\(\s*'([a-z_]+)'/g)].flatMap((match) => {
      const owner = owners.get(match[1] ?? match[2] ?? '')
      return owner === undefined || file.path.startsWith(owner) || file.path.startsWith('stores/') ? [] : [`${file.path} writes ${match[1] ?? match[2] ?? ''} of ${owner}`]
    }))
    assert.deepEqual(wrong, [])
  })
})

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '')
}
