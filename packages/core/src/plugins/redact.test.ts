import assert from 'node:assert/strict'
import { Redactor } from './redact.js'
import type { HttpRequest } from './sdk.js'

describe('Redactor', () => {
  const redactor = new Redactor(['tp0-secret-value', 'ab'])

  it('takes secrets out, however they are written, and leaves short ones that would tear holes', () => {
    const { text } = { text: (written: string) => redactor.text(written) }
    assert.deepEqual([text('token tp0-secret-value!'), text(`x ${Buffer.from('tp0-secret-value').toString('base64')}`), text('cab')], ['token [secret]!', 'x [secret]', 'cab'])
  })

  it('takes out the beginning of a secret where an answer was cut', () => {
    assert.equal(redactor.text('you sent: tp0-secr'), 'you sent: [secret]')
  })

  it('knows what an authorization said', async () => {
    const sent: HttpRequest[] = []
    const answer = { status: 400, headers: {}, text: '' }
    const http = redactor.http({ request: (request) => { sent.push(request); return Promise.resolve(answer) }, stream: () => Promise.reject(new Error('not here')) })
    await http.request({ method: 'GET', url: 'http://localhost/', headers: { Authorization: 'Basic dXNlcjpwYXNz' } })
    assert.deepEqual([sent.length, redactor.text('Basic dXNlcjpwYXNz is wrong')], [1, 'Basic [secret] is wrong'])
  })
})
