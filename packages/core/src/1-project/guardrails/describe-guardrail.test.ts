import assert from 'node:assert/strict'
import { checkedElsewhere, guardrails } from './rules/index.js'
import { describeGuardrail, nearestGuardrail } from './describe-guardrail.js'
import { runTimeGuardrails } from './run-time-guardrails.js'

const known = [...guardrails, ...checkedElsewhere, ...runTimeGuardrails]
const found = (written: string): unknown => {
  const description = describeGuardrail(written, known)
  return description && [description.name, description.rows.map((each) => each.row), description.facts?.id]
}

describe('describeGuardrail', () => {
  it('knows a guardrail by its code, its id and the name of the catalogue', () => {
    assert.deepEqual(['guardrail/segment-needs-batch', 'segment-needs-batch', 'seg-b2b-batch'].map(found), Array.from({ length: 3 }, () => ['segment-needs-batch', [5], 'segment-needs-batch']))
  })

  it('knows rows that nothing checks, and those whose plugin is not there', () => {
    assert.deepEqual([found('edge-audiences'), found('guardrail/marketo-hipaa')], [['edge-audiences', [54], undefined], ['marketo-hipaa', [16], undefined]])
  })

  it('knows nothing of others, but what they may have meant', () => {
    assert.deepEqual([found('Segment/hot'), found('plan/stale'), found('')], [undefined, undefined, undefined])
    assert.deepEqual([nearestGuardrail('guardrail/dest-attribute'), nearestGuardrail('guardrail/what')], ['dest-attributes', undefined])
  })
})
