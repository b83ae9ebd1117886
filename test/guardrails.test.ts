// Every guardrail that is checked on files has a project that keeps it and one that breaches it, with what people are told. A case is a
// project, or a folder of projects that are checked together. UPDATE_EXPECTED=1 writes what is told now: read it before you keep it.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { compose } from '../packages/core/src/compose.js'
import type { LoadedFolder } from '../packages/core/src/1-project/index.js'
import { renderDiagnostics } from '../packages/core/src/render/diagnostics.js'
import { noColour } from '../packages/core/src/render/paint.js'
import { catalogue } from '../packages/core/src/1-project/guardrails/catalogue.js'
import { allGuardrails } from './docs/all-guardrails.js'
import { guardrailPagesFolder, toGuardrailPages } from './docs/guardrail-pages.js'

const root = resolve('test/guardrails')
const ids = allGuardrails.filter((each) => each.is === 'rule').map((each) => each.facts.id)

interface Told {
  readonly text: string
  readonly codes: readonly string[]
  readonly errors: number
}

describe('guardrails', () => {
  for (const id of ids) {
    it(`${id}: a project that keeps it is not spoken of`, async () => {
      const { text, codes, errors } = await told(join(root, id, 'valid'))
      assert.deepEqual(codes.filter((each) => each === `guardrail/${id}`), [], text)
      assert.equal(errors, 0, text)
    })

    it(`${id}: a breach is told with its place and a next step`, async () => {
      const folder = join(root, id, 'invalid')
      const { text, codes } = await told(folder)
      const file = join(folder, 'expected.txt')
      if (process.env['UPDATE_EXPECTED'] === '1') writeFileSync(file, text)
      assert.deepEqual([...new Set(codes)], [`guardrail/${id}`], text)
      assert.equal(text, readFileSync(file, 'utf8'))
    })
  }

  for (const folder of ['examples', 'packages/core/templates'].flatMap((each) => readdirSync(each).map((name) => join(each, name))).filter((each) => existsSync(join(each, 'cdp.yaml')))) {
    it(`${folder}, which others start from, breaches none`, async () => {
      const loaded = await compose({ env: { HOME: '/home/test' }, folder: resolve(folder), logFrom: 'error' }).loadProjects(['.'], {})
      const codes = loaded.flatMap(({ checked }) => (checked.ok ? checked.warnings : checked.problems)).map((each) => each.code)
      assert.deepEqual(codes.filter((each) => each.startsWith('guardrail/')), [])
    })
  }

  it('every folder of cases belongs to a guardrail', () => {
    assert.deepEqual(readdirSync(root).filter((each) => !allGuardrails.some(({ facts }) => facts.id === each)), [])
  })

  it('the catalogue has the rows from 1 to 123, each with its own name', () => {
    assert.deepEqual(catalogue.map((each) => each.row), Array.from({ length: 123 }, (_, index) => index + 1))
    assert.equal(new Set(catalogue.map((each) => each.slug)).size, 123)
  })

  it('what the catalogue says is checked is checked, by whom it says, and as hard as it says', () => {
    const wanted = catalogue.flatMap(({ row, kind, treatment }) => ('id' in treatment ? [{ row, kind, ...treatment }] : []))
    const found = wanted.map((each) => {
      const known = allGuardrails.find(({ facts }) => facts.id === each.id)
      return { row: known?.facts.rows.includes(each.row) === true ? each.row : undefined, kind: known?.facts.kind, is: known?.is, id: known?.facts.id, ...(known?.plugin === undefined ? {} : { plugin: known.plugin }) }
    })
    assert.deepEqual(found, wanted)
  })

  it('no guardrail says that it is of a row which the catalogue treats otherwise', () => {
    const claimed = allGuardrails.flatMap(({ facts }) => facts.rows.map((row) => `${String(row)} ${facts.id}`))
    assert.deepEqual(claimed.filter((each) => !catalogue.some(({ row, treatment }) => 'id' in treatment && each === `${String(row)} ${treatment.id}`)), [])
  })

  it('the pages are as `npm run docs:guardrails` writes them', () => {
    const pages = toGuardrailPages()
    assert.deepEqual([...pages].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text).map(([path]) => path), [])
    assert.deepEqual(readdirSync(guardrailPagesFolder).map((each) => `${guardrailPagesFolder}/${each}`).filter((each) => !pages.has(each)), [])
  })
})

async function told(folder: string): Promise<Told> {
  const loaded = await load(folder)
  const problems = loaded.flatMap(({ checked }) => (checked.ok ? checked.warnings : checked.problems))
  const text = loaded.map((each) => renderDiagnostics(each.checked.ok ? each.checked.warnings : each.checked.problems, { folder: each.folder, paint: noColour })).join('\n\n')
  return { text: `${text}\n`, codes: problems.map((each) => each.code), errors: problems.filter((each) => each.severity === 'error').length }
}

async function load(folder: string): Promise<readonly LoadedFolder[]> {
  const composition = compose({ env: { HOME: '/home/test', SECRET: 'set' }, folder, logFrom: 'error' })
  if (!existsSync(join(folder, 'cdp.yaml'))) return composition.loadProjects(readdirSync(folder).filter((each) => existsSync(join(folder, each, 'cdp.yaml'))).sort(), {})
  const checked = await composition.loadProject({})
  return [{ folder, checked: checked.ok ? { ...checked, value: [checked.value] } : checked }]
}
