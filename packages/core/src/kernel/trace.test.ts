import assert from 'node:assert/strict'
import { type Span, type SpanOptions, type Tracer, trace } from '@opentelemetry/api'
import { fail } from './error.js'
import { inSpan } from './trace.js'

describe('spans', () => {
  afterEach(() => { trace.disable() })

  it('need no SDK', async () => {
    assert.equal(await inSpan('cdp.run', {}, () => Promise.resolve(7)), 7)
  })

  it('end with the work, and tell how it failed without a word of what it was about', async () => {
    const told: unknown[] = []
    const span = { setStatus: (status: unknown) => { told.push(status) }, end: () => { told.push('end') } } as unknown as Span
    const startActiveSpan = (name: string, { attributes }: SpanOptions, work: (span: Span) => unknown): unknown => {
      told.push([name, attributes])
      return work(span)
    }
    trace.setGlobalTracerProvider({ getTracer: () => ({ startActiveSpan, startSpan: () => span }) as unknown as Tracer })
    await inSpan('cdp.run', { sandbox: 'dev' }, () => Promise.resolve())
    await assert.rejects(inSpan('cdp.deliver', {}, () => Promise.reject(fail('daemon/gone', {}))), { code: 'daemon/gone' })
    assert.deepEqual(told, [['cdp.run', { sandbox: 'dev' }], 'end', ['cdp.deliver', {}], { code: 2, message: 'daemon/gone' }, 'end'])
  })
})
