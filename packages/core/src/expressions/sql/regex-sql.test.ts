import assert from 'node:assert/strict'
import { toSqlPattern } from './regex-sql.js'

describe('toSqlPattern', () => {
  const pattern = (source: string, flags = ''): unknown => { const found = toSqlPattern(source, flags); return found ? [found.pattern, found.exactFor] : undefined }

  it('spells cases out, so that no letter beyond ASCII is taken for one of them', () => {
    assert.deepEqual([pattern('@(gmail|web)\\.', 'i'), pattern('(?:vp|head) of', 'i'), pattern('[a-z]{2}', 'i')], [
      ['@([gG][mM][aA][iI][lL]|[wW][eE][bB])\\.', 'all text'], ['(?:[vV][pP]|[hH][eE][aA][dD]) [oO][fF]', 'all text'], ['[a-zA-Z]{2}', 'all text'],
    ])
  })

  it('is sure of ASCII text only where a pattern counts characters', () => {
    assert.deepEqual(['a.c', 'a.*c', '[^@]+@', '\\bVP\\b'].map((each) => toSqlPattern(each, '')?.exactFor), ['ascii', 'all text', 'ascii', 'all text'])
  })

  it('gives up where RE2 means something else', () => {
    assert.deepEqual([pattern('^b', 'm'), pattern('[X-c]', 'i'), pattern('ſ', 'i'), pattern('(?=x)')], [undefined, undefined, undefined, undefined])
  })

  it('takes the names from groups', () => {
    assert.deepEqual([pattern('(?<a>A)'), pattern('\\(?<a>')], [['(?:A)', 'all text'], ['\\(?<a>', 'all text']])
  })
})
