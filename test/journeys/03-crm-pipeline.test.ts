// The example on real data: the demo checks itself against plain SQL; the files it invents are the same each time.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { generate } from '../../examples/crm-pipeline/generate/people.js'
import { runExample } from './cli.js'

describe('examples/crm-pipeline', () => {
  it('invents the same people each time', () => {
    for (const [file, text] of Object.entries(generate())) assert.equal(readFileSync(`examples/crm-pipeline/data/${file}`, 'utf8'), text, file)
  })

  it('delivers what plain SQL over the files expects, nothing twice, and exactly who entered and left', () => {
    assert.equal(runExample('crm-pipeline'), 23)
  }).timeout(180_000)
})
