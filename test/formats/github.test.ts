import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readWorkflowCommand } from './consumers.js'
import { toWorkflowCommands, workflowCommand } from '../../packages/core/src/render/github.js'
import type { Remark } from '../../packages/core/src/render/remark.js'

function aRemark(parts: Partial<Remark> = {}): Remark {
  return { code: 'project/unknown-key', severity: 'error', text: { summary: 'Unknown key', detail: '"x" is no key.', help: 'Remove it.' }, related: [], at: { file: 'segments/hot.yaml', from: { line: 3, column: 5 }, to: { line: 3, column: 9 } }, ...parts }
}

describe('workflow commands', () => {
  it('name the place, the code and the message', () => {
    assert.deepEqual(toWorkflowCommands([aRemark()]).map(readWorkflowCommand), [
      { command: 'error', properties: { file: 'segments/hot.yaml', line: '3', endLine: '3', col: '5', endColumn: '8', title: 'project/unknown-key' }, data: 'Unknown key: "x" is no key.\nRemove it.' },
    ])
  })

  it('name no columns of a place with several lines, and no file without a place', () => {
    const { at: _at, ...nowhere } = aRemark({ severity: 'warning' })
    const lines = aRemark({ at: { file: 'a.yaml', from: { line: 3, column: 5 }, to: { line: 4, column: 2 } } })
    assert.deepEqual(toWorkflowCommands([nowhere, lines]).map((each) => readWorkflowCommand(each)?.properties), [{ file: 'a.yaml', line: '3', endLine: '4', title: 'project/unknown-key' }, { title: 'project/unknown-key' }])
  })

  it('stand with the errors first', () => {
    assert.deepEqual(toWorkflowCommands([aRemark({ severity: 'warning' }), aRemark(), aRemark({ severity: 'warning' })]).map((each) => readWorkflowCommand(each)?.command), ['error', 'warning', 'warning'])
  })

  it('are one line each, and read as they were written, whatever they say', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: fc.constantFrom('%', '\r', '\n', ':', ',', '=', '25', '0A', ' ', 'é', '🦊'), minLength: 1 }))
    fc.assert(fc.property(text, text, (file, message) => {
      const written = workflowCommand('error', { file, line: 1 }, message)
      assert.doesNotMatch(written, /[\r\n]/)
      const read = readWorkflowCommand(written)
      assert.deepEqual([read?.properties['line'], read?.data], ['1', message])
      // The reader takes blanks away around all the properties, and a file of nothing else is none.
      if (file.trim() === file) assert.equal(read?.properties['file'], file)
    }))
  })
})
