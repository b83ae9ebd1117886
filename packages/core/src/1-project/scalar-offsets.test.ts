import assert from 'node:assert/strict'
import { DiagnosticLog } from '../kernel/diagnostic.js'
import { parseDocuments } from './read.js'

/** Where the word stands by the map of offsets, and what the file has there. */
function found(yaml: string, word: string): string {
  const log = new DiagnosticLog()
  const [document] = parseDocuments({ file: 'x.yaml', text: yaml }, log)
  assert.ok(document, JSON.stringify(log.sorted()))
  const value = (document.value as { readonly e: string }).e
  const from = value.indexOf(word)
  assert.ok(from >= 0, `${word} in ${value}`)
  const { from: start, to } = document.spanInText(['e'], { from, to: from + word.length })
  const lines = yaml.split('\n')
  assert.equal(start.line, to.line)
  return `${String(start.line)}:${String(start.column)} ${(lines[start.line - 1] ?? '').slice(start.column - 1, to.column - 1)}`
}

describe('places inside a scalar', () => {
  it('are found in a plain scalar, on one line and on several', () => {
    assert.equal(found('a: 1\ne: one two three\n', 'two'), '2:8 two')
    assert.equal(found('e: one\n   two\n\n   three four\n', 'four'), '4:10 four')
  })

  it('are found in quoted scalars, behind escapes', () => {
    assert.equal(found("e: 'it''s two'\n", 'two'), '1:11 two')
    assert.equal(found('e: "a \\"b\\" \\u00fc \\x41 \\U0001F600 two"\n', 'two'), '1:36 two')
    assert.equal(found('e: "one\n  two\\\n  three"\n', 'three'), '3:3 three')
  })

  it('are found in literal blocks, whatever their indentation and header', () => {
    assert.equal(found('e: |\n  one\n    two\n\n  three\n', 'two'), '3:5 two')
    assert.equal(found('e: |-\n      one\n      three four\n', 'four'), '3:13 four')
    assert.equal(found('e: |2-\n   one\n  two\n', 'two'), '3:3 two')
  })

  it('are found in folded blocks', () => {
    assert.equal(found('e: >-\n  one two\n  three\n  four\n', 'four'), '4:3 four')
    assert.equal(found('e: >\n  one\n\n  two\n     more\n  three\n', 'three'), '6:3 three')
    assert.equal(found('e: >\n  one\n\n  two\n     more\n  three\n', 'more'), '5:6 more')
  })

  it('are found in files with Windows line ends and other scripts', () => {
    assert.equal(found('e: |\r\n  einß\r\n  zwei drei\r\n'.replaceAll('\r', ''), 'drei'), '3:8 drei')
    assert.equal(found('e: "漢字 🤝 two"\n', 'two'), '1:11 two')
  })
})
