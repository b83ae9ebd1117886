import assert from 'node:assert/strict'
import { isHarmless } from './harmless-pattern.js'
import { Pattern } from './pattern.js'

describe('harmless patterns', () => {
  it('are those of people: alternatives, optional letters, one repetition', () => {
    const harmless = ['webinar|summit', String.raw`\b(S?VP|Vice President|Manager)\b`, String.raw`@(gmail|yahoo|hotmail)\.`, '^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$', '^/pricing.*', String.raw`^\d{4}-\d{2}$`, '[*+?]', String.raw`a\+b`, '(?:abc)+', '(?<year>[0-9]{4})']
    assert.deepEqual(harmless.filter((each) => !isHarmless(each)), [])
  })

  it('are none that can take long, and none that the linear engine does not know', () => {
    const others = ['(a+)+$', '(a|a)*$', '(a|ab)+c', '(a?){20}a{20}', '(a{1,20}){1,20}', '.*a.*b', 'a?'.repeat(20) + 'a'.repeat(20), String.raw`(a)\1`, '(?=a)b', '(?<!a)b', String.raw`(?<x>a)\k<x>`, '((a?b)c)*']
    assert.deepEqual(others.filter(isHarmless), [])
  })

  it('find the same on a long text, where the other engine runs', () => {
    const pattern = new Pattern(/b+c/gi)
    for (const length of [10, 5000]) {
      const text = `${'a'.repeat(length)}xBBc`
      assert.deepEqual([pattern.test(text), pattern.find(text, 0)?.start, pattern.find(text, length + 2)?.groups, pattern.find(text, length + 3)], [true, length + 1, ['Bc'], undefined])
    }
  })
})
