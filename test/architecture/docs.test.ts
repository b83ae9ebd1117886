import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { diagnosticCodes, errorCodes } from '../../packages/core/src/kernel/codes/index.js'
import { blockCodes } from '../../packages/core/src/kernel/codes/block.js'
import { checkCodes } from '../../packages/core/src/kernel/codes/checks.js'
import { recordCodes } from '../../packages/core/src/kernel/codes/record.js'
import { controlTables } from '../../packages/core/src/stores/tables.js'

const stages = readdirSync('packages/core/src').filter((each) => /^\d-/.test(each)).sort()

interface StageRow {
  readonly stage: string
  readonly verb: string
}

function stageTable(file: string): readonly StageRow[] {
  const rows = readFileSync(file, 'utf8').split('\n').filter((line) => /^\| `?\d-/.test(line))
  return rows.map((line) => {
    const cells = line.split('|').map((each) => each.trim().replaceAll('`', ''))
    return { stage: cells[1] ?? '', verb: cells[2] ?? '' }
  })
}

describe('docs', () => {
  for (const file of ['README.md', 'packages/core/src/README.md']) {
    it(`the stage table of ${file} names the stages and their verbs`, () => {
      const table = stageTable(file)
      assert.deepEqual(table.map((each) => each.stage), stages)
      for (const { stage, verb } of table) {
        const index = readFileSync(`packages/core/src/${stage}/index.ts`, 'utf8')
        assert.match(index, new RegExp(`export (async )?function\\*? ${verb}\\b|export \\{[^}]*\\b${verb}\\b`), `${stage} gives ${verb}`)
      }
    })
  }

  it('the two stage tables are the same', () => {
    assert.deepEqual(stageTable('README.md'), stageTable('packages/core/src/README.md'))
  })

  it('every table of the store is in the glossary of tables with the stage that writes it', () => {
    const page = readFileSync('docs/reference/tables.md', 'utf8')
    const missing = controlTables.filter((each) => !page.includes(`| \`${each.name}\` | ${each.writtenBy} |`)).map((each) => each.name)
    assert.deepEqual(missing, [])
  })

  it('every code that people can meet is in the reference', () => {
    const page = readFileSync('docs/reference/codes.md', 'utf8')
    const codes = [...Object.keys(diagnosticCodes), ...Object.keys(errorCodes), ...Object.keys(blockCodes), ...Object.keys(recordCodes)]
    assert.deepEqual(codes.filter((each) => !page.includes(`| \`${each}\` |`)), [])
  })

  it('every check of an expression is in the guide', () => {
    const page = readFileSync('docs/guide/segments.md', 'utf8')
    assert.deepEqual(Object.keys(checkCodes).filter((each) => !page.includes(`| \`${each}\` |`)), [])
  })

  it('decisions are numbered without a gap and dated', () => {
    const files = readdirSync('docs/decisions').filter((each) => each.endsWith('.md')).sort()
    files.forEach((file, index) => {
      assert.ok(file.startsWith(String(index + 1).padStart(4, '0')), file)
      assert.match(readFileSync(`docs/decisions/${file}`, 'utf8'), /^# .+\n\nDate: \d{4}-\d{2}-\d{2}/, file)
    })
  })

  it('links between pages lead somewhere', () => {
    const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync('docs', { recursive: true }).map((each) => `docs/${String(each)}`).filter((each) => each.endsWith('.md'))]
    const broken = pages.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].filter((match) => !existsSync(new URL(match[1] ?? '', `file://${process.cwd()}/${page}`))).map((match) => `${page} → ${match[1] ?? ''}`))
    assert.deepEqual(broken, [])
  })
})
