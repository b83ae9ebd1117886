import assert from 'node:assert/strict'
import { fixedClock } from './clock.js'
import { jsonLog } from './json-log.js'
import { logWith } from './log.js'

describe('the log as JSON', () => {
  it('has one object per line, with time, level and fields, from a level up', () => {
    const lines: string[] = []
    const log = logWith(jsonLog({ from: 'info', clock: fixedClock('2026-11-25T06:00:00.000Z'), to: { write: (line) => { lines.push(line) } } }), { sandbox: 'dev' })
    log.write('debug', 'unseen')
    log.write('info', 'Two\nlines "quoted" ünïcode', { run: 'r1', missing: undefined })
    log.write('error', 'failed', { token: 'abc', code: 'x/y' })
    assert.deepEqual(lines.map((line) => JSON.parse(line) as unknown), [
      { level: 'info', time: '2026-11-25T06:00:00.000Z', sandbox: 'dev', run: 'r1', message: 'Two\nlines "quoted" ünïcode' },
      { level: 'error', time: '2026-11-25T06:00:00.000Z', sandbox: 'dev', token: '[Redacted]', code: 'x/y', message: 'failed' },
    ])
    assert.ok(lines.every((line) => line.indexOf('\n') === line.length - 1))
  })
})
