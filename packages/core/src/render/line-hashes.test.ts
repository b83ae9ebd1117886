import assert from 'node:assert/strict'
import { lineHashes } from './line-hashes.js'

// The expected values are facts of GitHub's algorithm (github/codeql-action, src/fingerprints.test.ts).
describe('line hashes', () => {
  it('are those of GitHub', () => {
    assert.deepEqual(lineHashes(''), ['c129715d7a2bc9a3:1'])
    assert.deepEqual(lineHashes(' a\nb\n  \t\tc\n d'), ['271789c17abda88f:1', '54703d4cd895b18:1', '180aee12dab6264:1', 'a23a3dc5e078b07b:1'])
  })

  it('are the same with every kind of line break', () => {
    const expected = ['e9496ae3ebfced30:1', 'fb7c023a8b9ccb3f:1', 'ce8ba1a563dcdaca:1', 'e20e36e16fcb0cc8:1', 'b3edc88f2938467e:1', 'c8e28b0b4002a3a0:1', 'c129715d7a2bc9a3:1']
    for (const text of [' hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n', ' hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n', ' hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n']) {
      assert.deepEqual(lineHashes(text), expected)
    }
  })

  it('tell equal lines apart by their number, and change only near an edit', () => {
    const lines = 'Lorem ipsum dolor sit amet.\n'.repeat(10)
    assert.deepEqual(lineHashes(lines), [
      'a7f2ff13bc495cf2:1', 'a7f2ff13bc495cf2:2', 'a7f2ff13bc495cf2:3', 'a7f2ff13bc495cf2:4', 'a7f2ff13bc495cf2:5', 'a7f2ff13bc495cf2:6',
      'a7f2ff1481e87703:1', 'a9cf91f7bbf1862b:1', '55ec222b86bcae53:1', 'cc97dc7b1d7d8f7b:1', 'c129715d7a2bc9a3:1',
    ])
    assert.deepEqual(lineHashes(`kind: Segment\n${'x'.repeat(120)}\nname: hot`).slice(2), lineHashes('name: hot'))
    assert.deepEqual(lineHashes('# a new comment above\nname: hot').slice(1), lineHashes('name: hot'))
  })
})
