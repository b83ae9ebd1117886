import assert from 'node:assert/strict'
import { renderDiagnostics } from '../render/diagnostics.js'
import { noColour } from '../render/paint.js'
import { aProject } from '../testing/a-project.js'
import { resolveAdHocSegment } from './ad-hoc-segment.js'

function told(expression: string): string {
  const checked = resolveAdHocSegment(aProject(), { expression, entity: 'person' })
  return renderDiagnostics(checked.ok ? checked.warnings : checked.problems, { folder: '/nowhere', paint: noColour })
}

describe('an expression of the command line', () => {
  it('is shown with the place of a mistake, counted from its first character', () => {
    assert.deepEqual(told('person.country = "DE"\n  and person.titel = "CEO"').split('\n').slice(0, 6), [
      'error[expression/unknown-field]: Unknown field', '  --> --expression:2:14', '    2 |   and person.titel = "CEO"', '      |              ^^^^^', '  "titel" is no field of person, so it would always be missing.', '  Did you mean "title"?',
    ])
  })

  it('is shown with its traps', () => {
    assert.match(told('$not(person.doNotEmail)'), /^warning\[expression\/not-of-missing\][\s\S]*1 \| \$not\(person\.doNotEmail\)\n {6}\| \^{23}\n/)
  })

  it('may be empty, and is told so', () => {
    assert.match(told(''), /^error\[expression\/syntax\]/)
  })
})
