import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type RequestOptions, request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServedSandbox } from '../../daemon/serve/served-sandbox.js'
import { type Role, createToken } from '../../daemon/tokens.js'
import { fixedClock } from '../../kernel/clock.js'
import { isCdpError } from '../../kernel/error.js'
import { type Log, silentLog } from '../../kernel/log.js'
import { sqlText } from '../../kernel/sql-text.js'
import { duckdb } from '../../stores/duckdb/dialect.js'
import { connectByHttp } from '../../stores/remote/connect-by-http.js'
import { type RemoteStore, openRemoteStore } from '../../stores/remote/remote-store.js'
import { type StoreService, serveStore } from '../../stores/remote/serve-store.js'
import type { Store } from '../../stores/store.js'
import { anApplied, aProject } from '../../testing/a-project.js'
import { aStore, testNow } from '../../testing/a-store.js'
import { isLoopback } from '../tls.js'
import { type AdminApi, type OpenAdminRequest, openAdmin } from './open-admin.js'

// Made with openssl for localhost, and of no use anywhere else.
const cert = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUZIVbWY/RtjPVoFUNkA96zzV5G8swCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTE5NTk0N1oYDzIxMjYxMTAx
MTk1OTQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS7d6xlKIGEJolS0DSlmfX/8zuwsh8ZoNOKtCjYPJcwelAO/kPLrsFi
XQ1TFmUcFIoH/WRSo89w9agC76RrGW/lo28wbTAdBgNVHQ4EFgQUzZYfQpDZAgxQ
8KieIEnuxG5kXY8wHwYDVR0jBBgwFoAUzZYfQpDZAgxQ8KieIEnuxG5kXY8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgXMoULvB48j8ogoEMWqMHfSnzMoDiQ1/IXdC7WhesdHsCIQDP
6pedrkXfjwdY6Tg3v4MCJmnNO8uq9REPO2WBw/bkQQ==
-----END CERTIFICATE-----`
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgahNTF/kkFfhR7t8x
7QFoODKqier/aOfRci3fXgvNvSKhRANCAAS7d6xlKIGEJolS0DSlmfX/8zuwsh8Z
oNOKtCjYPJcwelAO/kPLrsFiXQ1TFmUcFIoH/WRSo89w9agC76RrGW/l
-----END PRIVATE KEY-----`

describe('admin listener', () => {
  let folder: string
  let store: Store
  let service: StoreService
  let api: AdminApi
  let tokens: Readonly<Record<Role, string>>
  let commits = 0

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cdp-admin-'))
    writeFileSync(join(folder, 'cert.pem'), cert)
    writeFileSync(join(folder, 'key.pem'), key)
    store = await aStore()
    service = await serveStore({ path: join(folder, 'daemon.sock'), store, onCommit: () => { commits++ }, verbs: { echo: (options) => Promise.resolve(options) } })
    api = await open({})
    const value = async (role: Role, byte: number): Promise<string> => (await createToken(store, { name: role, role, secret: Buffer.alloc(32, byte), at: fixedClock(testNow).now() })).value
    tokens = { read: await value('read', 1), write: await value('write', 2), admin: await value('admin', 3) }
  })
  after(async () => {
    await service.close()
    await api.close()
    await store.close()
    rmSync(folder, { recursive: true })
  })

  function open(parts: Partial<OpenAdminRequest>): Promise<AdminApi> {
    const served = { name: 'dév', store, applied: anApplied(aProject({})), accept: (socket: Parameters<StoreService['accept']>[0]) => { service.accept(socket) } } as unknown as ServedSandbox
    return openAdmin({ served: () => [served], clock: fixedClock(testNow), log: silentLog, newId: () => 'id', address: { host: '127.0.0.1', port: 0 }, ...parts })
  }

  const command = (token: string, { url = api.url, sandbox = 'dév' } = {}): Promise<RemoteStore> => openRemoteStore({ url, token, sandbox }, { path: 'elsewhere', dialect: duckdb })
  const refusal = async (store: Promise<RemoteStore>): Promise<string> => store.then(async (each) => { await each.close(); return 'taken' }, (error: unknown) => (isCdpError(error) ? `${error.code} ${String(error.params['reason'])}` : String(error)))

  it('serves commands from elsewhere as the socket does', async () => {
    const remote = await command(tokens.admin)
    await remote.transaction((tx) => tx.run(sqlText`create table thing as select 'Ä' as text`))
    assert.deepEqual([await remote.rows(sqlText`select * from thing`), await remote.ask('echo', { a: 1 }), commits], [[{ text: 'Ä' }], { a: 1 }, 1])
    await remote.close()
  })

  it('closes on whoever does not speak the language, and goes on', async () => {
    for (const garbage of ['{', 'null', '[1]', '"x"', '\u0000\u0001']) {
      const socket = await connectByHttp({ url: api.url, token: tokens.admin, sandbox: 'dév' })
      socket.resume().on('error', () => undefined).write(`${garbage}\n`)
      await once(socket, 'close')
    }
    const remote = await command(tokens.admin)
    assert.equal(await remote.ask('echo', 1), 1)
    await remote.close()
  })

  it('takes commands with the role admin only, for the sandbox that is meant', async () => {
    assert.deepEqual([await refusal(command(tokens.write)), await refusal(command('')), await refusal(command(`${tokens.admin}x`)), await refusal(command(tokens.admin, { sandbox: 'prod' }))], [
      'daemon/refuses the token has not the role admin', 'daemon/refuses the token is missing or unknown', 'daemon/refuses the token is missing or unknown', 'daemon/refuses it serves another sandbox',
    ])
    assert.match(await refusal(command(tokens.admin, { url: 'http://127.0.0.1:1' })), /daemon\/not-reached/)
    assert.match(await refusal(command(tokens.admin, { url: 'ftp://x' })), /daemon\/not-reached it is no http/)
  })

  it('listens beyond this machine with a certificate only, or when somebody says that it may', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.1', 'example.com']) await assert.rejects(open({ address: { host, port: 0 } }), (error) => isCdpError(error, 'serve/not-loopback'))
    await (await open({ address: { host: '0.0.0.0', port: 0 }, withoutTls: true })).close()
    assert.deepEqual(['127.0.0.1', '127.1.2.3', '::1', 'localhost', '::ffff:127.0.0.1'].filter((each) => !isLoopback(each)), [])
  })

  it('speaks TLS with what is in the files, reads them again, and tells what is wrong with them', async () => {
    const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
    const secure = await open({ tls })
    const status = async (options: RequestOptions): Promise<number | undefined> => {
      const sent = request(`${secure.url}/v1/plans`, { headers: { authorization: `Bearer ${tokens.read}` }, agent: false, ...options }).end()
      const [response] = (await once(sent, 'response')) as [{ readonly statusCode: number; resume(): void }]
      response.resume()
      return response.statusCode
    }
    assert.equal(await status({ ca: cert }), 200)
    secure.reloadTls()
    assert.equal(await status({ ca: cert }), 200)
    await assert.rejects(status({}), /self-signed/)
    await secure.close()
    await assert.rejects(open({ tls: { ...tls, key: join(folder, 'cert.pem') } }), (error) => isCdpError(error, 'serve/tls-unusable'))
    await assert.rejects(open({ tls: { ...tls, cert: join(folder, 'missing.pem') } }), /missing\.pem/)
  })

  it('writes no token to the log: neither of a request that fails, nor a wrong one, nor what is no HTTP or no TLS', async () => {
    const lines: string[] = []
    const log: Log = { write: (...line) => { lines.push(JSON.stringify(line)) } }
    const broken = { name: 'dév', store, applied: null, accept: () => { throw new Error('no more') } } as unknown as ServedSandbox
    const plain = await open({ served: () => [broken], log })
    const secure = await open({ log, tls: { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') } })
    const { admin } = tokens
    const wrong = `${admin.slice(0, -4)}WXYZ`
    const send = async (url: string, text: string): Promise<string> => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      let answer = ''
      socket.setEncoding('latin1').on('data', (part: string) => { answer += part }).on('error', () => undefined)
      socket.write(`GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${text}\r\n\r\n`)
      await once(socket, 'close')
      return answer.slice(0, 'HTTP/1.1 200'.length)
    }
    assert.deepEqual([
      await send(plain.url, `Authorization: Bearer ${admin}`), await send(plain.url, `Authorization: Bearer ${wrong}`), await send(plain.url, `Authorization: Basic ${btoa(`:${admin}`)}`),
      await send(plain.url, `Authorization: Bearer ${admin}\u0000`), await send(plain.url, `Authorization: Bearer ${admin}\r\nX-Long: ${'x'.repeat(20_000)}`),
    ], ['HTTP/1.1 500', 'HTTP/1.1 401', 'HTTP/1.1 401', 'HTTP/1.1 400', 'HTTP/1.1 431'])
    assert.doesNotMatch(await send(secure.url, `Authorization: Bearer ${admin}`), /^HTTP/)
    await assert.rejects(command(admin, { url: secure.url }), /self-signed/)
    await assert.rejects(command(wrong, { url: plain.url }))
    await plain.close()
    await secure.close()
    const secrets = [admin, wrong, btoa(`:${admin}`)].map((each) => each.slice(-20))
    assert.ok(lines.length > 0)
    assert.deepEqual(lines.filter((line) => secrets.some((each) => line.includes(each))), [])
  })
})
