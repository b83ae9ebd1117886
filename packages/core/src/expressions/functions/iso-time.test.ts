import assert from 'node:assert/strict'
import { callBorrowed } from './borrowed.js'
import { formatMillis } from './from-millis.js'
import { findMillis } from './iso-time.js'
import { millisOf } from './to-millis.js'

const texts = ['2025-06-30T12:00:00.000Z', '2024-02-29', '2023-02-29', '2024-02-30', '1999-12-31T23:59:59.999Z', '0001-01-01', '0000-01-01', '9999-12-31', '2024-13-01', '2024-00-10', '2024-01-00', '2024-04-31', '2024-01-01T24:00:00.000Z', '2024-01-01T23:60:00.000Z', '2024-01-01T00:00:00.00xZ', '1900-03-01', '2000-03-01', '2100-02-28', '1969-07-20T20:17:40.123Z']

describe('times', () => {
  it('are read as Date.parse reads them, in the usual form without it', () => {
    for (const text of texts) assert.equal(outcome(() => millisOf(text)), outcome(() => callBorrowed('toMillis', [text])), text)
    assert.ok(findMillis('2024-02-28T01:02:03.004Z') > 0)
    assert.ok(Number.isNaN(findMillis('2024-02-30')))
  })

  it('are written as the package writes them, with plain pictures without it', () => {
    const pictures = [undefined, '[Y0001]-[M01]-[D01]', '[F0]', '[H01]:[m01]:[s01]', '[Y0001][M01]', 'week [W]', '[MNn]', 'no picture', '[[x]]', '[D', '']
    for (const picture of pictures) for (const millis of [0, 1751284800000, -1, 951782400000, 1.5, 4e13, -6.3e13, NaN]) assert.equal(outcome(() => formatMillis(millis, picture)), outcome(() => callBorrowed('fromMillis', [millis, picture])), `${String(picture)} of ${String(millis)}`)
  })
})

function outcome(work: () => unknown): string {
  try {
    return String(work())
  } catch (error) {
    return `fails: ${(error as { readonly code?: string }).code ?? 'without a code'}`
  }
}
