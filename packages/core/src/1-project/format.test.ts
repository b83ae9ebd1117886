import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { formatYaml } from './format.js'

describe('formatYaml', () => {
  it('puts keys in their order and keeps comments where they belong', () => {
    assert.equal(
      formatYaml('# about it\nname:   hot\nkind: Segment   # a segment\nactivate: [{destination: hook}]\nexpression: |-\n    person.title\n      = "CEO"\n'),
      '# about it\nkind: Segment # a segment\nname: hot\nexpression: |-\n  person.title\n    = "CEO"\nactivate: [ { destination: hook } ]\n',
    )
  })

  it('leaves the lines of folded text as people broke them', () => {
    assert.equal(formatYaml('name: a\nkind: Segment\nexpression: >-\n    one\n    two\n\n      three\n'), 'kind: Segment\nname: a\nexpression: >-\n  one\n  two\n\n    three\n')
  })

  it('changes nothing more the second time, and never what a document means', () => {
    const files = readdirSync('examples/crm-pipeline', { recursive: true }).map(String).filter((each) => each.endsWith('.yaml'))
    for (const file of files) {
      const text = readFileSync(`examples/crm-pipeline/${file}`, 'utf8')
      const formatted = formatYaml(text)
      assert.equal(formatYaml(formatted), formatted, file)
      const meaning = (of: string): unknown => parseAllDocuments(of).map((each) => each.toJS() as unknown)
      assert.deepEqual(meaning(formatted), meaning(text), file)
    }
  })

  it('gives broken YAML back as it is', () => {
    assert.equal(formatYaml('a: [1\n'), 'a: [1\n')
  })
})
